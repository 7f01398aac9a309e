"""Whatever a public call says that it raises can be named, and caught, from the top of the package."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import subgrad_hardness as sh

_RAISED = re.compile(r"\b(\w+Error|LimitReached|Interrupted|Disagreement)\b")
#: Python's own.
_BUILTIN = {"ValueError", "TypeError", "AttributeError", "ImportError", "KeyError", "OSError", "MemoryError"}


def test_every_documented_exception_is_at_the_top() -> None:
    named: set[str] = set()
    for name in sh.__all__:
        text = inspect.getdoc(getattr(sh, name)) or ""
        named |= set(_RAISED.findall(text)) - _BUILTIN
    assert {"NetError", "OutputError", "LimitReached", "ParameterError", "FormulaError"} <= named
    for name in named:
        assert issubclass(getattr(sh, name), BaseException), name


def test_their_kinds() -> None:
    for kind in (sh.NetError, sh.PointError, sh.ParameterError, sh.CertificateError, sh.FormulaError):
        assert issubclass(kind, sh.InputError)
    assert issubclass(sh.InputError, ValueError)
    assert issubclass(sh.OutputError, OSError)
    assert issubclass(sh.Interrupted, KeyboardInterrupt)
    with pytest.raises(sh.OutputError):
        sh.plot_fan({"inputs": 1, "layers": [{"weight": [[1]]}]}, "/nowhere/at/all.png")


def test_both_tables_have_the_same_names() -> None:
    """What type checkers see is what there is."""
    tree = ast.parse(Path(sh.__file__).read_text("utf-8"))
    seen = {
        f"{node.module}.{alias.name}"
        for branch in tree.body
        if isinstance(branch, ast.If)
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {f"subgrad_hardness.{home}.{name}" for name, home in sh._HOMES.items()}


def test_nothing_is_loaded_for_them() -> None:
    code = "import sys, subgrad_hardness; print([m for m in sys.modules if m.startswith('subgrad_hardness.')])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
