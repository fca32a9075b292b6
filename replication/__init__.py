"""Contractive auto-encoders, replicated: data, models, measures, experiments and verdicts."""

import os

__version__ = "0.1.0"

# TensorFlow reads this when it is imported, so it has to be set before it is. It keeps reports on
# the build off standard error.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
