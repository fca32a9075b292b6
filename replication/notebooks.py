"""The guard at the top of every notebook."""

from collections.abc import Mapping, MutableMapping

from replication.errors import InputError

_MARK = "_parameters_are_checked"
_IPYTHON = {"In", "Out"}
_LITERALS = (str, int, float, bool, list, tuple, dict, type(None))

Rule = type | tuple[object, ...] | range


def check_parameters(namespace: MutableMapping[str, object], /, **rules: Rule) -> None:
    """Refuse parameters that a notebook does not have, and values that they cannot take.

    Papermill warns of an unknown name, but runs the notebook all the same; the reader of the
    result would never know that the parameter had no effect. Call this right after the cell of
    parameters, before other values are defined:

        check_parameters(globals(), scale=("proof", "published", "full"), seeds=range(1, 101))

    Args:
        namespace: The notebook's `globals()`. At the first call, every plain value in it (number,
            string, list and the like) has to be declared. A later call in the same session checks
            the values only, so that the cell can be run again.
        **rules: One rule for each parameter: a type (an int also passes for float, a bool never
            for a number), a tuple of the values that are allowed, or a range of whole numbers.

    Raises:
        InputError: A name that is not declared, a parameter that is missing, or a value that
            breaks its rule.
    """
    known = ", ".join(rules) or "none"
    if _MARK not in namespace:
        for name, value in namespace.items():
            hidden = name.startswith("_") or name in _IPYTHON or name in rules
            if not hidden and isinstance(value, _LITERALS):
                raise InputError(f"unknown parameter {name!r}; this notebook has: {known}")
    for name, rule in rules.items():
        _check(namespace, name, rule)
    namespace[_MARK] = True


def _check(namespace: Mapping[str, object], name: str, rule: Rule) -> None:
    if name not in namespace:
        raise InputError(f"parameter {name!r} is missing: run the cell of parameters first")
    value = namespace[name]
    if isinstance(rule, tuple):
        # By type as well: True == 1 in Python, and 1 == 1.0.
        allowed = any(type(value) is type(choice) and value == choice for choice in rule)
        expected = "one of " + ", ".join(map(repr, rule))
    elif isinstance(rule, range):
        allowed = type(value) is int and value in rule
        step = f" in steps of {rule.step}" if rule.step != 1 else ""
        expected = f"a whole number from {rule[0]} to {rule[-1]}{step}"
    else:
        kinds = (int, float) if rule is float else rule
        allowed = isinstance(value, kinds) and (rule is bool or not isinstance(value, bool))
        expected = f"of type {rule.__name__}"
    if not allowed:
        raise InputError(f"parameter {name!r} has to be {expected}, not {value!r}")
