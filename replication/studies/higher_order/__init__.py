"""Does a penalty of higher order help: the CAE+H beside the CAE."""

BUILDS_ON = ("table1", "table1_v2")  # other studies that this one may import
