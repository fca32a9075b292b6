"""What depth comes to, in sentences that the runs choose."""

from collections.abc import Callable, Sequence

from IPython.display import HTML, Markdown

from replication.engine.records import Record
from replication.presentation.findings import finding, tally, together
from replication.presentation.nothing import nothing
from replication.studies.table2.depth import Step, depth_steps
from replication.verdicts.verdict import Verdict


def depth_answer(stack: Sequence[Record], searched: Sequence[Record]) -> HTML | Markdown:
    """Say what another layer of one stack changes, and how that is between other stacks.

    Args:
        stack: Stacks of three layers, and their lower parts.
        searched: Stacks that were each searched for themselves.
    """
    sentences = _sentences(stack, searched)
    return finding(*sentences) if sentences else nothing("comparisons")


def strengths_note(searched: Sequence[Record]) -> Markdown:
    """Say with which weights of the penalty the stacks were trained that differ in their depth.

    Args:
        searched: Stacks that were each searched for themselves.
    """
    strengths = {r.settings.depth: f"{r.settings.contraction:g}" for r in searched}
    if not strengths:
        return nothing()
    values = [strengths[depth] for depth in sorted(strengths)]
    depths = together([str(depth) for depth in sorted(strengths)])
    if len(set(values)) == 1:
        return Markdown(f"The stacks of {depths} layers all have λ {values[0]}.")
    return Markdown(
        f"Depth is not all that differs here: the stacks of {depths} layers have λ "
        f"{together(values)}. A stack with a smaller λ is penalised less, and contracts less, "
        "whatever its depth."
    )


def depth_short(
    stack: Sequence[Record], searched: Sequence[Record], verdicts: Sequence[Verdict]
) -> Markdown:
    """Sum the page up.

    Args:
        stack: Stacks of three layers, and their lower parts.
        searched: Stacks that were each searched for themselves.
        verdicts: Those on the claims about depth.
    """
    sentences = [tally(verdicts), *_sentences(stack, searched)]
    return Markdown(" ".join(filter(None, sentences))) if any(sentences) else nothing()


def _sentences(stack: Sequence[Record], searched: Sequence[Record]) -> list[str]:
    own, others = depth_steps(stack), depth_steps(searched)
    sentences = []
    if own:
        ratio = _each(own, lambda s: s.falls, lambda s: f"{s.ratio.value:.2f}", "{} times")
        bump = _each(own, lambda s: s.moves, lambda s: f"{abs(s.shift.value):.1f}", "by {}")
        sentences.append(f"In one stack the ratio next to the data {ratio}; the bump {bump}.")
    if others and others != own:
        ratio = _each(others, lambda s: s.falls, lambda s: f"{s.ratio.value:.2f}", "{} times")
        sentences.append(f"Between stacks that were searched one by one it {ratio}.")
    return sentences


def _each(
    steps: Sequence[Step], word: Callable[[Step], str], value: Callable[[Step], str], unit: str
) -> str:
    """Say what becomes of something from step to step; once, where it is always the same."""
    words = [word(step) for step in steps]
    if len(set(words)) == 1:
        values = together([value(step) for step in steps])
        return f"{words[0]} with each layer ({unit.format(values)})"
    return together(
        [
            f"{said} from {step.lower} to {step.upper} layers ({unit.format(value(step))})"
            for said, step in zip(words, steps, strict=True)
        ]
    )
