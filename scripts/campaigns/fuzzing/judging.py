"""One net before all engines: exhaustive enumeration, certificates and exact replay decide who is right."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from subgrad_hardness.question.pose import Posed, pose

# z3 is asked as the benchmark asks it, and the second verifier is the tests'.
sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
sys.path.append(str(Path(__file__).resolve().parents[3] / "tests"))

from peers.contract import Problem, replays
from support.second_verifier import verdict as second_verdict

from subgrad_hardness import check
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.engine.portfolio import decide
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.net.writing import dumps
from subgrad_hardness.proof.distinct import distinct_certificate
from subgrad_hardness.proof.writer import unique_certificate
from subgrad_hardness.question.answer import Answer, Refutation, Undecided, Witness

#: The engines that are asked about every net, with the most kinks that they are asked about.
ALWAYS = {
    **dict.fromkeys(
        ("search", "climb", "layer", "plane", "levels", "circuit", "thresholds", "phase", "domination", "hulls"), 999
    ),
    "cells": 14,
}
#: The policy, engines from outside, and ``check`` from end to end, for one net in so many.
SELDOM = {"auto": 4, "milp-scip": 40, "milp-highs": 40, "cpsat": 40, "z3": 20, "check": 20}
#: Certificates with level sets are verified a second time, as the two verifiers have least in common there.
TWICE = "levels, by the second verifier"
#: Seconds for one engine on one net; a limit is an answer of its own, and counted.
SECONDS = 3.0
#: Larger nets than this are drawn again.
MOST_KINKS = 40


@dataclass
class Judgement:
    """What was said of one net: answers by engine, and what is wrong (engine, complaint)."""

    kinks: int
    answers: dict[str, str] = field(default_factory=dict)
    certified: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[str, str]] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """What the exact answers agree on (``open`` without one)."""
        said = {answer for answer in self.answers.values() if answer in ("distinct", "unique")}
        return said.pop() if len(said) == 1 else "disputed" if said else "open"


def judge(net: dict[str, Any], number: int, engines: frozenset[str] | None = None) -> Judgement:
    """Ask all engines (or only ``engines``) about ``net``; ``number`` is the seed and draws the seldom ones."""
    program = program_from(net)
    case = pose(program, number, directions=[tuple(range(2, program.input_count + 2))])
    result = Judgement(len(case.local.net.kinks))
    if not 0 < result.kinks <= MOST_KINKS:
        return result
    wanted = {name: most for name, most in ALWAYS.items() if result.kinks <= most}
    names = [*wanted, *(name for name, share in SELDOM.items() if number % share == 0)]
    for name in names if engines is None else sorted(engines):
        try:
            result.answers[name] = _ASKED.get(name, _engine)(case, name, result)
        except Exception as problem:
            result.findings.append((name, f"{type(problem).__name__}: {problem}"))
    if result.verdict == "disputed":
        result.findings.append(("disagreement", ", ".join(f"{k} {v}" for k, v in sorted(result.answers.items()))))
    return result


def _engine(case: Posed, name: str, result: Judgement) -> str:
    answer = ENGINES[name].decide(case.question, Limits.seconds(SECONDS))
    if isinstance(answer, Undecided):
        return f"believes {answer.believed}" if answer.believed else "open"
    return _proved(case, name, answer, result)


def _proved(case: Posed, name: str, answer: Answer, result: Judgement) -> str:
    """The verdict of an answer, by a certificate that the verifier accepts wherever there can be one."""
    if isinstance(answer, Witness):
        if not case.question.holds(answer.direction):
            raise ValueError(f"the witness {answer.direction} separates nothing")
        second = lock_branches(case.local.net, [answer.direction])
        certificate = distinct_certificate(case.program.digest, (case.subgradient.directions, second.directions))
        verdict = "distinct"
    else:
        assert isinstance(answer, Refutation)
        verdict = "unique"
        if answer.proof is None:
            return verdict
        limits = Limits.seconds(4 * SECONDS)
        try:
            certificate = unique_certificate(case.program, case.local, case.subgradient, answer.proof, limits)
        except LimitReached:  # counted, but no fault
            result.certified[f"{name}: not in time"] += 1
            return verdict
    if verify_certificate(case.program, certificate) != verdict:
        raise ValueError(f"the verifier does not accept the certificate as one of {verdict}")
    result.certified[f"{name} {verdict}"] += 1
    if isinstance(answer, Refutation) and answer.proof is not None and answer.proof.levels:
        said = second_verdict(dumps(case.program).encode(), certificate.dumps().encode())
        if said != "verified":
            raise ValueError(f"the second verifier says of the certificate: {said}")
        result.certified[TWICE] += 1
    return verdict


def _check(case: Posed, name: str, result: Judgement) -> str:
    """The whole of ``check``, with its cross-checks, from the text of the net."""
    report = check(json.loads(dumps(case.program)), seed=case.question.seed)
    if report.verdict != "unknown" and not report.certified:
        result.answers[f"{name} without a certificate"] = report.uncertified or "?"
    return report.verdict if report.verdict != "unknown" else "open"


def _z3(case: Posed, name: str, result: Judgement) -> str:
    try:
        solver = import_module("peers.z3_peer")
        solver.prepare()
    except ImportError:
        return "missing"
    outcome = solver.solve(Problem(dumps(case.program), case.question), SECONDS)
    if outcome.verdict == "distinct" and not replays(case.question, outcome.direction):
        raise ValueError("the direction of z3 separates nothing")
    return outcome.verdict if outcome.verdict != "unknown" else "open"


def _auto(case: Posed, name: str, result: Judgement) -> str:
    answer, by = decide(case.question, "auto", Limits.seconds(SECONDS))
    return "open" if isinstance(answer, Undecided) else _proved(case, f"auto by {by}", answer, result)


_ASKED = {"check": _check, "z3": _z3, "auto": _auto}
