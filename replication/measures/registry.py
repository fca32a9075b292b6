"""The measures that a record of a net holds: what the modules of this room register."""

import functools
import importlib
import pkgutil

import replication.measures
from replication.measures.measure import Measure


@functools.cache
def measures() -> tuple[Measure, ...]:
    """Return all measures, in the order of their modules' names."""
    found: list[Measure] = []
    for module in pkgutil.iter_modules(replication.measures.__path__):
        loaded = importlib.import_module(f"replication.measures.{module.name}")
        found += getattr(loaded, "MEASURES", ())
    return tuple(found)
