"""The data sets themselves: sample pictures, intrinsic dimension."""
