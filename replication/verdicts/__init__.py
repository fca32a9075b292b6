"""Judging the paper's claims from records, by rules fixed before the final runs."""
