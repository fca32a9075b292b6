"""The benchmark sets with other choices of their recipes."""
