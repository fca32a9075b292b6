"""Table 1 by version 2 of the protocol: random search, more seeds, few labels."""

BUILDS_ON = ("table1", "table2")  # other studies that this one may import
