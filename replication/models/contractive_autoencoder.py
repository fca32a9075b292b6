"""The contractive auto-encoder (CAE)."""

from typing import Any

import keras
import numpy as np
from keras import ops

from replication.checks import check_choice, check_count, check_number
from replication.models.abstract_autoencoder import AbstractAutoencoder
from replication.models.fitting.average import average
from replication.models.inference import inference
from replication.models.penalty import METHODS, squared_frobenius_norm
from replication.models.sampling.chain import run_chain
from replication.models.sampling.perturbation import perturbation

_EVALUATION_SEED = 0


@keras.saving.register_keras_serializable(package="replication")
class ContractiveAutoencoder(AbstractAutoencoder):
    """Auto-encoder penalised by the Jacobian of its encoder: J_CAE, equation 7.

    The objective is mean over x of [ L(x, g(f(x))) + contraction * ||J_f(x)||_F^2 ], with L summed
    over pixels and the penalty over units, so that `contraction` is the paper's lambda.

    The kernel and the biases in the penalty are the live variables. Copying the weights into a
    constant when the loss is built, as much public code does, leaves a penalty that cannot shrink
    the weights.

    Args:
        units: Number d_h of hidden units, at least 1.
        contraction: lambda, at least 0.
        jacobian: How the penalty is computed: "auto", "closed", "automatic" or "stochastic"; see
            `replication.models.penalty.squared_frobenius_norm`.
        probes: Random vectors per example where `jacobian` is "stochastic".
        **kwargs: See `AbstractAutoencoder`.

    Raises:
        InputError: An argument is out of its range.

    Example:
        >>> model = ContractiveAutoencoder(units=1000, contraction=0.1, seed=0)
        >>> model.compile(optimizer=keras.optimizers.SGD(0.1), jit_compile=True)
        >>> history = model.fit(x, batch_size=20, epochs=20)  # x: float32 (n, features) in [0, 1]
        >>> codes = model.encode(x)
    """

    def __init__(
        self,
        units: int | None = None,
        *,
        contraction: float = 0.1,
        jacobian: str = "auto",
        probes: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(units, **kwargs)
        self.contraction = check_number("contraction", contraction, 0)
        self.jacobian = check_choice("jacobian", jacobian, METHODS)
        self.probes = check_count("probes", probes)

    def penalty(
        self, x: keras.KerasTensor, h: keras.KerasTensor | None = None, training: bool = False
    ) -> keras.KerasTensor:
        """Compute ||J_f(x)||_F^2 for each example, not weighted: shape (batch,).

        An encoder with dropout or batch normalisation is differentiated as it is used after
        training: without dropout, with its moving averages.

        Args:
            x: Inputs, shape (batch, ...).
            h: Their codes, if known already.
            training: Where the penalty is "stochastic": draw other random vectors at each call. If
                not, the same inputs have the same value.

        Raises:
            InputError: `jacobian` does not fit the encoder, its codes are not of shape
                (batch, d_h), or `x` is symbolic.
        """
        x = self._floating(x)
        self._build_for(x)
        seed = self.seed_generator if training else _EVALUATION_SEED
        return squared_frobenius_norm(self.encoder, x, h, self.jacobian, self.probes, seed)

    def sample(
        self,
        start: Any,
        steps: int,
        *,
        step_size: float,
        seed: int | None = None,
        progress: bool = True,
    ) -> np.ndarray:
        """Walk over the pictures that the model has learned: x_{t+1} = g(h + J J^T e), h = f(x_t).

        With J = J_f(x_t) and e Gaussian of variance step_size^2: noise that goes where the code
        reacts to changes of the input, which is along the data (Rifai et al., "A Generative Process
        for Sampling Contractive Auto-Encoders", ICML 2012). A chain has no last step after which it
        is right; leave out the first states, and look at several step sizes.

        The Jacobian is never formed: a dense encoder has a closed form, and any other takes one
        pass backward and one forward, whatever `jacobian` says of the penalty. Dropout is off, and
        nothing about the model changes.

        Args:
            start: First states, shape (n, ...), as the model's inputs: one chain from each.
            steps: Number of steps, at least 1.
            step_size: sigma, at least 0, in units of the codes; 0 draws nothing and repeats
                x -> g(f(x)).
            seed: Seed of e: the same one gives the same chains. None draws one.
            progress: Show a progress bar on standard error, where it takes more than two seconds.

        Returns:
            All states, shape (n, steps + 1, ...), the first ones being `start`; float64 for a
            model that computes in it, else float32.

        Raises:
            InputError: The model has no weights yet, `start` cannot be inputs of it, or a number is
                impossible.
            DivergedError: A state is no finite number.

        Example:
            >>> chains = model.sample(x[:10], 200, step_size=0.5, seed=0)  # (10, 201, features)
        """
        sigma = check_number("step_size", step_size, 0)
        method = "automatic" if self.jacobian == "stochastic" else self.jacobian

        def step(state: np.ndarray, draw: np.random.Generator) -> tuple[Any, Any]:
            x = ops.convert_to_tensor(state, dtype=self.compute_dtype)
            encode = inference(self.encoder)
            decode = self._decode_logits if self.tied else inference(self.decoder)
            h = encode(x)
            e = ops.convert_to_tensor(sigma * draw.standard_normal(h.shape), dtype=h.dtype)
            moved = h + ops.cast(perturbation(self.encoder, x, h, e, method), h.dtype)
            following = self._output(decode(moved))
            return following, following

        return run_chain(self, start, steps, step, seed, progress)

    def regularizer(
        self,
        x: keras.KerasTensor,
        h: keras.KerasTensor,
        sample_weight: keras.KerasTensor | None = None,
        training: bool = False,
    ) -> keras.KerasTensor:
        """Compute contraction * mean over the batch of ||J_f(x)||_F^2."""
        return self.contraction * average(self.penalty(x, h, training), sample_weight)

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "contraction": self.contraction,
            "jacobian": self.jacobian,
            "probes": self.probes,
        }
