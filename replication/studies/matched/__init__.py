"""The matched arm: encoders like the paper's by what it prints of them, found without labels."""

BUILDS_ON = ("table1_v2",)  # other studies that this one may import
