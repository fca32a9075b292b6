"""Tangent propagation with few labels: what the directions that a CAE keeps are good for."""

BUILDS_ON = ("pictures", "table1")  # other studies that this one may import
