"""Tries to lose records, and to find input that is not answered by one sentence."""
