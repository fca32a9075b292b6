"""Grey photographs, from which backgrounds are cut."""

import hashlib

import numpy as np

from replication.datasets.cifar import grey
from replication.datasets.files import cached, original
from replication.errors import InputError

NAMES = tuple(f"kodim{k:02d}" for k in range(1, 25))
QUICK = "natural-images/kodak24-gray.npz"
FILES = tuple(f"natural-images/{name}.png" for name in NAMES)
# Of all pixels, so that both forms give the same.
CHECKSUM = "5de9b92e038b154de6ea40d4a97093b5576972f64b982425456a98c595c11b1e"


def load_photographs() -> list[np.ndarray]:
    """Load the 24 photographs of the Kodak suite in grey, in their order.

    They stand in for the twenty pictures of Larochelle et al. 2007, which were not published. Grey
    is the luma of `cifar.grey`.

    Returns:
        Grey levels, uint8, each of shape (512, 768) or (768, 512).

    Raises:
        InputError: They cannot be had, or are others.
    """
    if cached([QUICK]):
        with np.load(original([QUICK])) as file:
            found = [file[name] for name in NAMES]
    else:
        from PIL import Image

        found = [grey(np.asarray(Image.open(original([file])).convert("RGB"))) for file in FILES]
    received = hashlib.sha256(b"".join(photograph.tobytes() for photograph in found)).hexdigest()
    if received != CHECKSUM:
        raise InputError(
            f"the photographs are not those of the Kodak suite: expected SHA-256 {CHECKSUM} of "
            f"their grey pixels. Received: {received}"
        )
    return found
