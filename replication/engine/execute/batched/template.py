"""One Keras model through which all members of a population are computed."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jax
import keras
import numpy as np

Values = list[Any]
"""The values of some variables, in Keras's order."""
State = dict[str, Values]
"""What training changes: "trainable", "carried" (random states), "optimizer" and "metrics"."""
Objective = Callable[[keras.Model, jax.Array, Any], jax.Array]
"""Takes a model, a batch of inputs and their labels, None where there are none, to the loss."""


class Template:
    """A model and its optimiser as functions of the values of their variables.

    Nothing is computed but by Keras: inside a `keras.StatelessScope` the variables have the values
    of one member, and what the model assigns is read back from the scope. The functions are those
    of a single member; a population maps them over its own.

    Args:
        model: A built model.
        objective: Its loss.
        optimizer: The optimiser. Each member has a rate of its own.
        lower: Built models of the layers below, which encode the inputs.
        tracked: Metrics of the model whose means over an epoch are wanted beside the loss's.
        attributes: Names of the model's attributes in which members differ.
        decay_steps: The rate falls linearly to 0 over so many steps; None keeps it.
    """

    def __init__(
        self,
        model: keras.Model,
        objective: Objective,
        optimizer: keras.optimizers.Optimizer,
        *,
        lower: Sequence[keras.Model] = (),
        tracked: Sequence[keras.metrics.Metric] = (),
        attributes: Sequence[str] = (),
        decay_steps: int | None = None,
    ) -> None:
        self.model, self.lower, self._optimizer = model, tuple(lower), optimizer
        self._objective, self._attributes = objective, tuple(attributes)
        self._decay_steps = decay_steps
        self._loss = keras.metrics.Mean(name="loss")
        self._metrics = (self._loss, *tracked)
        optimizer.build(model.trainable_variables)
        names = [variable.name for variable in optimizer.variables]
        self._rate, self._iteration = names.index("learning_rate"), names.index("iteration")

    def initial(self, model: keras.Model, rate: float) -> State:
        """Return the state of a member before its first step, as NumPy arrays.

        Args:
            model: A model like the template's with the member's initial weights.
            rate: The member's learning rate.
        """
        optimizer = _values(self._optimizer.variables)
        optimizer[self._rate] = np.float32(rate)
        return {
            "trainable": _values(model.trainable_variables),
            "carried": _values(model.non_trainable_variables),
            "optimizer": optimizer,
            "metrics": self.no_metrics(),
        }

    def constants(
        self, model: keras.Model, rate: float, lower: Sequence[Values] = ()
    ) -> dict[str, Any]:
        """Return in what a member differs from others and what training leaves as it is.

        Args:
            model: A model like the template's with the member's attributes.
            rate: The member's learning rate.
            lower: Its weights of each layer below, as `keras.Model.get_weights` lists them.
        """
        return {
            "attributes": {n: np.asarray(getattr(model, n), np.float32) for n in self._attributes},
            "lower": [list(weights) for weights in lower],
            "rate": np.float32(rate),
        }

    def no_metrics(self) -> Values:
        """Return the values of the metrics' variables at the beginning of an epoch."""
        return [np.zeros(variable.shape, np.float32) for variable in self._metric_variables]

    def step(self, state: State, constants: Mapping[str, Any], x: jax.Array, y: Any) -> State:
        """Train a member on a batch.

        Args:
            state: Its state.
            constants: What `constants` returned.
            x: Inputs, shape (batch, features).
            y: Labels, shape (batch,), or None.
        """
        losses = jax.grad(self._loss_of, has_aux=True)
        gradients, (carried, metrics) = losses(state["trainable"], state, constants, x, y)
        trainable, optimizer = self._optimizer.stateless_apply(
            self._at_its_rate(state["optimizer"], constants["rate"]), gradients, state["trainable"]
        )
        return {
            "trainable": trainable,
            "carried": carried,
            "optimizer": optimizer,
            "metrics": metrics,
        }

    def results(self, metrics: Values) -> list[jax.Array]:
        """Compute the mean of the loss and of each tracked metric over the steps so far.

        Args:
            metrics: A member's values of the metrics' variables.
        """
        with keras.StatelessScope(state_mapping=_mapping(self._metric_variables, metrics)):
            return [metric.result() for metric in self._metrics]

    def outputs(self, trainable: Values, x: jax.Array) -> jax.Array:
        """Compute what the model makes of inputs.

        Args:
            trainable: A member's values of the trainable variables.
            x: Inputs, shape (n, features).
        """
        with keras.StatelessScope(
            state_mapping=_mapping(self.model.trainable_variables, trainable)
        ):
            return self.model(x)

    @property
    def _metric_variables(self) -> list[keras.Variable]:
        return [variable for metric in self._metrics for variable in metric.variables]

    def _loss_of(
        self, trainable: Values, state: State, constants: Mapping[str, Any], x: jax.Array, y: Any
    ) -> tuple[jax.Array, tuple[Values, Values]]:
        """The loss on a batch, and the variables that computing it has changed."""
        carried = self.model.non_trainable_variables
        mapping = [
            *_mapping(self.model.trainable_variables, trainable),
            *_mapping(carried, state["carried"]),
            *_mapping(self._metric_variables, state["metrics"]),
        ]
        for model, weights in zip(self.lower, constants["lower"], strict=True):
            mapping += _mapping(model.weights, weights)
        with (
            keras.StatelessScope(state_mapping=mapping) as scope,
            _with_attributes(self.model, constants["attributes"]),
        ):
            for model in self.lower:
                x = model.encode(x)
            loss = self._objective(self.model, x, y)
            # As Keras's `fit` does: a smaller last batch counts for less.
            self._loss.update_state(loss, sample_weight=len(x))
        now = scope.get_current_value
        return loss, ([now(v) for v in carried], [now(v) for v in self._metric_variables])

    def _at_its_rate(self, optimizer: Values, rate: jax.Array) -> Values:
        """The optimiser's variables with the rate of this step."""
        if self._decay_steps is None:
            return optimizer
        falling = keras.optimizers.schedules.PolynomialDecay(
            rate, self._decay_steps, end_learning_rate=0.0
        )
        values = list(optimizer)
        values[self._rate] = falling(optimizer[self._iteration])
        return values


def _mapping(variables: Sequence[keras.Variable], values: Values) -> list[tuple]:
    return list(zip(variables, values, strict=True))


def _values(variables: Sequence[keras.Variable]) -> Values:
    return [keras.ops.convert_to_numpy(variable) for variable in variables]


@contextlib.contextmanager
def _with_attributes(model: keras.Model, attributes: Mapping[str, Any]) -> Iterator[None]:
    """Give a model other attributes for a while: those of a member, while it is traced."""
    before = {name: getattr(model, name) for name in attributes}
    try:
        for name, value in attributes.items():
            setattr(model, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(model, name, value)
