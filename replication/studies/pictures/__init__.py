"""What contraction looks like: in a plane, as filters, on noisy digits."""

BUILDS_ON = ("table1",)  # other studies that this one may import
