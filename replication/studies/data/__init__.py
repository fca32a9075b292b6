"""The data sets themselves: sample pictures, intrinsic dimension."""

BUILDS_ON = ()  # other studies that this one may import
