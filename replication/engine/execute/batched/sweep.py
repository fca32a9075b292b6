"""A list of runs, trained in populations."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import jax
from threadpoolctl import threadpool_limits

from replication.datasets import Dataset, load
from replication.engine import records
from replication.engine.batches import check_fits, training_part
from replication.engine.execute.batched import finetuning, memory, pretraining
from replication.engine.execute.batched.checkpoints import Checkpoints, Phase, Saved, of_store
from replication.engine.execute.batched.finetuning import Finetuned, Parts
from replication.engine.execute.batched.finishing import Finisher
from replication.engine.execute.batched.plan import epochs_of, id_of, job_of, lower_of, prefixes
from replication.engine.execute.batched.population import on_device
from replication.engine.execute.batched.pretraining import Diverged, Trained
from replication.engine.execute.batched.progress import Progress
from replication.engine.execute.batched.watch import EVERY, Watch
from replication.engine.settings import Settings

Batch = tuple[list[Settings], Saved | None]
"""The members of a population, and what to go on from."""


def sweep(
    runs: Sequence[Settings],
    experiment: str,
    most: int | None = None,
    progress: bool = True,
    every: float = EVERY,
) -> int:
    """Do the runs that have no record yet, many at once, in this process.

    Runs with the same pre-training share it. A record is written as soon as its run is complete; an
    interruption or a killed process loses at most what came after the last checkpoint.

    Args:
        runs: What is wanted, all on JAX.
        experiment: Name of the experiment.
        most: Members of the largest population; None is as many as the device has room for.
        progress: Show a progress bar on standard error.
        every: Seconds between checkpoints.

    Returns:
        The number of runs done.

    Raises:
        InputError: The data cannot be had, or a run that is no trial diverged; the others have
            their records then.
    """
    todo = records.missing(runs, experiment)
    if not todo:
        return 0
    known = of_store(records.FOLDER, experiment)
    return train(todo, experiment, known, records.write, known.settle, most, progress, every)


def train(
    runs: Sequence[Settings],
    experiment: str,
    checkpoints: Checkpoints,
    keep: Callable[[records.Record], object],
    settled: Callable[[str], None],
    most: int | None,
    progress: bool,
    every: float,
) -> int:
    """Do runs, many at once, in this process.

    Args:
        runs: What has no record yet, all on JAX.
        experiment: Name of the experiment.
        checkpoints: What to go on from, and where to save.
        keep: Takes each record as soon as it is complete.
        settled: Is called with the id of each run that was kept, or cannot have a record.
        most, progress, every: See `sweep`.

    Returns:
        The number of runs done.

    Raises:
        InputError: See `sweep`.
    """
    nets = [settings for settings in runs if settings.kind.is_net]
    with (
        _processor_by_default(),
        # Once for all threads: each would undo the limit of the others.
        threadpool_limits(1),
        Progress(experiment, epochs_of(nets), progress) as bar,
        Finisher(experiment, keep, settled) as finisher,
    ):
        for settings in runs:
            if not settings.kind.is_net:
                finisher.without_net(settings, load(settings.dataset))
        for dataset in dict.fromkeys(settings.dataset for settings in nets):
            here = [settings for settings in nets if settings.dataset == dataset]
            _OnDataset(load(dataset), here, finisher, checkpoints, bar, most, every).train()
        return finisher.wait()


class _OnDataset:
    """The nets of one data set, on the way to their records.

    Pre-trainings go layer by layer. Runs are fine-tuned as soon as there are enough of one form for
    a population, the rest at the end.
    """

    def __init__(
        self,
        data: Dataset,
        runs: Sequence[Settings],
        finisher: Finisher,
        checkpoints: Checkpoints,
        progress: Progress,
        most: int | None,
        every: float,
    ) -> None:
        for run in runs:
            check_fits(run, data)
        self._data, self._finisher = data, finisher
        self._checkpoints, self._progress = checkpoints, progress
        self._room, self._every = memory.Room(data.train.x.shape[1], most), every
        self._jobs: dict[str, Settings] = {}
        self._runs: dict[str, list[Settings]] = {}  # those that need a pre-training
        self._pretrained: dict[str, Trained | Diverged] = {}
        self._wanted: dict[Settings, list[Settings]] = {}  # to be fine-tuned, by form
        self._ready: dict[Settings, list[Settings]] = {}  # those of them that are pre-trained
        self._compiled: dict[Settings, Future[None]] = {}  # what fine-tunes a form
        self._parts: dict[int | None, Parts] = {}
        for settings in runs:
            for layers in prefixes(settings):
                key = job_of(layers)
                self._jobs.setdefault(key, layers)
                self._runs.setdefault(key, []).append(settings)
            if settings.finetune_epochs:
                self._wanted.setdefault(finetuning.form_of(settings), []).append(settings)

    def train(self) -> None:
        """Do all runs, and compile for later populations while earlier ones are trained."""
        jobs = sorted(self._jobs.values(), key=lambda job: job.depth)
        forms = dict.fromkeys(map(pretraining.form_of, jobs))
        plan: list[tuple[Phase, Batch]] = []
        for form in forms:
            phase = Phase("pretrain", form)
            members = [job for job in jobs if pretraining.form_of(job) == form]
            plan += [(phase, batch) for batch in self._populations(phase, members)]
        compiler = ThreadPoolExecutor(1)
        try:
            compiled = [compiler.submit(self._prepare_pretraining, b[0]) for _, b in plan[:2]]
            for form in self._wanted:
                self._compiled[form] = compiler.submit(self._prepare_finetuning, form)
            compiled += [compiler.submit(self._prepare_pretraining, b[0]) for _, b in plan[2:]]
            for (phase, batch), ready in zip(plan, compiled, strict=True):
                ready.exception()  # waits; what is wrong comes up again where it is dealt with
                self._pretrain(phase, batch)
                self._finetune_ready(all_of_them=False)
            self._finetune_ready(all_of_them=True)
        finally:
            compiler.shutdown(cancel_futures=True)

    def _prepare_pretraining(self, members: Sequence[Settings]) -> None:
        pretraining.prepare(members, self._on_device(members[0]).x)

    def _prepare_finetuning(self, form: Settings) -> None:
        members = self._wanted[form][: self._size(form)]
        finetuning.prepare(members, self._data.classes, self._on_device(form))

    def _size(self, form: Settings) -> int:
        """Members of the populations that are fine-tuned, nearly the same in all."""
        return len(memory.split(self._wanted[form], self._room.members(form))[0])

    def _populations(self, phase: Phase, members: Sequence[Settings]) -> Iterator[Batch]:
        """Put members in populations: those with checkpoints as they were, then the others."""
        identify = job_of if phase.name == "pretrain" else id_of
        rest = {identify(settings): settings for settings in members}
        for saved in self._checkpoints.find(phase, list(rest)):
            yield [rest.pop(one) for one in saved.ids], saved
        for part in memory.split(list(rest.values()), self._room.members(phase.form)):
            yield part, None

    def _pretrain(self, phase: Phase, batch: Batch) -> None:
        members, saved = batch
        below = {
            job_of(m): self._pretrained.get(job_of(lower_of(m))) for m in members if m.depth > 1
        }
        for key, lower in below.items():
            if isinstance(lower, Diverged):
                self._pretrained[key] = lower
        jobs = [m for m in members if job_of(m) not in self._pretrained]
        skipped = (len(members) - len(jobs)) * phase.form.pretrain_epochs
        self._progress.skipped(skipped)

        def train(some: Sequence[Settings]) -> list[Trained | Diverged]:
            lower = [below.get(job_of(settings)) for settings in some]
            ids = list(map(job_of, some))
            needed = [run.id for one in ids for run in self._runs[one]]
            watch = self._watch(phase, ids, needed, saved)
            x = self._on_device(some[0]).x
            return pretraining.pretrain(some, lower, x, watch)  # type: ignore[arg-type]

        if jobs:
            outcomes = self._room.train(jobs, train)
            self._pretrained |= zip(map(job_of, jobs), outcomes, strict=True)
        for settings in members:
            for run in self._runs[job_of(settings)]:
                if run.units == settings.units:
                    self._go_on(run, self._pretrained[job_of(settings)])

    def _go_on(self, run: Settings, pretrained: Trained | Diverged) -> None:
        """Measure what was pre-trained, and get it fine-tuned."""
        if isinstance(pretrained, Diverged):
            self._progress.skipped(run.finetune_epochs)
            self._finisher.record(run, self._data, pretrained)
            return
        self._finisher.measure(run, self._data, pretrained)
        if run.finetune_epochs:
            self._ready.setdefault(finetuning.form_of(run), []).append(run)
        else:
            self._finisher.record(run, self._data, pretrained)

    def _finetune_ready(self, all_of_them: bool) -> None:
        """Fine-tune what makes full populations, or all that is left."""
        for form, runs in self._ready.items():
            phase = Phase("finetune", form)
            if not all_of_them:
                size = self._size(form)
                runs = runs[: len(runs) // size * size]
            if runs:
                self._compiled[form].exception()
            for members, saved in self._populations(phase, runs):
                outcomes = self._room.train(members, self._finetuning(phase, saved))
                for run, outcome in zip(members, outcomes, strict=True):
                    self._finisher.record(run, self._data, self._pretrained[job_of(run)], outcome)
            self._ready[form] = self._ready[form][len(runs) :]

    def _finetuning(
        self, phase: Phase, saved: Saved | None
    ) -> Callable[[Sequence[Settings]], list[Finetuned | Diverged]]:
        def train(some: Sequence[Settings]) -> list[Finetuned | Diverged]:
            ids = list(map(id_of, some))
            pretrained = [self._pretrained[job_of(run)] for run in some]
            return finetuning.finetune(
                some,
                pretrained,  # type: ignore[arg-type]
                self._data,
                self._on_device(some[0]),
                self._watch(phase, ids, ids, saved),
            )

        return train

    def _watch(
        self, phase: Phase, ids: Sequence[str], runs: Sequence[str], saved: Saved | None
    ) -> Watch:
        part = None if saved is None else saved.of(ids)
        return Watch(self._checkpoints, self._progress, phase, ids, runs, part, self._every)

    def _on_device(self, settings: Settings) -> Parts:
        """The data set on the device, once for all populations."""
        count = settings.train_examples
        if count not in self._parts:
            x, y = training_part(settings, self._data)
            valid = self._data.valid
            self._parts[count] = Parts(*map(on_device, (x, y, valid.x, valid.y)))
        return self._parts[count]


@contextlib.contextmanager
def _processor_by_default() -> Iterator[None]:
    """Keep off the accelerator what is not put there on purpose.

    Measures ask many small questions, and each would wait there for the epoch in hand.
    """
    before = jax.config.jax_default_device  # type: ignore[attr-defined]
    jax.config.update("jax_default_device", jax.devices("cpu")[0])
    try:
        yield
    finally:
        jax.config.update("jax_default_device", before)
