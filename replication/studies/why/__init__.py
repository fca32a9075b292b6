"""Why our numbers differ from the paper's: what records of other studies say when put together."""

BUILDS_ON = ("matched", "table1", "table1_v2")  # other studies that this one may import
