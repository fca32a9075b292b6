"""How much is spent on a search: a tier, and what it costs."""

import dataclasses

from replication.studies.abstract_search import Length


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tier:
    """The budget of a search, the same for every competitor.

    Attributes:
        name: What it is called.
        draws, draws_length: How many settings are drawn, and how long each is trained.
        leaders, repeats: How many of the best are trained again, each with so many fresh seeds.
        draws_beyond: How many more are drawn where a choice lies at an edge of its range.
        length: How long the repeats and the final runs are.
        seeds: Seeds of the final runs.
        searches: How many searches from different draws.
        draw_seed: Seed of the draws of the first search.
    """

    name: str
    draws: int
    draws_length: Length
    leaders: int
    repeats: int
    draws_beyond: int
    length: Length
    seeds: int
    searches: int = 1
    draw_seed: int = 0

    def epochs(self, widened: bool = False) -> tuple[int, int]:
        """Add up the epochs of a competitor on a data set: of pre-training, and of fine-tuning.

        Those of fine-tuning are counted once, where a data set has them several times.

        Args:
            widened: Count the settings drawn beyond an edge, too.
        """
        drawn = self.draws + (self.draws_beyond if widened else 0)
        repeated = (self.leaders + (1 if widened else 0)) * self.repeats
        found = []
        for phase in ("pretrain_epochs", "finetune_epochs"):
            each, full = getattr(self.draws_length, phase), getattr(self.length, phase)
            found.append(self.searches * (drawn * each + repeated * full) + self.seeds * full)
        return found[0], found[1]
