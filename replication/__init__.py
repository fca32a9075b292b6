"""Contractive auto-encoders, replicated: data, models, measures, experiments and verdicts."""

__version__ = "0.1.0"
