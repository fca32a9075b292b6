"""The errors that stand for a mistake in what the caller gave."""


class InputError(ValueError):
    """Bad input: an unknown name, an impossible value, a missing or damaged file.

    The message is one sentence that says what was wrong, what was expected and what was
    received. The command line prints it without a traceback and exits with status 2.
    """


class DivergedError(InputError):
    """A training or a chain whose numbers became NaN or infinite: its settings cannot be used."""
