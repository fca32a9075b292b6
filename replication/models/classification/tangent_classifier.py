"""A classifier that should not care along the tangents of the data: tangent propagation."""

from typing import Any

import keras
from keras import ops

from replication.checks import check_number
from replication.errors import InputError
from replication.models.autodiff import jacobian_vector_products
from replication.models.classifier import Classifier
from replication.models.fitting.average import average
from replication.models.fitting.first_batch import check_inputs
from replication.models.inference import check_concrete, check_twice_differentiable, inference
from replication.models.precision import floating, wide
from replication.models.unsupervised_model import replicas


@keras.saving.register_keras_serializable(package="replication")
class TangentClassifier(Classifier):
    """A `Classifier` whose answers change little along given directions at each example.

    This is the last stage of the manifold tangent classifier (Rifai, Dauphin, Vincent, Bengio and
    Muller, NIPS 2011, section 4.2, equation 6). For each example x with tangents B_x it adds

        tangent_weight * sum over u in B_x of || d o / d x (x) u ||^2

    to the log-likelihood loss. The paper calls o the output of the net, and prefers a sigmoid
    output layer because equation 3 gives its Jacobian; so o comes after the output's activation.
    Here that is a softmax: o are the class probabilities, or the one probability of a net of two
    classes. Dropout and the like are off in this term.

    Tangents are the directions at an example in which the pre-trained encoder reacts most, see
    `replication.measures.tangents.tangents_of`. They are given to `fit` beside the inputs, in a
    pair; the lengths of the vectors count. To evaluate, classify or validate needs none. Where
    `evaluate` has them, the loss has the term, too.

    Args:
        encoder: Layer or model from (batch, ...) to (batch, d_h).
        classes: Number of classes, at least 2. Labels are 0 .. classes - 1.
        tangent_weight: beta, how much the term counts, at least 0. 0 is a plain `Classifier`.
        seed: Seed of the output layer's initial weights; None draws one.
        **kwargs: Passed on to `Classifier`, which has `dropout`.

    Raises:
        InputError: An argument is out of its range.

    Example:
        >>> net = TangentClassifier.from_pretrained(cae, classes=10, tangent_weight=0.1)
        >>> net.compile(optimizer=keras.optimizers.SGD(0.3))
        >>> net.fit((x, tangents_of(cae.encoder, x, count=5)), y, epochs=50)
        >>> net.evaluate(x_test, y_test, return_dict=True)["error"]  # percent
    """

    def __init__(
        self,
        encoder: keras.Layer,
        classes: int,
        *,
        tangent_weight: float = 0.1,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(encoder, classes, seed=seed, **kwargs)
        self.tangent_weight = check_number("tangent_weight", tangent_weight, 0)

    def build(self, input_shape: Any) -> None:
        """Create the weights for inputs of shape (batch, ...), or for a pair with tangents."""
        is_pair = isinstance(input_shape[0], (tuple, list))
        super().build(tuple(input_shape[0] if is_pair else input_shape))

    def call(self, x: Any, training: bool = False) -> keras.KerasTensor:
        """Compute the output layer's pre-activations, shape (batch, classes) or (batch, 1).

        Args:
            x: Inputs, shape (batch, ...), or a pair of them and their tangents.
            training: Whether dropout and the like are on.
        """
        return super().call(x[0] if _is_pair(x) else x, training=training)

    def tangent_penalty(
        self, x: keras.KerasTensor, tangents: keras.KerasTensor
    ) -> keras.KerasTensor:
        """Compute sum over u of ||d o / d x (x) u||^2, not weighted, for each example: (batch,).

        Args:
            x: Inputs, shape (batch, ...).
            tangents: Their directions u, shape (batch, count, ...).

        Raises:
            InputError: The net has no weights yet, the shapes do not fit, an argument is symbolic,
                or the gradient would be wrong (`LayerNormalization` and the like on TensorFlow).
        """
        check_concrete("the penalty", x, tangents)
        x = floating(x, self.compute_dtype)
        tangents = ops.cast(tangents, x.dtype)
        _check_tangents(x.shape, tangents.shape)
        check_twice_differentiable(self)
        logits = inference(self)
        last = ops.sigmoid if self.classes == 2 else ops.softmax

        def probabilities(x: keras.KerasTensor) -> keras.KerasTensor:
            return last(logits(x))

        changes = wide(jacobian_vector_products(probabilities, x, tangents))
        return ops.sum(ops.square(changes), axis=(1, 2))

    def compute_loss(
        self,
        x: Any = None,
        y: keras.KerasTensor | None = None,
        y_pred: keras.KerasTensor | None = None,
        sample_weight: keras.KerasTensor | None = None,
        training: bool = True,
    ) -> keras.KerasTensor:
        """Compute the log-likelihood loss, plus the term where there are tangents.

        Raises:
            InputError: There are none in training, and the term has a weight.
        """
        loss = super().compute_loss(x, y, y_pred, sample_weight, training=training)
        if self.tangent_weight == 0:
            return loss
        if not _is_pair(x):
            if training:
                raise InputError(
                    "training needs the tangents of the inputs: fit((x, tangents), y), or "
                    f"tangent_weight=0. Received: tangent_weight={self.tangent_weight:g} and "
                    "inputs alone"
                )
            return loss
        penalty = average(self.tangent_penalty(*x), sample_weight)
        return loss + ops.cast(self.tangent_weight * penalty / replicas(), loss.dtype)

    def fit(self, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Fine-tune the whole net, as `Classifier.fit` does.

        Args:
            x: A pair of inputs, shape (n, ...), and tangents, shape (n, count, ...); or a data set
                of such pairs and labels.
            y: Labels, integers of shape (n,) from 0 to classes - 1.
            *args: Passed on to `keras.Model.fit`.
            **kwargs: As `Classifier.fit` takes them. Validation data need no tangents.

        Raises:
            InputError: Inputs or tangents cannot be learned from, or see `Classifier.fit`.
        """
        if _is_pair(x):
            self._check_inputs(x)
        return super().fit(x, y, *args, **kwargs)

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        return {**super().get_config(), "tangent_weight": self.tangent_weight}

    def _check_inputs(self, inputs: Any) -> None:
        if not _is_pair(inputs):
            super()._check_inputs(inputs)
            return
        x, tangents = inputs
        check_inputs(x)
        _check_tangents(x.shape, tangents.shape)
        check_inputs(tangents)


def _is_pair(x: Any) -> bool:
    """Whether inputs come with their tangents."""
    return isinstance(x, (tuple, list)) and len(x) == 2 and all(hasattr(p, "shape") for p in x)


def _check_tangents(inputs: Any, tangents: Any) -> None:
    """Raise where the shapes of inputs and of their tangents do not fit each other."""
    inputs, tangents = tuple(inputs), tuple(tangents)
    # Of a symbolic batch the number of examples may be unknown.
    numbers = {inputs[0], *tangents[:1]} - {None}
    if len(tangents) != len(inputs) + 1 or len(numbers) > 1 or tangents[2:] != inputs[1:]:
        raise InputError(
            "tangents must have shape (n, count, ...) for inputs of shape (n, ...). "
            f"Received: {tangents} for inputs of shape {inputs}"
        )
