"""A population on the device: its members' states, trained an epoch at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import jax
import numpy as np

from replication.engine.batches import orders
from replication.engine.execute.batched.ahead import Ahead, shape
from replication.engine.execute.batched.template import State, Template

# A dispatch on a processor takes about so many seconds, after which it can be saved; on an
# accelerator it is an epoch, which takes less.
_SECONDS, _OPERATIONS_PER_SECOND = 10.0, 3e10
_SAFE = "promise_in_bounds"  # the rows come from permutations


class Program:
    """The compiled functions of a template, mapped over members; made once for many populations.

    Args:
        template: Computes one member.
        batch_size: Examples per batch.
        epochs: How often every example is seen.
    """

    def __init__(self, template: Template, batch_size: int, epochs: int) -> None:
        self.template, self.batch_size, self.epochs = template, batch_size, epochs
        # The states change in place: there is no room for them twice.
        self.advance = Ahead(self._advance, donated=0)
        self.results = Ahead(jax.vmap(template.results))

    def prepare(
        self, members: int, orders: int, examples: int, x: jax.Array, y: jax.Array | None = None
    ) -> None:
        """Compile what a population needs.

        Args:
            members: How many it will have.
            orders: How many distinct orders of examples.
            examples: How many there are in an epoch.
            x, y: Inputs and labels of the data set, on the device.
        """
        template = self.template
        one = template.initial(template.model, 0.0)
        lower = [model.get_weights() for model in template.lower]
        state, constants = jax.tree_util.tree_map(
            lambda value: shape(value, [members]),
            (one, template.constants(template.model, 0, lower)),
        )
        for steps, size in sorted(set(self.dispatches(members, examples))):
            batches = shape(np.zeros((steps, orders, size), np.int32))
            self.advance.prepare(
                state, constants, batches, shape(np.zeros(members, np.int32)), x, y
            )
        self.results.prepare(state["metrics"])

    def dispatches(self, members: int, examples: int) -> list[tuple[int, int]]:
        """List the calls of an epoch: number of batches, and examples in each.

        Args:
            members: Number of members.
            examples: Number of examples in an epoch.
        """
        whole, rest = divmod(examples, self.batch_size)
        calls = 1
        if jax.devices()[0].platform == "cpu":
            numbers = members * sum(v.value.size for v in self.template.model.trainable_variables)
            seconds = 6 * numbers * self.batch_size * whole / _OPERATIONS_PER_SECOND
            calls = max(1, round(seconds / _SECONDS))
        length = -(-whole // calls)
        lengths = [min(length, whole - start) for start in range(0, whole, length or 1)]
        last = [(1, rest)] if rest else []
        return [(steps, self.batch_size) for steps in lengths] + last

    def _advance(
        self,
        state: State,
        constants: Mapping[str, Any],
        batches: jax.Array,
        order_of: jax.Array,
        x: jax.Array,
        y: jax.Array | None,
    ) -> State:
        """Train all members on some batches.

        Args:
            state: Their states, members along the first axis.
            constants: Likewise, what training leaves as it is.
            batches: Examples of each batch of each order, shape (steps, orders, batch).
            order_of: Which order each member has, shape (members,).
            x, y: Inputs and labels of the data set, the same for all.
        """

        def of_member(state: State, constants: Mapping[str, Any], rows: jax.Array) -> State:
            # Taken here and not for the epoch: a copy of the data for each member has no room.
            inputs = x.at[rows].get(mode=_SAFE)
            labels = None if y is None else y.at[rows].get(mode=_SAFE)
            return self.template.step(state, constants, inputs, labels)

        def step(state: State, rows: jax.Array) -> tuple[State, None]:
            return jax.vmap(of_member)(state, constants, rows[order_of]), None

        return jax.lax.scan(step, state, batches)[0]


class Orders:
    """The order of the examples in each epoch, for each distinct seed, as in `fit`.

    Args:
        seeds: Seed of each member's order.
        examples: Number of examples of an epoch.
        chosen: Which examples of the data set they are, by seed; None is the first ones.
    """

    def __init__(
        self,
        seeds: Sequence[int],
        examples: int,
        chosen: Mapping[int, np.ndarray] | None = None,
    ) -> None:
        distinct = list(dict.fromkeys(seeds))
        self.examples = examples
        self.of_member = np.array([distinct.index(seed) for seed in seeds], np.int32)
        self._chosen = [None if chosen is None else chosen[seed] for seed in distinct]
        self._orders = [orders(examples, seed) for seed in distinct]
        for one in self._orders:
            next(one)  # `Batches` draws this one, and Keras asks for another before it begins

    def next(self) -> np.ndarray:
        """Draw those of the next epoch, shape (orders, examples)."""
        drawn = [next(one) for one in self._orders]
        rows = [
            order if chosen is None else chosen[order]
            for order, chosen in zip(drawn, self._chosen, strict=True)
        ]
        return np.stack(rows).astype(np.int32)


class Population:
    """Members that are trained side by side.

    Args:
        program: What trains them.
        states: State of each member.
        constants: What training leaves as it is, of each member.
        orders: The order of the examples.
        x, y: Inputs and labels of the data set, on the device; None where there are no labels.

    Attributes:
        size: Number of members.
        epochs: Number of finished epochs.
    """

    def __init__(
        self,
        program: Program,
        states: Sequence[State],
        constants: Sequence[Mapping[str, Any]],
        orders: Orders,
        x: jax.Array,
        y: jax.Array | None = None,
    ) -> None:
        self.program, self.size, self.epochs = program, len(states), 0
        self._state, self._constants = stacked(states), stacked(constants)
        self._orders, self._order_of = orders, on_device(orders.of_member)
        self._x, self._y = x, y
        self._steps = 0  # of the epoch in hand
        self._next: np.ndarray | None = None

    @property
    def weights(self) -> list[jax.Array]:
        """All weights as Keras lists them, members along the first axis; gone likewise."""
        model, state = self.program.template.model, self._state
        variables = [*model.trainable_variables, *model.non_trainable_variables]
        values = [*state["trainable"], *state["carried"]]
        known = {id(v): value for v, value in zip(variables, values, strict=True)}
        return [known[id(weight)] for weight in model.weights]

    @property
    def trainable(self) -> list[jax.Array]:
        """The trainable variables, members along the first axis; gone after the next epoch."""
        return self._state["trainable"]

    def epoch(self, pause: Callable[[], None]) -> np.ndarray:
        """Train until the end of an epoch, and return means over it, shape (metrics, members).

        Args:
            pause: Is called between the dispatches of an epoch that has several.
        """
        program = self.program
        order = self._orders.next() if self._next is None else self._next
        for number, batches in enumerate(self._parts(order, self._steps)):
            if number:
                jax.block_until_ready(self._state)
                pause()
            self._state = program.advance(
                self._state, self._constants, batches, self._order_of, self._x, self._y
            )
            self._steps += len(batches)
        results = program.results(self._state["metrics"])
        nothing = [np.stack([value] * self.size) for value in program.template.no_metrics()]
        self._state["metrics"] = [on_device(value) for value in nothing]
        self.epochs, self._steps = self.epochs + 1, 0
        # Drawn while the device computes, which is what takes the time.
        self._next = self._orders.next() if self.epochs < program.epochs else None
        return np.stack([np.asarray(result) for result in results])

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the members' states, by a name for each variable."""
        state = jax.device_get(self._state)
        return {f"{name}/{i}": v for name, values in state.items() for i, v in enumerate(values)}

    @property
    def position(self) -> dict[str, int]:
        """How far the training is."""
        return {"epochs": self.epochs, "steps": self._steps}

    def restore(self, arrays: Mapping[str, np.ndarray], epochs: int, steps: int) -> None:
        """Go on from where `arrays` and `position` were taken, before the first epoch.

        Args:
            arrays: The members' states.
            epochs, steps: How far they are.
        """
        self._state = {
            name: [on_device(arrays[f"{name}/{i}"]) for i in range(len(values))]
            for name, values in self._state.items()
        }
        self.epochs, self._steps = epochs, steps
        for _ in range(epochs):
            self._orders.next()

    def _parts(self, order: np.ndarray, done: int) -> Iterator[jax.Array]:
        """An epoch after some steps: batches (steps, orders, batch) of one dispatch each."""
        first = step = 0
        for steps, size in self.program.dispatches(self.size, self._orders.examples):
            rows = order[:, first : first + steps * size]
            batches = rows.reshape(len(order), steps, size).swapaxes(0, 1)
            left = batches[max(0, done - step) :]
            if len(left):
                yield on_device(left)
            first, step = first + steps * size, step + steps


def stacked(members: Sequence[Any]) -> Any:
    """Put the members' values on the device, along a new first axis.

    Args:
        members: Trees of the same form, one a member.
    """
    return jax.tree_util.tree_map(lambda *values: on_device(np.stack(values)), *members)


def on_device(value: np.ndarray) -> jax.Array:
    """Put an array where populations are trained, whatever else goes on on the processor.

    Args:
        value: The array.
    """
    return jax.device_put(value, jax.devices()[0])
