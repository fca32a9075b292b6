"""Table 2 and Figure 3: stacks and an SVM on the benchmark sets."""
