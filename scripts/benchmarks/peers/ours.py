"""This package, from a freshly parsed program to the verdict, without the proof.

``ours`` is the part of ``check`` that decides: lowering, localising, one reference subgradient and the
portfolio.  Everything that it imports is imported before the clock starts.
"""

from __future__ import annotations

import json
import time
from importlib import import_module

import subgrad_hardness
from peers.contract import Outcome, Problem, question_of
from subgrad_hardness.common.garbage import collect_rarely
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.engine.registry import ENGINES, Decision
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.question.answer import Refutation, Witness


def prepare() -> str:
    """Import every engine, and what engines import late."""
    for engine in ENGINES.values():
        import_module(engine.target.split(":")[0])
    for late in ("flint", "numpy", "pysat.solvers", "subgrad_hardness.net.lowering"):
        import_module(late)
    collect_rarely()  # as the command line and its workers do
    return f"subgrad_hardness {subgrad_hardness.__version__}"


def ours(program: Program, seconds: float) -> Decision:
    """The decision of ``--solver auto`` within ``seconds``."""
    return decide(question_of(program), "auto", Limits.seconds(seconds))


def solve(problem: Problem, seconds: float) -> Outcome:
    """Parse the net, then measure ``ours``."""
    program = program_from(json.loads(problem.net))
    start = time.perf_counter()
    answer, by = ours(program, seconds)
    spent = time.perf_counter() - start
    if isinstance(answer, Witness):
        return Outcome("distinct", spent, answer.direction, note=by)
    if isinstance(answer, Refutation):
        return Outcome("unique", spent, note=by)
    return Outcome("unknown", spent, note=answer.why)
