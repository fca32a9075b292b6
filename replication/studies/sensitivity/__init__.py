"""Table 1 with one choice changed."""

BUILDS_ON = ("table1",)  # other studies that this one may import
