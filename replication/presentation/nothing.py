"""What stands where there is nothing to show."""

from IPython.display import Markdown


def nothing(what: str = "records") -> Markdown:
    """Say in one sentence that something does not exist yet.

    Args:
        what: What is missing, in the plural.
    """
    return Markdown(f"*No {what} yet.*")
