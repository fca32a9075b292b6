"""The command line: `python -m replication VERB`."""

import argparse
import dataclasses
import json
import os
import secrets
import sys
import types
import typing

from tqdm import tqdm

from replication.checks import check_count
from replication.errors import InputError
from replication.experiments import protocol, records, table2
from replication.experiments.settings import REGULARIZERS, Settings

REFERENCE = "reference"  # experiment of small runs on embedded data, which need no files


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        The exit status: 0; 1 if a repeated run disagrees with its record; or 2 after bad input,
        which prints one sentence on standard error.
    """
    options = _parser().parse_args(arguments)
    try:
        status = options.command(options)
    except InputError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; nothing unfinished was recorded", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader (head, say) has gone. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status or 0


class _Parser(argparse.ArgumentParser):
    """Prints what is wrong in one line, as every other error here."""

    def error(self, message: str) -> typing.NoReturn:
        self.exit(2, f"error: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m replication", description=__doc__, allow_abbrev=False)
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    run = verbs.add_parser(
        "run",
        help="train, measure and evaluate one model; write its record",
        description="Pre-train, measure, fine-tune and evaluate one model. Settings that have a "
        "record are not run again.",
        allow_abbrev=False,
    )
    run.set_defaults(command=_run)
    run.add_argument("--experiment", default="single", help="folder of the record (%(default)s)")
    run.add_argument("--again", action="store_true", help="run even if there is a record")
    for field in dataclasses.fields(Settings):
        _add_setting(run, field)

    table = verbs.add_parser(
        "records", help="print the records as a tidy table", allow_abbrev=False
    )
    table.set_defaults(command=_records)
    table.add_argument("--experiment", help="only this experiment")
    table.add_argument("--format", choices=("text", "csv", "json"), default="text")

    verify = verbs.add_parser(
        "verify",
        help="recompute the verdicts, train some recorded runs again, and compare",
        description="Recompute every verdict from the records and compare with the committed "
        "ones; then train some recorded runs again with the same settings and compare the "
        "results. Exits with 1 if something disagrees.",
        allow_abbrev=False,
    )
    verify.set_defaults(command=_verify)
    which = verify.add_mutually_exclusive_group()
    which.add_argument(
        "--experiment",
        help=f"choose among the records of this experiment ({protocol.REDUCED}, the small copies "
        f"of the final runs; {REFERENCE} while there are none)",
    )
    which.add_argument(
        "--fast",
        action="store_true",
        help=f"choose among the records of the experiment '{REFERENCE}', which need no data files",
    )
    verify.add_argument(
        "--count", type=int, metavar="N", help="how many records (2; all of them with --fast)"
    )
    verify.add_argument("--seed", type=int, help="seed of the choice (another one each time)")

    sweep = verbs.add_parser(
        "sweep",
        help="train all that a table needs and has no record yet",
        description="Train the runs of a table that have no record. Ctrl-C loses at most the runs "
        "in hand; the next call goes on.",
        allow_abbrev=False,
    )
    sweep.set_defaults(command=_sweep)
    sweep.add_argument(
        "table",
        choices=("table1", "table2", "nested", "sensitivity", "faults", "generator", "fashion"),
        help="nested: the lower parts of stacks of three CAEs; generator: the benchmark sets with "
        "other choices of their recipes; fashion: Table 1 on Fashion-MNIST",
    )
    sweep.add_argument(
        "--dataset",
        help="(mnist; nested: rot; table2, generator and sensitivity: all of their sets, in turn)",
    )
    sweep.add_argument(
        "--seeds",
        type=int,
        help="seeds of the final runs of each model "
        f"(table1: {protocol.SEEDS}; table2: {table2.SEEDS})",
    )
    sweep.add_argument("--scheduler", metavar="ADDRESS", help="a running dask scheduler")
    sweep.add_argument("--workers", type=int, metavar="N", help="local processes (one per core)")
    sweep.add_argument("--dry-run", action="store_true", help="list the runs and what they cost")

    verdicts = verbs.add_parser(
        "verdicts",
        help="judge the paper's claims from the records",
        description="Judge each claim of the paper by the rules of the protocol, as far as the "
        "records of final runs carry it: a line for each, or all about the ones that are named.",
        allow_abbrev=False,
    )
    verdicts.set_defaults(command=_verdicts)
    verdicts.add_argument("claims", nargs="*", type=int, metavar="N", help="claims (all)")
    verdicts.add_argument(
        "--format",
        choices=("lines", "text", "json"),
        help="lines: one for each claim; text: with every comparison, its rule, estimate, interval "
        "and records (lines, or text where claims are named)",
    )
    verdicts.add_argument(
        "--write", action="store_true", help="replace the committed verdicts, data/verdicts.json"
    )

    readme = verbs.add_parser(
        "readme",
        help="write the results into README.md",
        description="Replace the results in README.md, and its picture, by what the records say.",
        allow_abbrev=False,
    )
    readme.set_defaults(command=_readme)

    for verb, command, what, description, names in (
        (
            "dimensions",
            _dimensions,
            "estimate the intrinsic dimension of data sets",
            "Estimate the local dimension of data sets from distances between neighbours, for "
            "claim 17.",
            f"data sets ({', '.join(protocol.DATASETS)})",
        ),
        (
            "arguments",
            _arguments,
            "measure what the paper argues without an experiment",
            "Train small nets on embedded data and measure what section 4 of the paper argues: the "
            "small-noise limit of the denoising auto-encoder, and the linear encoder.",
            "arguments (all)",
        ),
        (
            "faults",
            _faults,
            "train small nets with the known faults of public code",
            "Train small nets on embedded data, each with a known fault of public contractive "
            "auto-encoders, and the right ones to compare them with.",
            "faults (all, and the right nets)",
        ),
        (
            "samples",
            _samples,
            "take the pictures that the page of the benchmark sets shows",
            "Take the first training pictures of data sets, for the page that shows them.",
            "data sets (all of the benchmark)",
        ),
        (
            "filters",
            _filters,
            "train encoders to show their filters",
            "Pre-train models of Table 1 on MNIST as their first final runs were, and take some of "
            "their filters, for the page of pictures.",
            "models (all)",
        ),
    ):
        measure = verbs.add_parser(verb, help=what, description=description, allow_abbrev=False)
        measure.set_defaults(command=command)
        measure.add_argument("names", nargs="*", metavar="NAME", help=names)
        measure.add_argument("--write", action="store_true", help=f"record it in data/{verb}.json")

    data = verbs.add_parser(
        "data", help="fetch and check the data sets, and describe them", allow_abbrev=False
    )
    data.set_defaults(command=_data)
    data.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="data sets (all, but of the benchmark of 2007 neither the ...-original archives nor "
        "the variants with another choice)",
    )
    return parser


def _add_setting(parser: argparse.ArgumentParser, field: dataclasses.Field) -> None:
    flag = "--" + field.name.replace("_", "-")
    if field.name == "units":
        parser.add_argument(
            flag, type=int, nargs="+", metavar="N", help="hidden units of each layer (1000)"
        )
        return
    kinds = [k for k in typing.get_args(field.type) or (field.type,) if k is not types.NoneType]
    required = field.default is dataclasses.MISSING
    shown = "required" if required else "model's own" if field.default is None else field.default
    if field.name == "train_examples":
        shown = "all"
    if kinds[0] is bool:
        parser.add_argument(flag, action=argparse.BooleanOptionalAction, help=f"({shown})")
    elif field.name == "model":
        # Choices are checked by Settings, whose message is the same from every side.
        parser.add_argument(flag, required=required, help=", ".join(REGULARIZERS))
    else:
        parser.add_argument(
            flag, type=kinds[0], required=required, metavar=kinds[0].__name__, help=f"({shown})"
        )


def _run(options: argparse.Namespace) -> None:
    given = {
        field.name: getattr(options, field.name)
        for field in dataclasses.fields(Settings)
        if getattr(options, field.name) is not None
    }
    settings = Settings(**given)
    path = records.path_of(options.experiment, settings)
    known = path.exists() and not options.again
    # Only now: Keras takes seconds to import, and a wrong setting or a known record needs none.
    if known:
        record = records.read(path)
    else:
        from replication.experiments.run import run

        record = run(settings, options.experiment, again=options.again)
    row = records.table([record]).iloc[0]
    width = max(map(len, row.index))
    for name, value in row.items():
        print(
            f"{name:<{width}}  {value:.6g}"
            if isinstance(value, float)
            else f"{name:<{width}}  {value}"
        )
    print(f"{'record':<{width}}  {path}{' (known already)' if known else ''}")


def _records(options: argparse.Namespace) -> None:
    table = records.table(records.read_all(options.experiment))
    if options.format == "csv":
        print(table.to_csv(index=False), end="")
    elif options.format == "json":
        print(json.dumps(json.loads(table.to_json(orient="records")), indent=1))
    else:
        print(table.to_string(index=False) if len(table) else "no records")


def _verify(options: argparse.Namespace) -> int:
    from replication.experiments.collect import collect_published
    from replication.verdicts.claims import judge
    from replication.verdicts.published import differences

    changed = differences(judge(collect_published()))
    for line in changed:
        print(line)
    print("the committed verdicts " + ("DISAGREE with the records" if changed else "agree"))
    seed = options.seed
    if seed is None:
        seed = secrets.randbelow(2**16)
        print(f"records chosen with --seed {seed}", flush=True)
    experiment = REFERENCE if options.fast else options.experiment
    if experiment is None:
        experiment = protocol.REDUCED if records.read_all(protocol.REDUCED) else REFERENCE
    backends = {record.provenance["backend"] for record in records.read_all(experiment)}
    if len(backends) == 1 and "keras" not in sys.modules:
        # Another backend draws other random numbers, and Keras chooses its own when it is imported.
        os.environ.setdefault("KERAS_BACKEND", backends.pop())
    # Only now: Keras takes seconds to import.
    from replication.experiments.verify import verify

    table = verify(
        experiment,
        options.count if options.count is not None else None if options.fast else 2,
        seed,
    )
    print(table.to_string(index=False, float_format=lambda value: f"{value:.4g}"))
    differ = table.loc[~table["agrees"], "id"].nunique()
    print(f"{table['id'].nunique() - differ} of {table['id'].nunique()} records agree")
    return 1 if differ or changed else 0


def _sweep(options: argparse.Namespace) -> None:
    if options.workers is not None:
        check_count("workers", options.workers)
    if options.seeds is not None:
        check_count("seeds", options.seeds)
    from replication.experiments import fashion, faults, generator_choices, stages

    list_stages, datasets, seeds = {
        "table1": (stages.table1_stages, ("mnist",), protocol.SEEDS),
        "table2": (stages.table2_stages, table2.ROWS, table2.SEEDS),
        "nested": (stages.nested_stages, ("rot",), table2.SEEDS),
        "sensitivity": (stages.sensitivity_stages, protocol.DATASETS, 1),
        "faults": (stages.faults_stages, ("mnist",), faults.FULL_SEEDS),
        "generator": (stages.generator_stages, generator_choices.DATASETS, table2.SEEDS),
        "fashion": (stages.fashion_stages, (fashion.DATASET,), protocol.SEEDS),
    }[options.table]
    done = known = 0
    for dataset in [options.dataset] if options.dataset else datasets:
        if options.dry_run:
            print(f"{options.table} on {dataset}")
        for stage in list_stages(dataset, options.seeds or seeds):
            known += stage.known
            if options.dry_run:
                print(stage.forecast())
            else:
                done += stage.sweep(options.scheduler, options.workers)
    if not options.dry_run:
        print(f"{done} runs done, {known} had records")


def _verdicts(options: argparse.Namespace) -> None:
    from replication import paper
    from replication.experiments.collect import collect_published
    from replication.verdicts import published
    from replication.verdicts.claims import judge
    from replication.verdicts.report import as_json, as_line, as_text

    claims = {claim.number: claim for claim in paper.claims()}
    for number in options.claims:
        if number not in claims:
            raise InputError(
                f"a claim is a number from {min(claims)} to {max(claims)}. Received: {number}"
            )
    verdicts = judge(collect_published())
    if options.write:
        print(f"written to {published.write(verdicts)}")
        return
    shown = [v for v in verdicts if not options.claims or v.claim in options.claims]
    if options.format == "json":
        print(json.dumps(as_json(shown), indent=1))
    elif options.format == "text" or (options.claims and options.format is None):
        print("\n\n".join(as_text(verdict, claims[verdict.claim]) for verdict in shown))
    else:
        print("\n".join(as_line(verdict, claims[verdict.claim]) for verdict in shown))


def _readme(options: argparse.Namespace) -> None:
    from replication.experiments.collect import collect_published
    from replication.presentation import front
    from replication.verdicts.claims import judge

    records = collect_published()
    front.write(records, judge(records))
    print(f"written to {front.README} and {front.PICTURE}")


def _dimensions(options: argparse.Namespace) -> None:
    from replication.experiments.dimensions import FILE, measure_dimension
    from replication.experiments.entries import write_entry

    for name in tqdm(options.names or protocol.DATASETS, desc="dimensions", unit="set"):
        measured = measure_dimension(name)
        tqdm.write(
            f"{name}: {measured['estimate']:.2f} ({measured['smallest']:.2f} to "
            f"{measured['largest']:.2f} by the number of neighbours)"
        )
        if options.write:
            write_entry(FILE, name, measured)


def _arguments(options: argparse.Namespace) -> None:
    from replication.experiments.arguments import ARGUMENTS, FILE, measure_argument
    from replication.experiments.entries import write_entry

    for name in options.names or ARGUMENTS:
        measured = measure_argument(name)
        for run in measured["runs"]:
            shown = {key: v for key, v in run.items() if not isinstance(v, list)}
            print(f"{name}: " + ", ".join(f"{key} {v}" for key, v in shown.items()))
        if options.write:
            write_entry(FILE, name, measured)


def _faults(options: argparse.Namespace) -> None:
    from replication.experiments.entries import write_entry
    from replication.experiments.faults import FAULTS, FILE, REFERENCES, measure_fault

    for name in options.names or (*REFERENCES, *FAULTS):
        measured = measure_fault(name)
        for run in measured["runs"]:
            print(
                f"{name}: seed {run['seed']}, penalty as coded {run['coded']:.4g}, "
                f"true {run['jacobian']:.4g}, test error {run['error']:.2f} %"
            )
        if options.write:
            write_entry(FILE, name, measured)


def _samples(options: argparse.Namespace) -> None:
    from replication.datasets.benchmark import SIZES
    from replication.experiments.entries import write_entry
    from replication.experiments.samples import FILE, take_sample

    for name in tqdm(options.names or ("rectangles", *SIZES), desc="samples", unit="set"):
        sample = take_sample(name)
        tqdm.write(f"{name}: {sample['origin']}, labels {sample['labels']}")
        if options.write:
            write_entry(FILE, name, sample)


def _filters(options: argparse.Namespace) -> None:
    from replication.experiments.entries import write_entry
    from replication.experiments.filters import FILE, learn_filters, run_of
    from replication.experiments.settings import MODELS

    runs = {name: run_of(name) for name in options.names or MODELS}  # a wrong name stops it here
    for name, settings in runs.items():
        learned = learn_filters(settings)
        norms = learned["norms"]
        print(f"{name}: norms from {norms[0]:.3g} to {norms[-1]:.3g}", flush=True)
        if options.write:
            write_entry(FILE, name, learned)


def _data(options: argparse.Namespace) -> None:
    from replication.datasets import load, names
    from replication.datasets.variants import VARIANTS

    # The archives of the benchmark are large, and their only address is often gone; a variant
    # differs from its set in one choice.
    ours = [name for name in names() if not name.endswith("-original") and name not in VARIANTS]
    for name in options.names or ours:
        data = load(name)
        sizes = "/".join(f"{len(part.y):,}" for part in (data.train, data.valid, data.test))
        print(
            f"{name}: {sizes} train/valid/test, {data.shape[0]}x{data.shape[1]} pixels, "
            f"{data.classes} classes, {data.origin}, {data.checksum[:16]}"
        )
