"""cvc5 on the text of an SMT-LIB file."""

from __future__ import annotations

from typing import Any

import pytest


def cvc5(text: str) -> str:
    """What ``cvc5 FILE`` prints."""
    module: Any = pytest.importorskip("cvc5", reason="cvc5 is not installed")
    solver = module.Solver(module.TermManager())
    parser = module.InputParser(solver)
    symbols = parser.getSymbolManager()
    parser.setStringInput(module.InputLanguage.SMT_LIB_2_6, text, "question")
    printed = ""
    while not (command := parser.nextCommand()).isNull():
        printed += command.invoke(solver, symbols)
    return printed
