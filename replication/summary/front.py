"""The first page: the answer in three lines, a cell for each claim, a pair of pictures."""

import html
from collections.abc import Mapping, Sequence

import numpy as np
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication import paper
from replication.engine.measurements import Measurements
from replication.engine.records import REFERENCE, Record
from replication.engine.verification.kept import VERIFIED, last_verification
from replication.paper import Claim
from replication.presentation.drawing import canvas, plot_mean
from replication.presentation.judgement import outcome_text, sign
from replication.presentation.labels import COLOURS, ORDER, label
from replication.presentation.nothing import nothing
from replication.presentation.tabs import as_html
from replication.studies.catalogue import CLAIMS
from replication.studies.finding import Finding
from replication.verdicts.outcome import Outcome
from replication.verdicts.report import agreement_text, papers_text
from replication.verdicts.verdict import Verdict

_ANSWERS = {
    Outcome.REPRODUCED: "What holds",
    Outcome.PARTLY: "What holds in part",
    Outcome.NOT_REPRODUCED: "What does not hold",
    Outcome.CANNOT_TELL: "What cannot be told",
    Outcome.NO_RECORDS: "What is not measured yet",
}
_FEW = 6  # titles that a line can name


def answer(verdicts: Sequence[Verdict]) -> HTML:
    """Say in a line for each kind of verdict which claims it is, and how many comparisons agree.

    Of many claims the line names those that come nearest to agreeing in full, and the farthest.

    Args:
        verdicts: What `judge` returned.
    """
    lines = []
    for outcome, words in _ANSWERS.items():
        found = [v for v in verdicts if v.outcome is outcome]
        if not found:
            continue
        agreeing, counted = sum(v.agreeing for v in found), sum(len(v.counted) for v in found)
        said = f"{len(found)} of {len(verdicts)} claims"
        if counted:
            said += f" ({agreeing} of {counted} comparisons agree)"
        lines.append(
            f'<li class="{_kind(outcome)}"><strong>{sign(outcome)} {words}:</strong> {said}. '
            f"{_named(found)}</li>"
        )
    return HTML(f'<ul class="answer">{"".join(lines)}</ul>')


def strip(verdicts: Sequence[Verdict]) -> HTML:
    """Show a cell for each claim, which opens on a click; it needs no scripts.

    Args:
        verdicts: What `judge` returned.
    """
    claims, rules = _claims(), {rule.claim: rule for rule in CLAIMS}
    cells = []
    for v in verdicts:
        claim = claims[v.claim]
        cells.append(
            f'<details name="claim" class="{_kind(v.outcome)}">'
            f"<summary><b>{v.claim}</b> {sign(v.outcome)}"
            f'<span class="count">{_short(v)}</span>'
            f'<span class="visually-hidden">{html.escape(claim.title)}: {v.outcome}</span>'
            # A link to what is inside opens it; one to the cell itself would not.
            f'</summary><div id="claim-{v.claim}">'
            f"<p><strong>{v.claim}. {html.escape(claim.title)}: "
            f"{outcome_text(v.outcome)}</strong> ({agreement_text(v)}).</p>"
            f"<p>{html.escape(claim.text)} ({html.escape(claim.source)}) "
            f"{html.escape(papers_text(v))}</p>"
            f'<p><a href="{rules[v.claim].page}.html">Where it is measured</a>, '
            f'<a href="verdicts.html">all comparisons</a>.</p></div></details>'
        )
    return HTML(f'<div class="strip">{"".join(cells)}</div>')


def beyond(leads: Mapping[str, tuple[str, str]]) -> HTML | Markdown:
    """List what the pages beyond the paper have found, as far as they have found anything.

    Args:
        leads: Page -> its title and its finding in a sentence, empty where there is none yet.
    """
    items = [
        f'<li><a href="{page}.html">{html.escape(title)}</a> {html.escape(sentence, quote=False)}'
        "</li>"
        for page, (title, sentence) in leads.items()
        if sentence
    ]
    return HTML(f"<ul>{''.join(items)}</ul>") if items else nothing("findings")


def front_curves(records: Sequence[Record]) -> Figure | Markdown:
    """Draw the contraction curves of all models, small, with the CAE's standing out.

    Args:
        records: Runs of one data set.
    """
    models = [model for model in ORDER if any(r.settings.model == model for r in records)]
    if not models:
        return nothing()
    with canvas(figsize=(4.6, 2.7)) as (figure, axes):
        for model in models:
            curves = [r.results["curve"] for r in records if r.settings.model == model]
            radius = curves[0]["radius"]
            ratios = np.array([curve["ratio"] for curve in curves])
            plot_mean(axes, radius, ratios, label(model), COLOURS[model])
        for line, model in zip(axes.get_lines(), models, strict=True):
            line.set_linewidth(2.6 if model == "cae" else 1)
        axes.set(xlabel="distance from the example", ylabel="contraction ratio", ylim=(0, None))
        axes.legend(ncols=2, fontsize=8)
    return figure


def verified_note(verified: Measurements = VERIFIED) -> Markdown:
    """Say when the records were last verified, and what came of it.

    Args:
        verified: The file in which that stands.

    Raises:
        InputError: The file is damaged.
    """
    entry = last_verification(verified)
    if entry is None:
        return nothing("verifications")
    found = entry["provenance"]
    small = entry == verified.get(REFERENCE)
    command = "make verify FAST=1" if small else "make verify"
    runs, agree = len(entry["runs"]), sum(entry["runs"].values())
    parts = [
        f"the store {'fits' if entry['store'] else '**does not fit**'} together",
        f"the verdicts {'follow' if entry['verdicts'] else '**do not follow**'} from the records",
        f"{agree} of {runs} runs that were trained again agree",
    ]
    return Markdown(
        f"*Last verified on {found['date'][:10]} at commit `{found['commit'][:9]}`: "
        f"{', '.join(parts)} (`{command}`).*"
    )


def side_by_side(*shown: HTML | Markdown) -> HTML:
    """Put pictures beside each other, or below each other where the screen is narrow.

    Args:
        *shown: The pictures.
    """
    return HTML(f'<div class="pair">{"".join(map(as_html, shown))}</div>')


def reasons(findings: Sequence[Finding]) -> HTML | Markdown:
    """Link the findings on why results differ.

    Args:
        findings: Those to name.
    """
    said = [
        f'<li><a href="why.html#{finding.name}">{html.escape(finding.headline)}</a></li>'
        for finding in findings
        if finding.headline
    ]
    return HTML(f"<ul>{''.join(said)}</ul>") if said else nothing("findings")


def _named(verdicts: Sequence[Verdict]) -> str:
    if len(verdicts) <= _FEW:
        return "; ".join(_link(v) for v in verdicts) + "."
    shares = {v.claim: v.agreeing / max(1, len(v.counted)) for v in verdicts}
    most, least = max(shares.values()), min(shares.values())
    near, far = (
        "; ".join(f"{_link(v)} ({_short(v)})" for v in verdicts if shares[v.claim] == share)
        for share in (most, least)
    )
    if most == least:
        return f"{near}."
    return f"Most comparisons agree: {near}. Fewest: {far}."


def _link(verdict: Verdict) -> str:
    return f'<a href="#claim-{verdict.claim}">{html.escape(_claims()[verdict.claim].title)}</a>'


def _short(verdict: Verdict) -> str:
    return f"{verdict.agreeing} of {len(verdict.counted)}" if verdict.counted else "–"


def _claims() -> dict[int, Claim]:
    return {claim.number: claim for claim in paper.claims()}


def _kind(outcome: Outcome) -> str:
    """The style sheet's name of an outcome."""
    return f"outcome-{outcome.replace(' ', '-')}"
