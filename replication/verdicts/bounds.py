"""The bounds of the claims' rules, fixed before the runs that they judge."""

STRONG = 0.7  # rank correlation from which claim 3's "strongly" counts
FLAT = 0.02  # a curve that rises by less than this share does not rise (the figure's own precision)
MUCH = 1.5  # ratio of contraction ratios from which claim 15's "much weaker" counts
ABOUT = 1.25  # factor within which "about" holds: of a radius (claim 14), of a cost (claim 8)
LARGE = 0.5  # singular values above this are "large" (claims 7, 16 and 20)
SMALL = 0.1  # singular values above this are not yet negligible (claim 16)
TELLS = 2.0  # factor within which a count of large singular values tells a dimension (claim 17)
SPREAD = 0.25  # share of large singular values from which a spectrum is not concentrated (claim 16)
SAME = 1e-3  # relative difference of two trained kernels that rounding may make (claim 6)
ORDER_MARGIN = 0.25  # of the order, 4, of what lies beyond the second-order term (claim 9)
PROBABLE = 0.95  # probability from which a count of sets is certain (claims 11 and 21)
# Data set -> points by which two errors may differ and still be the same for practical purposes.
EQUAL = {"mnist": 0.15, "cifar-bw": 1.0}
