"""The strength of a regulariser in words."""

from replication.experiments.settings import Settings


def strength(settings: Settings) -> str:
    """Describe the strength of a model's regulariser, "contraction 0.1"; empty where it has none.

    Args:
        settings: The settings of a run.
    """
    return ", ".join(f"{n.replace('_', ' ')} {v:g}" for n, v in settings.regularizer.items())
