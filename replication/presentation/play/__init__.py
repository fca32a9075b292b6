"""Figures that a reader can change: what they are made of."""
