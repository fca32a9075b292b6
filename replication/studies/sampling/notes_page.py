"""Whether chains mix, and whether their pictures look like digits, in sentences."""

from IPython.display import Markdown

from replication.presentation.findings import together
from replication.presentation.labels import DATASETS, label
from replication.presentation.notes import measured_note
from replication.presentation.nothing import nothing
from replication.presentation.tables import listed
from replication.studies.sampling.chains import RECORDED
from replication.studies.sampling.groups import Found, Group, choose, compare, group, held_out
from replication.studies.sampling.plan import CONTROL, REFERENCES, STEP_SIZES, Plan

_WHAT = "chains"
_SCORE = "log_likelihood"


def count_note(found: Found, plan: Plan, scale: str) -> Markdown:
    """Say at which scale the page is, and how many of its nets there are.

    Args:
        found: What was measured.
        plan: What should have been.
        scale: The scale.
    """
    nets = sum(name in found for name in plan.runs)
    data = DATASETS[plan.dataset]
    text = (
        f"**Proof scale.** Small nets on {data}, trained just now: the same code, not the same "
        "pictures."
        if scale == "proof"
        else f"**Published scale.** Nets trained on {data} with the settings that the search of "
        "Table 1 chose for them, which looked at classification alone."
    )
    if nets < len(plan.runs):
        text += f" {nets} of {len(plan.runs)} nets have been sampled so far."
    return Markdown(text)


def lead(found: Found) -> str:
    """Say in a sentence under whose samples digits are more probable; empty without both nets.

    Args:
        found: What was measured.
    """
    cae, rbm, *_ = compare(found)
    if cae is None or rbm is None:
        return ""
    better, worse = sorted((cae, rbm), key=lambda one: one.mean(_SCORE), reverse=True)
    if min(better.values(_SCORE)) > max(worse.values(_SCORE)):
        return (
            f"Held-out digits are more probable under the samples of the {label(better.key)} than "
            f"under those of the {label(worse.key)}."
        )
    return "The nets do not tell under whose samples held-out digits are more probable."


def chains_finding(found: Found) -> Markdown:
    """Say in a sentence or two whether the samples look like digits, and whose look more so.

    Args:
        found: What was measured.
    """
    cae, *_ = compare(found)
    if cae is None or not lead(found):
        return nothing(_WHAT)
    return Markdown(f"**{lead(found)}** {_standing(cae, found)}")


def likeness_note(found: Found) -> Markdown:
    """Say how far the samples are from training digits, and that they are no copies.

    Args:
        found: What was measured.
    """
    cae, rbm, digits, noise = compare(found)
    if cae is None or rbm is None or digits is None or noise is None:
        return nothing(_WHAT)
    values = {one.key: _nats(one.mean(_SCORE)) for one in (cae, rbm, digits, noise)}
    scores = cae.values(_SCORE)
    spread = f" (single nets {_nats(min(scores))} to {_nats(max(scores))})" * (len(scores) > 1)
    return Markdown(
        f"{_edge(found)} There the log-likelihood is {values['cae']} nats for the CAE{spread}, and "
        f"{values['rbm']} for the RBM.{_without_noise(found)} Training digits in the place of "
        f"samples reach {values['digits']}, and noise {values['shuffled']}.\n\n"
        f"{_standing(cae, found, numbers=True)} {_standing(rbm, found, numbers=True)}"
    )


def _without_noise(found: Found) -> str:
    """Say what the control comes to, which repeats x -> g(f(x))."""
    control = next((g for g in group(found) if g.step_size == CONTROL), None)
    if control is None:
        return ""
    return f" Without noise (σ = 0) it is {_nats(control.mean(_SCORE))} for the CAE."


def mixing_note(found: Found, plan: Plan) -> Markdown:
    """Say how many classes chains visit, without noise, with the best step size, and with more.

    Args:
        found: What was measured.
        plan: How long the chains are.
    """
    groups = group(found)
    cae, rbm, *_ = compare(found)
    control = next((g for g in groups if g.step_size == CONTROL), None)
    if cae is None or rbm is None or control is None:
        return nothing(_WHAT)
    largest = max((g for g in groups if g.step_size is not None), key=lambda one: one.sigma)
    return Markdown(
        f"In {plan.steps} steps a chain of the CAE shows {control.mean('classes'):.1f} different "
        f"digits without noise, {cae.mean('classes'):.1f} with σ = {cae.sigma:g}, and "
        f"{largest.mean('classes'):.1f} with σ = {largest.sigma:g}. A chain of the RBM shows "
        f"{rbm.mean('classes'):.1f}. {_trade(found)}\n\n"
        f"The classifier errs on {_error(found)} % of the validation digits, and names a digit for "
        "any picture, noise included: only where samples look like digits is a change of class a "
        "sign of mixing."
    )


def plan_note(plan: Plan) -> Markdown:
    """Say how chains were run and measured, in the numbers of the plan.

    Args:
        plan: The plan.
    """
    first, last = plan.choosing, plan.choosing + plan.measuring
    return Markdown(
        f"- **Chains.** {plan.chains} at once, from the first training digits of "
        f"{DATASETS[plan.dataset]}, {plan.steps} steps each.\n"
        f"- **Samples.** Of the steps after the first {plan.burn_in}, every {_nth(plan.every)} "
        f"gives one: {plan.chains * len(plan.sampled):,} of each net. Those of the RBM are the "
        "probabilities that a state is drawn with, since the states of the CAE are grey, too.\n"
        "- **Log-likelihood.** A Gaussian stands at every sample (a Parzen window), and the mean "
        f"log-density of {plan.measuring:,} validation digits (number {first + 1:,} to {last:,}) "
        f"is reported. The width of the Gaussians is the best of {len(plan.bandwidths)} on the "
        f"{plan.choosing:,} validation digits before them, for each set of samples by itself.\n"
        "- **Step size.** The best of "
        f"{listed(size for size in STEP_SIZES if size != CONTROL)} on those same "
        f"{plan.choosing:,} digits. {CONTROL:g} is a control.\n"
        f"- **Nearest digits.** The distance of {plan.nearest} samples to their nearest training "
        "digit, and of validation digits to theirs.\n"
        "- **Noise.** Every pixel is taken from another training digit, so that pixels have the "
        "right means and nothing in common."
    )


def chains_note(found: Found, times: bool = True) -> Markdown:
    """Say where the chains come from, and what they cost.

    Args:
        found: What was measured.
        times: Say what it cost; not where they were run in this very page.
    """
    nets = [name for name in found if name not in REFERENCES]
    lead = (*([f"`{RECORDED.source}`"] if times else []), f"{len(nets)} nets")
    return measured_note(list(found.values()), lead, times)


def in_short(found: Found) -> Markdown:
    """Sum up what came out.

    Args:
        found: What was measured.
    """
    cae, rbm, *_ = compare(found)
    if cae is None or rbm is None:
        return nothing(_WHAT)
    gap = cae.mean(_SCORE) - rbm.mean(_SCORE)
    return Markdown(
        f"{_edge(found)} A chain of the CAE then visits {cae.mean('classes'):.1f} digits, one of "
        f"the RBM {rbm.mean('classes'):.1f}. The mean log-density of held-out digits is "
        f"{abs(gap):.0f} nats {'higher' if gap > 0 else 'lower'} under the samples of the CAE than "
        f"under those of the RBM. {_standing(cae, found)} {_trade(found)}"
    )


def _standing(one: Group, found: Found, numbers: bool = False) -> str:
    """Say where samples stand between held-out digits and noise, by their nearest digits."""
    *_, noise = compare(found)
    if noise is None:
        return ""
    distance, digits, far = one.mean("nearest"), held_out(found), noise.mean("nearest")
    if distance < digits / 2:
        which = "near copies of training digits"
    elif distance < digits + (far - digits) / 4:
        which = "neither copies of training digits nor noise"
    elif distance < far - (far - digits) / 4:
        which = "no copies of training digits, and farther from them than new digits are"
    else:
        which = "no copies of training digits, but hardly nearer to them than noise is"
    said = f"The samples of the {label(one.key)} are {which}"
    if not numbers:
        return f"{said}."
    return (
        f"{said}: their mean distance to the nearest is {distance:.1f}, beside {digits:.1f} for "
        f"held-out digits and {far:.1f} for noise."
    )


def _trade(found: Found) -> str:
    """Say how far chains get as long as their pictures stay as near to digits as new ones are."""
    walked = [one for one in group(found) if one.step_size is not None]
    near = [one for one in walked if one.mean("nearest") <= held_out(found)]
    if not near:
        return "With no step size the samples stay as near to training digits as new digits are."
    last = max(near, key=lambda one: one.sigma)
    if last.step_size == CONTROL:
        return "Only without noise the samples stay as near to training digits as new digits are."
    return (
        f"The largest step size with which samples stay as near to training digits as new digits "
        f"are is {last.sigma:g}; a chain then visits {last.mean('classes'):.1f} digits."
    )


def _edge(found: Found) -> str:
    """Say which step size is best, for single nets as well, and whether the range ends there."""
    cae, *_ = compare(found)
    if cae is None:
        return ""
    said = f"The best step size is {cae.sigma:g}"
    single = [
        best.sigma
        for name, entry in found.items()
        if (best := choose(group({name: entry}))) is not None
    ]
    if len(single) > 1:
        each = together([f"{size:g}" for size in dict.fromkeys(single)])
        said += f" on average over {len(single)} nets ({each} for single ones)"
    ends = [size for size in STEP_SIZES if size != CONTROL]
    if cae.step_size in (ends[0], ends[-1]):
        return f"{said}, at an end of what was tried: one beyond it may be better."
    return f"{said}."


def _nats(value: float) -> str:
    return f"{value:.0f}".replace("-", "−")


def _error(found: Found) -> str:
    return f"{next(iter(found.values()))['error']:.1f}"


def _nth(number: int) -> str:
    return {1: "one", 2: "second", 3: "third"}.get(number, f"{number}th")
