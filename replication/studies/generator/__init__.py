"""The benchmark sets with other choices of their recipes."""

BUILDS_ON = ("table2", "data")  # other studies that this one may import
