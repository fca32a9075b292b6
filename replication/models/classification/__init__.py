"""Classifiers with a penalty of their own, and what the plain one is watched by."""
