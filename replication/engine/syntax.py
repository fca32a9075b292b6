"""What Python source computes, as text, without its layout, docstrings and types."""

import ast
import importlib.util
from collections.abc import Callable, Iterator

# Fields of a syntax tree that compute nothing, and those that hold statements.
_NO_CODE = {"annotation", "returns", "type_comment", "type_params", "kind", "ctx"}
_BLOCKS = {"body", "orelse", "finalbody"}


def imports_of(tree: ast.Module, package: str) -> Iterator[tuple[str, str]]:
    """Yield the local and the full dotted name of whatever is imported, wherever in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, alias.name
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level + (node.module or "")
            for alias in node.names:
                module = importlib.util.resolve_name(dots, package)
                yield alias.asname or alias.name, f"{module}.{alias.name}"


def targets_of(statement: ast.AST) -> set[str]:
    """The names that a statement assigns to."""
    if isinstance(statement, ast.AnnAssign | ast.AugAssign):
        return {dotted(statement.target) or ""}
    if isinstance(statement, ast.Assign):
        return {dotted(target) or "" for target in statement.targets}
    return set()


def counts(statement: ast.AST, of_class: bool = False) -> bool:
    """Whether a statement computes something, other than imports, docstrings and `__all__`."""
    if isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass):
        return False
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.If):  # if TYPE_CHECKING
        return any(map(counts, [*statement.body, *statement.orelse]))
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return of_class  # the field of a dataclass
    return "__all__" not in targets_of(statement)


def dotted(node: ast.AST) -> str | None:
    """The dotted name that an expression is, such as a.b.c; None where it is something else."""
    if isinstance(node, ast.Name):
        return node.id
    before = dotted(node.value) if isinstance(node, ast.Attribute) else None
    return f"{before}.{node.attr}" if before and isinstance(node, ast.Attribute) else None


def text_of(node: object, resolve: Callable[[str], str]) -> str:
    """What a syntax tree computes as text, the same in every version of Python."""
    if isinstance(node, list):
        return f"[{', '.join(text_of(one, resolve) for one in node)}]"
    if not isinstance(node, ast.AST):
        return ascii(node)
    name = dotted(node)
    if name is not None:
        return f"Name({resolve(name)})"
    if isinstance(node, ast.AnnAssign):
        target, assigned = node.target, node.value
        node = ast.Assign(targets=[target], value=assigned) if assigned else ast.Expr(value=target)
    fields = []
    for field, value in ast.iter_fields(node):
        if field in _BLOCKS and isinstance(value, list):
            value = [one for one in value if counts(one, isinstance(node, ast.ClassDef))]
        if field not in _NO_CODE and value is not None and value != []:
            fields.append(f"{field}={text_of(value, resolve)}")
    return f"{type(node).__name__}({', '.join(fields)})"
