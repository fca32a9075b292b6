"""Measures of an encoder: Jacobian norms and spectrum, contraction curve, saturation."""
