"""Runs, their settings and their records."""
