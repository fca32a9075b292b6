"""Known faults of public contractive auto-encoders, as mutations of our own code.

None of them stops a training, and few show in a loss curve. The suite has to catch every one.
"""

import dataclasses
from pathlib import Path

PENALTY = "replication/models/penalty.py"
CONTRACTIVE = "replication/models/contractive_autoencoder.py"
ABSTRACT = "replication/models/abstract_autoencoder.py"
REGULARIZER = (
    "        return self.contraction * average(self.penalty(x, h, training), sample_weight)\n"
)
HIGHER_ORDER = "replication/models/higher_order_contractive_autoencoder.py"
TANGENTS = "replication/models/classification/tangent_classifier.py"
JACOBIAN = "replication/models/classification/jacobian_classifier.py"
PERTURBATION = "replication/models/sampling/perturbation.py"
BOLTZMANN = "replication/models/restricted_boltzmann_machine.py"
ROBUSTNESS = "replication/measures/robustness.py"
TESTS = ("tests/models/test_penalty.py",)


@dataclasses.dataclass(frozen=True)
class Edit:
    """One replacement; `old` must occur exactly once in the file."""

    file: str
    old: str
    new: str

    def applied_to(self, root: Path) -> str:
        """Return the text of the file below `root` after the replacement.

        Raises:
            ValueError: `old` does not occur exactly once.
        """
        text = (root / self.file).read_text()
        if (found := text.count(self.old)) != 1:
            raise ValueError(f"{self.file} must hold {self.old!r} once. Received: {found} times")
        return text.replace(self.old, self.new)


@dataclasses.dataclass(frozen=True)
class Fault:
    """A way in which an implementation went wrong.

    Attributes:
        name: Key of the fault in `replication.studies.faults.small_nets`.
        edits: How to bring it into our code.
        tests: Test files that have to catch it.
    """

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...] = TESTS

    def inject(self, root: Path) -> None:
        """Edit the copy of the checkout below `root`."""
        for edit in self.edits:
            (root / edit.file).write_text(edit.applied_to(root))


FAULTS = (
    Fault(
        "floor-division",
        (
            Edit(
                CONTRACTIVE,
                REGULARIZER,
                "        penalty = self.penalty(x, h)\n"
                "        batch = keras.ops.cast(keras.ops.shape(penalty)[0], penalty.dtype)\n"
                "        total = keras.ops.sum(penalty)\n"
                "        return self.contraction * keras.ops.floor(total / batch)\n",
            ),
        ),
    ),
    Fault(
        "half-gradient",
        (
            Edit(
                CONTRACTIVE,
                REGULARIZER,
                "        value = self.contraction * average(self.penalty(x, h))\n"
                "        return (value + keras.ops.stop_gradient(value)) / 2\n",
            ),
        ),
    ),
    Fault(
        "frozen-kernel",
        (
            Edit(
                CONTRACTIVE,
                "    def regularizer(",
                "    def compile(self, *args, **kwargs):\n"
                "        super().compile(*args, **kwargs)\n"
                "        if self.built and not self.custom:\n"
                "            frozen = keras.ops.convert_to_numpy(self.encoder.kernel) + 0\n"
                "            self.encoder.frozen = frozen\n"
                "\n"
                "    def regularizer(",
            ),
            Edit(
                PENALTY,
                "wide(encoder.kernel)",
                'wide(getattr(encoder, "frozen", encoder.kernel))',
            ),
        ),
    ),
    Fault(
        "detached-kernel",
        (
            Edit(
                PENALTY,
                "wide(encoder.kernel)",
                "wide(ops.stop_gradient(encoder.kernel))",
            ),
        ),
    ),
    Fault(
        "other-derivative",
        (
            Edit(
                PENALTY,
                "s = derivative(wide(h))",
                "s = h * (1 - h)",
            ),
        ),
    ),
    Fault(
        "last-layer",
        (
            Edit(
                PENALTY,
                '    if method == "auto":\n',
                "    if isinstance(encoder, keras.Sequential):\n"
                "        for layer in encoder.layers[:-1]:\n"
                "            x = layer(x)\n"
                "        encoder = encoder.layers[-1]\n"
                '    if method == "auto":\n',
            ),
        ),
    ),
    Fault(
        "summed-code",
        (
            Edit(
                PENALTY,
                "        return ops.matmul(ops.square(s), row_norms)\n",
                "        gradient = ops.matmul(s, ops.transpose(encoder.kernel))\n"
                "        return ops.sum(ops.square(gradient), axis=1)\n",
            ),
            Edit(
                PENALTY,
                "return squared_norms(batch_jacobian(function, x))",
                "h = function(x)\n"
                "            return squared_norms(\n"
                "                vector_jacobian_product(function, x, ops.ones_like(h))\n"
                "            )",
            ),
        ),
    ),
    Fault(
        "mean-entry",
        (
            Edit(
                PENALTY,
                "        return ops.matmul(ops.square(s), row_norms)\n",
                "        inputs, units = encoder.kernel.shape\n"
                "        return ops.matmul(ops.square(s), row_norms) / (inputs * units)\n",
            ),
            Edit(
                PENALTY,
                "return ops.sum(ops.square(wide(derivatives))",
                "return ops.mean(ops.square(wide(derivatives))",
            ),
        ),
    ),
    Fault(
        "square-of-sum",
        (
            Edit(
                PENALTY,
                "ops.sum(ops.square(wide(encoder.kernel)), axis=0)",
                "ops.square(ops.sum(encoder.kernel, axis=0))",
            ),
        ),
    ),
    Fault(
        "no-bias-gradient",
        (
            Edit(
                PENALTY,
                "        h = encoder(x) if h is None else h\n",
                "        bias = ops.stop_gradient(encoder.bias)\n"
                "        h = encoder.activation(ops.matmul(x, encoder.kernel) + bias)\n",
            ),
        ),
    ),
    Fault(
        "pixel-mean",
        (
            Edit(
                ABSTRACT,
                "return ops.sum(ops.reshape(per_entry, (batch, entries)), axis=1)",
                "return ops.mean(ops.reshape(per_entry, (batch, entries)), axis=1)",
            ),
        ),
    ),
)

# Faults that no public code is known to have: one for each thing that the CAE+H adds, then for each
# that tangent propagation does, and for each that the Jacobian of a classifier does.
OWN_FAULTS = tuple(
    Fault(name, (Edit(file, old, new),), (f"tests/models/{test}.py",))
    for file, test, name, old, new in (
        (
            HIGHER_ORDER,
            "test_higher_order",
            "change-of-codes",  # instead of the change of their derivatives
            "change = derivative(wide(h)) - derivative(wide(encoder(moved)))",
            "change = wide(h) - wide(encoder(moved))",
        ),
        (
            HIGHER_ORDER,
            "test_higher_order",
            "change-without-weights",
            "row_norms = ops.sum(ops.square(wide(encoder.kernel)), axis=0)",
            "row_norms = ops.sum(ops.stop_gradient(ops.square(wide(encoder.kernel))), axis=0)",
        ),
        (
            HIGHER_ORDER,
            "test_higher_order",
            "change-half-detached",
            "derivative(wide(encoder(moved)))",
            "ops.stop_gradient(derivative(wide(encoder(moved))))",
        ),
        (
            HIGHER_ORDER,
            "test_higher_order",
            "change-summed-over-draws",
            "return total / self.draws",
            "return total",
        ),
        (
            HIGHER_ORDER,
            "test_higher_order",
            "change-unweighted",
            "return contraction + self.curvature * change",
            "return contraction + change",
        ),
        (
            TANGENTS,
            "test_tangent_classifier",
            "tangents-before-output",  # J u without the output layer
            "return last(logits(x))",
            "return self.encoder(x)",
        ),
        (
            TANGENTS,
            "test_tangent_classifier",
            "tangents-of-logits",
            "return last(logits(x))",
            "return logits(x)",
        ),
        (
            TANGENTS,
            "test_tangent_classifier",
            "tangents-averaged",
            "ops.sum(ops.square(changes), axis=(1, 2))",
            "ops.mean(ops.sum(ops.square(changes), axis=2), axis=1)",
        ),
        (
            TANGENTS,
            "test_tangent_classifier",
            "tangents-not-squared",
            "ops.square(changes)",
            "ops.abs(changes)",
        ),
        (
            TANGENTS,
            "test_tangent_classifier",
            "tangents-summed-first",  # the square of the change along the sum of the tangents
            "ops.sum(ops.square(changes), axis=(1, 2))",
            "ops.sum(ops.square(ops.sum(changes, axis=1)), axis=1)",
        ),
        (
            TANGENTS,
            "test_tangent_classifier",
            "tangents-detached",
            "penalty = average(self.tangent_penalty(*x), sample_weight)",
            "penalty = ops.stop_gradient(average(self.tangent_penalty(*x), sample_weight))",
        ),
        (
            TANGENTS,
            "test_tangent_classifier",
            "tangents-unweighted",
            "self.tangent_weight * penalty",
            "penalty",
        ),
        (
            JACOBIAN,
            "test_jacobian_classifier",
            "answers-of-codes",  # the penalty of the encoder in the place of the classifier's
            "return squared_frobenius_norm(self, x",
            "return squared_frobenius_norm(self.encoder, x",
        ),
        (
            JACOBIAN,
            "test_jacobian_classifier",
            "answers-detached",
            "penalty = average(self.penalty(x, training), sample_weight)",
            "penalty = ops.stop_gradient(average(self.penalty(x, training), sample_weight))",
        ),
        (
            JACOBIAN,
            "test_jacobian_classifier",
            "answers-unweighted",
            "self.jacobian_weight * penalty",
            "penalty",
        ),
    )
)

# The gradient of the loss itself, which float32 rounds to 0 where the net is sure of its answer.
OWN_FAULTS += (
    Fault(
        "attack-rounded-away",
        (
            Edit(
                ROBUSTNESS,
                "ops.softmax(ops.where(truth > 0, -math.inf, z)) - truth",
                "ops.softmax(z) - truth",
            ),
            Edit(
                ROBUSTNESS,
                "ops.cast(1 - 2 * labels, z.dtype)[:, None]",
                "ops.sigmoid(z) - ops.cast(labels, z.dtype)[:, None]",
            ),
        ),
        ("tests/measures/test_robustness.py",),
    ),
)

# One for each term of a step of a chain.
OWN_FAULTS += tuple(
    Fault(name, (Edit(file, old, new),), ("tests/models/test_sampling.py",))
    for name, file, old, new in (
        (
            "step-without-transpose",  # diag(s') noise in the place of J J^T noise
            PERTURBATION,
            "return s * ops.matmul(back, kernel)",
            "return s * ops.cast(noise, s.dtype)",
        ),
        (
            "step-with-one-slope",
            PERTURBATION,
            "return s * ops.matmul(back, kernel)",
            "return ops.matmul(back, kernel)",
        ),
        (
            "step-with-free-direction",  # J e, with e drawn in the space of the inputs
            PERTURBATION,
            "back = vector_jacobian_product(function, x, noise)",
            "back = keras.random.normal(ops.shape(x), dtype=x.dtype, seed=0)",
        ),
        (
            "step-without-code",  # decodes the noise alone
            CONTRACTIVE,
            "moved = h + ops.cast(",
            "moved = ops.cast(",
        ),
        (
            "step-of-variance",
            CONTRACTIVE,
            "sigma * draw.standard_normal",
            "sigma**2 * draw.standard_normal",
        ),
        (
            "chain-of-probabilities",  # goes on with the means instead of drawn states
            BOLTZMANN,
            "return v, p if probabilities else v",
            "return p, p if probabilities else v",
        ),
    )
)
