"""Small faults in Python source, one at a time, by its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple


class Mutation(NamedTuple):
    """One fault: where it is, what it is, and the whole source with it ("" where it was not asked for).

    ``function`` and ``what`` do not change when lines move: together they name a fault for good.
    """

    line: int
    function: str
    what: str
    source: str


_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
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
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
_NAMES = {"all": "any", "any": "all", "min": "max", "max": "min", "sorted": "list", "lcm": "gcd"}
#: What only words or types depend on.
_SKIPPED = (ast.JoinedStr, ast.Assert, ast.Import, ast.ImportFrom)
#: Arguments that guard against slips of the programmer, not against certificates.
_KEYWORDS = ("strict",)


def mutations(source: str, *, written: bool) -> Iterator[Mutation]:
    """All faults of the kinds below, in the order of the source; ``written``: with their sources, which takes long."""
    tree = ast.parse(source)
    yield from sorted(_inside(tree, tree, "", written=written), key=lambda mutation: mutation.line)


def _inside(tree: ast.Module, parent: ast.AST, function: str, *, written: bool) -> Iterator[Mutation]:
    if isinstance(parent, ast.FunctionDef | ast.ClassDef):
        function = f"{function}.{parent.name}".lstrip(".")
    for field, value in ast.iter_fields(parent):
        if field in ("annotation", "returns") or isinstance(parent, ast.Raise):
            continue
        children = value if isinstance(value, list) else [value]
        for index, child in enumerate(children):
            if not isinstance(child, ast.AST) or isinstance(child, _SKIPPED):
                continue
            if isinstance(child, ast.keyword) and child.arg in _KEYWORDS:
                continue
            for what, replacement in _faults(child, parent, field):
                changed = ""
                if written:
                    _set(parent, field, index, replacement)
                    changed = _source(tree)
                    _set(parent, field, index, child)
                yield Mutation(getattr(child, "lineno", 0), function, what, changed)
            yield from _inside(tree, child, function, written=written)


def _set(parent: ast.AST, field: str, index: int, child: ast.AST) -> None:
    value = getattr(parent, field)
    if isinstance(value, list):
        value[index] = child
    else:
        setattr(parent, field, child)


def _source(tree: ast.Module) -> str:
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _faults(node: ast.AST, parent: ast.AST, field: str) -> Iterator[tuple[str, ast.AST]]:
    """What may be put in the place of ``node``, and in words."""
    if isinstance(node, ast.stmt):
        if isinstance(node, ast.Raise | ast.Continue | ast.AugAssign) or _is_call(node):
            condition = f" (if {_short(parent.test)})" if isinstance(parent, ast.If) and field == "body" else ""
            yield f"left out: {_short(node)}{condition}", ast.Pass()
        if isinstance(node, ast.AugAssign) and type(node.op) in _ARITHMETIC:
            yield _becomes(node, ast.AugAssign(node.target, _ARITHMETIC[type(node.op)](), node.value))
        return
    if isinstance(node, ast.expr):
        if field in ("test", "ifs") and not isinstance(parent, ast.While):
            yield _becomes(node, ast.Constant(True))
            if not (isinstance(parent, ast.If) and isinstance(parent.body[0], ast.Raise)):  # left out below
                yield _becomes(node, ast.Constant(False))
        for replacement in _expressions(node, parent):
            what, _ = _becomes(node, replacement)
            yield (f"{_short(parent)}: {what}" if isinstance(node, ast.Constant | ast.Name) else what), replacement


def _is_call(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def _expressions(node: ast.expr, parent: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.BoolOp):
        for index in range(len(node.values)):
            left = node.values[:index] + node.values[index + 1 :]
            yield left[0] if len(left) == 1 else ast.BoolOp(node.op, left)
    elif isinstance(node, ast.Compare):
        yield from _comparisons(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        if not _bound(node, parent):
            yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Name) and node.id in _NAMES and isinstance(parent, ast.Call) and parent.func is node:
        yield ast.Name(_NAMES[node.id], ast.Load())
    elif isinstance(node, ast.Attribute) and node.attr in _NAMES:
        yield ast.Attribute(node.value, _NAMES[node.attr], ast.Load())


def _bound(node: ast.Constant, parent: ast.AST) -> bool:
    """Whether, between integers, the next number is what relaxing the comparison already gives."""
    if not isinstance(parent, ast.Compare):
        return False
    if parent.left is node:
        return isinstance(parent.ops[0], ast.LtE)
    return isinstance(parent.ops[parent.comparators.index(node)], ast.Lt)


def _comparisons(node: ast.Compare) -> Iterator[ast.expr]:
    """Another operator; of a chain also the first and the last comparison left out."""
    for index, operator in enumerate(node.ops):
        others = [*node.ops[:index], _COMPARISONS[type(operator)](), *node.ops[index + 1 :]]
        yield ast.Compare(node.left, others, node.comparators)
    if len(node.ops) > 1:
        yield ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:])
        yield ast.Compare(node.left, node.ops[:-1], node.comparators[:-1])


def _becomes(old: ast.AST, new: ast.AST) -> tuple[str, ast.AST]:
    return f"{_short(old)}  ->  {_short(new)}", new


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(ast.fix_missing_locations(node)).split())
    return text if len(text) <= 100 else f"{text[:97]}..."
