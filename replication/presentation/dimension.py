"""What is known of a data set's own dimension, in a sentence with its provenance."""

from IPython.display import Markdown

from replication.experiments.dimensions import recorded_measurement
from replication.presentation.labels import DATASETS


def dimension_note(dataset: str) -> Markdown:
    """Say what the intrinsic dimension of a data set is, and where the number comes from.

    Args:
        dataset: Key of the data set.
    """
    found = recorded_measurement(dataset)
    if found is None:
        return Markdown("*No record of the data's dimension yet.*")
    p = found["provenance"]
    return Markdown(
        f"On {DATASETS[dataset]} it is {found['estimate']:.1f}, from {found['smallest']:.1f} to "
        f"{found['largest']:.1f} by the number of neighbours.\n\n"
        f"*Provenance: `data/dimensions.json`; {found['examples']} validation examples; commit "
        f"{p['commit'][:9]}; scikit-learn {p['versions']['scikit-learn']}; "
        f"{p['machine']['processor']}; {p['date'][:10]}; cost {p['seconds']:.0f} seconds.*"
    )
