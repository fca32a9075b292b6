"""The denoising auto-encoders (DAE-g and DAE-b)."""

from typing import Any

import keras
from keras import ops

from replication.checks import LARGEST, check_choice, check_number
from replication.models.abstract_autoencoder import AbstractAutoencoder
from replication.models.precision import wide

NOISES = ("gaussian", "binary")


@keras.saving.register_keras_serializable(package="replication")
class DenoisingAutoencoder(AbstractAutoencoder):
    """Auto-encoder that rebuilds the clean input from a corrupted one: J_DAE, equation 6.

    The corruption is drawn anew for each example at each step. `evaluate` corrupts nothing.

    Args:
        units: Number d_h of hidden units, at least 1.
        noise: "gaussian" (additive, isotropic: DAE-g) or "binary" (a random part of the inputs
            set to 0: DAE-b).
        noise_level: Standard deviation of the Gaussian noise in units of the pixel range, or the
            probability with which an input is set to 0; at least 0, a probability at most 1.
        **kwargs: See `AbstractAutoencoder`.

    Raises:
        InputError: An argument is out of its range.
    """

    def __init__(
        self,
        units: int | None = None,
        *,
        noise: str = "gaussian",
        noise_level: float = 0.3,
        **kwargs: Any,
    ) -> None:
        super().__init__(units, **kwargs)
        self.noise = check_choice("noise", noise, NOISES)
        largest = 1 if self.noise == "binary" else LARGEST
        self.noise_level = check_number("noise_level", noise_level, 0, largest)

    def corrupt(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """Draw a corrupted copy of `x`, of the same shape. Gaussian noise is not clipped."""
        if self.noise == "gaussian":
            noise = keras.random.normal(ops.shape(x), dtype=x.dtype, seed=self.seed_generator)
            return x + self.noise_level * noise
        # Of 16 bits, uniform numbers are too coarse for a small probability.
        draw = keras.random.uniform(ops.shape(x), dtype=wide(x).dtype, seed=self.seed_generator)
        return x * ops.cast(draw >= self.noise_level, x.dtype)

    def regularizer(
        self,
        x: keras.KerasTensor,
        h: keras.KerasTensor,
        sample_weight: keras.KerasTensor | None = None,
        training: bool = False,
    ) -> float:
        """Return 0: the corruption is all the regularisation there is."""
        return 0.0

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        return {**super().get_config(), "noise": self.noise, "noise_level": self.noise_level}
