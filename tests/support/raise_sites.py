"""Where a module raises, and where an error came from: for tests that reach every raise site."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

#: A file and a line.
Site = tuple[str, int]

_RAISING_CALLS = frozenset({"fail", "_refuse", "_refuse_long"})


def raise_sites(module: ModuleType) -> dict[Site, range]:
    """Every ``raise`` and every call of a function that always raises, with the lines it spans."""
    assert module.__file__ is not None
    path = str(Path(module.__file__).resolve())
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.stmt))
    found = [node for node in statements if isinstance(node, ast.Raise) or _is_raising_call(node)]
    return {(path, node.lineno): range(node.lineno, (node.end_lineno or node.lineno) + 1) for node in found}


def _is_raising_call(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    function = node.value.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _RAISING_CALLS


def origins(error: BaseException) -> set[Site]:
    """Every line that ``error``, and the errors that it replaced, passed through."""
    result: set[Site] = set()
    current: BaseException | None = error
    while current is not None:
        trace = current.__traceback__
        while trace is not None:
            result.add((str(Path(trace.tb_frame.f_code.co_filename).resolve()), trace.tb_lineno))
            trace = trace.tb_next
        current = current.__context__
    return result


def unreached(modules: list[ModuleType], reached: set[Site]) -> list[str]:
    """The raise sites of ``modules`` that no error came from, as ``file:line``."""
    return [
        f"{Path(path).name}:{line}"
        for module in modules
        for (path, line), lines in raise_sites(module).items()
        if not any((path, number) in reached for number in lines)
    ]
