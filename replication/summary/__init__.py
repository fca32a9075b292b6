"""What came out: all verdicts, the score board, the results in the README."""
