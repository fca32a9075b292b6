"""Table 1 with one choice changed."""
