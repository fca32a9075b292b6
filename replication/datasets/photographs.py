"""Grey photographs, from which backgrounds are cut."""

import hashlib

import numpy as np

from replication.datasets.cifar import grey
from replication.datasets.files import File, cached, original
from replication.errors import InputError

NAMES = tuple(f"kodim{k:02d}" for k in range(1, 25))
# The same photographs, already grey, in a form that loads faster.
QUICK = File(
    "natural-images/kodak24-gray.npz",
    "3b06c6bf1fe47bf22e4d10df791fafa165b71432b2fff6af335fa00b7ae9895f",
)
FILES = tuple(
    File(f"natural-images/{name}.png", "", (f"http://r0k.us/graphics/kodak/kodak/{name}.png",))
    for name in NAMES
)
# SHA-256 of all grey pixels, so that both forms give the same.
CHECKSUM = "5de9b92e038b154de6ea40d4a97093b5576972f64b982425456a98c595c11b1e"


def load_photographs() -> list[np.ndarray]:
    """Load the 24 photographs of the Kodak suite in grey, in their order.

    They stand in for the twenty pictures of Larochelle et al. 2007, which were not published. Grey
    is the luma of `cifar.grey`.

    Returns:
        Grey levels, uint8, each of shape (512, 768) or (768, 512).

    Raises:
        InputError: A file is missing, damaged, cannot be downloaded, or holds something else.
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
