"""Pictures drawn from a contractive auto-encoder, beside those of a Boltzmann machine."""

BUILDS_ON = ("pictures", "table1")  # other studies that this one may import
