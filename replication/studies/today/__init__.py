"""Whether contractive pre-training is worth it with what is used today."""

BUILDS_ON = ()  # other studies that this one may import
