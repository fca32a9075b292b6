"""The command line: `python -m replication VERB`, one module a verb."""

from replication.cli.command_line import main, parser

__all__ = ["main", "parser"]
