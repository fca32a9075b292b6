"""Table 1 on Fashion-MNIST, with the settings of MNIST."""

BUILDS_ON = ("table1",)  # other studies that this one may import
