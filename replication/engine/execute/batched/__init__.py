"""Many runs at once: a population of settings of one architecture in one compiled JAX program.

The members are computed through the very Keras classes of `replication.models`: their own losses,
metrics and optimisers, of which a population has one copy of each variable a member. What differs
between members (seed, strength, rate) is data of the program; what cannot (model, sizes, epochs)
splits a list of runs into populations.
"""
