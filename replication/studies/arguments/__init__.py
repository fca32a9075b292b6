"""What the paper argues in section 4, measured on small nets."""

BUILDS_ON = ("table1", "speed")  # other studies that this one may import
