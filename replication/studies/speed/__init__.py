"""How fast training, penalty and spectrum are."""

BUILDS_ON = ()  # other studies that this one may import
