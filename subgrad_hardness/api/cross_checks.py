"""Second opinions on a verdict, bounded in time; a disagreement is an internal error (SPEC 3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import mul
from typing import Any

from subgrad_hardness.api.results import CrossCheck
from subgrad_hardness.api.verdicts import Judged
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.cells import SmallNet
from subgrad_hardness.derivative.lexicographic import Element, forward, lock_branches
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.local.local_net import Sum
from subgrad_hardness.question.question import Question

#: Cross-checks take at most this many seconds, or this share of the solving time if that is more.
LEAST_SECONDS = 0.2
SHARE = 0.2

_SAMPLES = 32
# Vector forward mode pushes as many columns of M as keep to this many products, in large nets.
_MOST_PRODUCTS = 200_000


class Disagreement(Exception):
    """An engine and a cross-check contradict each other: a bug in this project, never the user's.

    ``evidence`` is a JSON-able account of both sides.
    """

    def __init__(self, message: str, evidence: dict[str, Any]) -> None:
        self.evidence = evidence
        super().__init__(message)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (str(self), self.evidence)


def cross_check(question: Question, found: Judged, *, small: SmallNet, limits: Limits) -> tuple[CrossCheck, ...]:
    """Run all cross-checks; each gets what time is left and is skipped (``agrees`` None) beyond it.

    Parameters
    ----------
    found : the verdict, and the elements of d_L that go into the report.
    small : the enumeration of the same net, shared with whoever else wants it.
    """
    return (
        _timed("lexicographic modes", lambda: _modes(question, found.elements, limits)),
        _timed("sampling", lambda: _sampling(question, found, limits)),
        _timed("cells", lambda: _cells(small, found, limits)),
    )


def _timed(method: str, run: Callable[[], tuple[bool | None, str]]) -> CrossCheck:
    try:
        agrees, why = run()
    except LimitReached:
        agrees, why = None, "no time left for it"
    return CrossCheck(method=method, agrees=agrees, why=why)


def _modes(question: Question, elements: Sequence[Element], limits: Limits) -> tuple[bool | None, str]:
    """F'(x0; M) by vector forward mode equals J M with J from branch locking.

    On large nets for the first columns of M only: vector forward mode treats a prefix of M alike.
    """
    inputs = question.net.inputs
    nonzeros = 1 + sum(len(node.arguments) for node in question.net.nodes if isinstance(node, Sum))
    for element in elements:
        count = max(len(element.directions.leading) + 1, _MOST_PRODUCTS // nonzeros)
        columns = element.directions.columns(inputs, count)
        pushed = forward(question.net, columns, limits)
        product = tuple(tuple(sum(map(mul, row, column)) for column in columns) for row in element.rows)
        if pushed != product:
            return False, "vector forward mode and branch locking give different derivatives"
    seen = "vector forward mode and branch locking give the same derivative"
    return True, seen if count >= inputs else f"{seen} on the first columns of M"


def _sampling(question: Question, found: Judged, limits: Limits) -> tuple[bool | None, str]:
    """Random elements of d_L, computed exactly, against the verdict."""
    stream = Stream(question.seed, "cross-check")
    rows = {found.elements[0].rows}
    for count in range(_SAMPLES if question.net.kinks else 1):  # without kinks all members are computed alike
        if limits.remaining <= 0:
            if not count:
                raise LimitReached("time limit")
            break
        direction = stream.direction(question.net.inputs, 1000)
        rows.add(lock_branches(question.net, [direction]).rows)
    seen = f"{len(rows)} distinct among random members"
    if found.verdict.verdict == "unique" and len(rows) > 1:
        return False, seen
    return True, seen


def _cells(small: SmallNet, found: Judged, limits: Limits) -> tuple[bool | None, str]:
    """The full enumeration, for small nets."""
    verdict, solver = found.verdict.verdict, found.verdict.solver
    if solver in ENGINES and ENGINES[solver].enumerates:
        return None, "the cells decided themselves"
    if not small.small:
        return None, "too many kinks or inputs to enumerate the cells"
    jacobians = small.jacobians(limits)
    missing = [element for element in found.elements if element.rows not in jacobians]
    why = f"{len(jacobians)} distinct Jacobians in all cells"
    if missing:
        return False, f"a reported subgradient is none of the {why}"
    if verdict == "unknown":
        return None, f"no verdict to check, but there are {why}: --solver auto or cells would decide"
    return (len(jacobians) > 1) == (verdict == "distinct"), why
