"""Table 1 and Figures 1 and 2: one hidden layer on MNIST and CIFAR-bw."""

BUILDS_ON = ()  # other studies that this one may import
