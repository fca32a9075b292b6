"""Table 1 on Fashion-MNIST, with the settings of MNIST."""
