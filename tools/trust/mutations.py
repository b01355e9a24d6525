"""Small mistakes that somebody could make in a module, each as a change of its source."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATIONS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
METHODS = {
    "sum": "max",
    "max": "min",
    "min": "max",
    "mean": "max",
    "isnull": "notnull",
    "notnull": "isnull",
    "inner_join": "left_join",
    "left_join": "inner_join",
    "semi_join": "anti_join",
    "anti_join": "semi_join",
    "any": "all",
    "all": "any",
}
TYPES = {"bool", "bytes", "date", "dict", "float", "int", "list", "set", "str", "tuple"}
KEPT_CALLS = ("Column", "TableSpec", "Indicator", "Law", "Literal", "TypeVar", "dataclass")
"""Calls that declare and do not compute; texts in them are held by tests of their own."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change of a module.

    Attributes
    ----------
    module
        Name of the module.
    line
        Number of the line that it begins in.
    text
        That line, without blanks at its ends.
    change
        What stands there and what is put in its place.
    number
        Which of the module's changes it is.
    """

    module: str
    line: int
    text: str
    change: str
    number: int


def mutations(module: str, source: str) -> list[Mutation]:
    """Return every change of a module, in the order of its source."""
    lines = source.splitlines()
    tree = ast.parse(source)
    return [
        Mutation(module, node.lineno, lines[node.lineno - 1].strip(), change, number)
        for number, (node, change, _) in enumerate(_changes(tree))
    ]


def mutated(source: str, number: int) -> ast.Module:
    """Return a module with one of its changes made."""
    tree = ast.parse(source)
    place = next(found for at, found in enumerate(_changes(tree)) if at == number)
    node, _, instead = place
    done = _Replacing(node, instead).visit(tree)
    assert isinstance(done, ast.Module)
    return ast.fix_missing_locations(done)


class _Replacing(ast.NodeTransformer):
    """Put a node in the place of another."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self.old = old
        self.new = new

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the node, or what stands in its place."""
        if node is self.old:
            return ast.copy_location(self.new, node)
        return self.generic_visit(node)


Change = tuple[ast.expr, str, ast.expr]


def _changes(tree: ast.AST) -> Iterator[Change]:
    """Yield an expression, what is changed in it in words, and what stands in its place."""
    for node in _computing(tree):
        yield from _of_comparison(node)
        yield from _of_operation(node)
        yield from _of_condition(node)
        yield from _of_call(node)
        yield from _of_constant(node)


def _computing(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions that compute: no annotation, declaration, message or text alone."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Assert | ast.Raise | ast.Import | ast.ImportFrom):
        return
    if isinstance(node, ast.Call) and _name(node.func) in KEPT_CALLS:
        return
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.expr):
        yield node
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _computing(child)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _of_comparison(node: ast.expr) -> Iterator[Change]:
    if not isinstance(node, ast.Compare):
        return
    operator = type(node.ops[0])
    if operator in COMPARISONS:
        other = copy.copy(node)
        other.ops = [COMPARISONS[operator](), *node.ops[1:]]
        yield node, f"{operator.__name__} -> {COMPARISONS[operator].__name__}", other


def _of_operation(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        if isinstance(node.op, ast.BitOr) and _is_type(node.left) and _is_type(node.right):
            return
        other = copy.copy(node)
        other.op = OPERATIONS[type(node.op)]()
        yield node, f"{type(node.op).__name__} -> {type(other.op).__name__}", other


def _is_type(node: ast.expr) -> bool:
    """Return whether a side of `|` is one of several types."""
    if isinstance(node, ast.BinOp):
        return _is_type(node.left) and _is_type(node.right)
    if isinstance(node, ast.Subscript):
        return _is_type(node.value)
    if isinstance(node, ast.Constant):
        return node.value is None
    name = _name(node)
    return name in TYPES or (name[:1].isupper() and not name.isupper())


def _of_condition(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        other = copy.copy(node)
        other.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield node, f"{type(node.op).__name__} -> {type(other.op).__name__}", other
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
        yield node, f"without {type(node.op).__name__}", node.operand
    if isinstance(node, ast.IfExp):
        other_way = ast.IfExp(test=node.test, body=node.orelse, orelse=node.body)
        yield node, "branches exchanged", other_way


def _of_call(node: ast.expr) -> Iterator[Change]:
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
        other = copy.copy(node)
        other.func = ast.Attribute(node.func.value, METHODS[node.func.attr], ast.Load())
        yield node, f"{node.func.attr} -> {METHODS[node.func.attr]}", other
    if any(keyword.arg == "where" for keyword in node.keywords):
        other = copy.copy(node)
        other.keywords = [keyword for keyword in node.keywords if keyword.arg != "where"]
        yield node, "without where", other


def _of_constant(node: ast.expr) -> Iterator[Change]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield node, f"{value} -> {not value}", ast.Constant(not value)
    elif isinstance(value, int | float):
        yield node, f"{value} -> {value + 1}", ast.Constant(value + 1)
