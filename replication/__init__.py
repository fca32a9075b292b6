"""Contractive auto-encoders, replicated: data, models, measures, experiments and verdicts."""

import os

__version__ = "0.1.0"

# TensorFlow reads these when it is imported, so they have to be set before it is. The first keeps
# its build options off standard error. The second makes it add in one order on every machine, and
# spares another message; what is compiled by XLA, as our training is, does not use it.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
