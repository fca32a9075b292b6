"""The guard at the top of every notebook."""

import ast
import re
import types
from collections.abc import Iterator, Mapping, MutableMapping, Sequence

from replication.errors import InputError

_MARK = "_parameters_are_checked"
# What IPython puts beside a user's names: In, Out, _, __, _i1, _12, _oh, _exit_code, __name__ ...
_IPYTHON = re.compile(r"In|Out|_+(i+|i?\d+|oh|dh|ih|exit_code)?|__\w+__|__vsc_\w*")
_LITERALS = (str, int, float, bool, list, tuple, dict, type(None))
_SHOWN = 8  # values that a message lists

Rule = type | types.GenericAlias | tuple[object, ...] | list[object] | range


def check_parameters(namespace: MutableMapping[str, object], /, **rules: Rule) -> None:
    """Refuse parameters that a notebook does not have, and values that they cannot take.

    Papermill warns of an unknown name, but runs the notebook all the same; the reader of the
    result would never know that the parameter had no effect. Call this right after the cell of
    parameters, before other values are defined:

        check_parameters(globals(), scale=("proof", "published", "full"), seeds=range(1, 101))

    Args:
        namespace: The notebook's `globals()`. At the first call, every plain value in it (number,
            string, list and the like) has to be declared, and every name that the cells before have
            set, even where an import has replaced it since. A later call in the same session checks
            the values only, so that the cell can be run again.
        **rules: One rule for each parameter: a type (an int also passes for float, a bool never
            for a number), `list[float]` and the like (at least one), a tuple of the values that are
            allowed, a list of those of which some are wanted, each once and at least one, or a
            range of whole numbers.

    Raises:
        InputError: A name that is not declared, a parameter that is missing, or a value that
            breaks its rule.
    """
    known = ", ".join(rules) or "none"
    if _MARK not in namespace:
        plain = [name for name, value in namespace.items() if isinstance(value, _LITERALS)]
        plain = [name for name in plain if not _IPYTHON.fullmatch(name)]
        # What a cell sets is a parameter, whatever names IPython likes to use itself.
        for name in (*_set_before(namespace), *plain):
            if name not in rules:
                raise InputError(f"unknown parameter {name!r}; this notebook has: {known}")
    for name, rule in rules.items():
        _check(namespace, name, rule)
    namespace[_MARK] = True


def _set_before(namespace: Mapping[str, object]) -> Iterator[str]:
    """Yield the names that the cells before this one have set, as IPython keeps their text."""
    cells = namespace.get("In")
    for text in cells[:-1] if isinstance(cells, list) else ():
        try:
            statements = ast.parse(str(text)).body
        except SyntaxError:
            continue  # a command of IPython's
        for statement in statements:
            if isinstance(statement, ast.Assign):
                names = [node for target in statement.targets for node in ast.walk(target)]
                found = (node.id for node in names if isinstance(node, ast.Name))
                yield from (name for name in found if name in namespace)


def _listed(values: Sequence[object]) -> str:
    """Some values in words, and how many there are where there are many."""
    if len(values) <= _SHOWN:
        return ", ".join(map(repr, values))
    few = [*map(repr, values[: _SHOWN - 2]), "...", repr(values[-1])]
    return f"{', '.join(few)} ({len(values)} values)"


def _among(value: object, choices: Sequence[object]) -> bool:
    # By type as well: True == 1 in Python, and 1 == 1.0.
    return any(type(value) is type(choice) and value == choice for choice in choices)


def _is(value: object, kind: type) -> bool:
    kinds = (int, float) if kind is float else kind
    return isinstance(value, kinds) and (kind is bool or not isinstance(value, bool))


def _check(namespace: Mapping[str, object], name: str, rule: Rule) -> None:
    if name not in namespace:
        raise InputError(f"parameter {name!r} is missing: run the cell of parameters first")
    value = namespace[name]
    if isinstance(rule, tuple):
        allowed = _among(value, rule)
        expected = f"one of {_listed(rule)}"
    elif isinstance(rule, list):
        some = value if isinstance(value, list) else []
        allowed = all(_among(one, rule) for one in some) and len(some) > 0
        allowed = allowed and len({*map(repr, some)}) == len(some)
        expected = f"a list of some of {_listed(rule)}, each once"
    elif isinstance(rule, range):
        allowed = type(value) is int and value in rule
        step = f" in steps of {rule.step}" if rule.step != 1 else ""
        expected = f"a whole number from {rule[0]} to {rule[-1]}{step}"
    elif isinstance(rule, types.GenericAlias):
        (kind,) = rule.__args__
        allowed = isinstance(value, list) and bool(value) and all(_is(one, kind) for one in value)
        expected = f"a list of at least one {kind.__name__}"
    else:
        allowed = _is(value, rule)
        expected = f"of type {rule.__name__}"
    if not allowed:
        raise InputError(f"parameter {name!r} has to be {expected}, not {_short(value)}")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:97]}..."
