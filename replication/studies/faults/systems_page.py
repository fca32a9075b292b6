"""Which public implementations are right, which are wrong, and how many of each there are."""

import re

import pandas as pd
from IPython.display import HTML, Markdown

from replication.presentation.tables import explained, wide
from replication.studies.faults.systems import System, read_systems
from replication.studies.faults.titles import TITLES

_CHECKED = {"computed": "formula compared", "read": "code read"}


def systems_in_short() -> Markdown:
    """Say in one sentence how many public implementations are wrong."""
    found = read_systems()
    wrong = sum(bool(system.faults) for system in found)
    return Markdown(
        f"**{wrong} of {len(found)} public implementations that we read train with another "
        "objective than the paper's.**"
    )


def systems_count() -> Markdown:
    """Say how many public implementations are wrong, which are right, and how that is known."""
    found = read_systems()
    right = [f"[{system.name}]({system.link})" for system in found if not system.faults]
    wrong = [system for system in found if system.faults]
    computed = sum(system.checked == "computed" for system in wrong)
    return Markdown(
        f"{systems_in_short().data} "
        + (f"Right today: {' and '.join(right)}. " if right else "")
        + f"For {computed} of the {len(wrong)} we wrote the formula down again and compared its "
        "value and its gradient with numbers; for the others we read the code. We ran none of "
        "their programs."
    )


def systems_table() -> HTML:
    """Show each implementation, what is wrong with it, and how that is known."""
    found = read_systems()
    return wide(
        pd.DataFrame(
            {
                "Implementation": f'<a href="{system.link}">{system.name}</a>',
                "what is wrong": _wrong(system),
                "how we know": _CHECKED[system.checked],
            }
            for system in found
        ),
        sentences=False,
    )


def found_in(fault: str) -> str:
    """Name the implementations that have a fault, or once had it, with links, as Markdown.

    Args:
        fault: Key of the fault.
    """
    found = read_systems()
    names = [f"[{s.name}]({s.link})" for s in found if fault in s.faults]
    names += [
        f"[{s.name}]({s.link}), before it was corrected" for s in found if s.formerly == fault
    ]
    return "; ".join(names)


def _wrong(system: System) -> str:
    """What is wrong, each fault linked to its section of the page, and below it the remark."""
    links = [f'<a href="#{_anchor(TITLES[f])}">{TITLES[f]}</a>' for f in system.faults]
    return explained(", ".join(links) or "nothing", system.remark)


def _anchor(title: str) -> str:
    """The name that Sphinx gives to a section with this title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
