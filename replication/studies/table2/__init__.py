"""Table 2 and Figure 3: stacks and an SVM on the benchmark sets."""

BUILDS_ON = ("table1",)  # other studies that this one may import
