"""SMT-LIB files in z3 and cvc5, their answers decoded and replayed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support import small_nets
from support.asked import ABS, judge, program
from support.cvc5_runs import cvc5

import subgrad_hardness


def z3(text: str) -> str:
    """What ``z3 FILE`` prints."""
    module: Any = pytest.importorskip("z3", reason="z3-solver is not installed")
    context = module.Context()
    try:
        return str(module.Z3_eval_smtlib2_string(context.ref(), text))
    except module.Z3Exception as complaint:  # there is no value to get after unsat; the text is what it printed
        printed: bytes = complaint.value
        return printed.decode()


def yices(text: str) -> str:
    """What ``yices-smt2`` prints for a file on its standard input."""
    program = shutil.which("yices-smt2", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if program is None:
        pytest.skip("yices-smt2 is not installed")
    return subprocess.run([program], input=text, capture_output=True, text=True, check=False).stdout


SOLVERS = pytest.mark.parametrize("solver", [z3, cvc5, yices])


@SOLVERS
@pytest.mark.parametrize("normal_form", [False, True])
def test_verdicts_and_replayed_directions(solver: Callable[[str], str], normal_form: bool) -> None:
    seen = {"distinct": 0, "unknown": 0}
    for number in range(250, 300) if normal_form else range(150):
        text = subgrad_hardness.encode(program(number), "smtlib", normal_form=normal_form)
        assert isinstance(text, str)
        seen[judge(number, solver(text), "smtlib", normal_form=normal_form).verdict] += 1
    assert min(seen.values()) > 15


@SOLVERS
def test_models_are_read_as_well(solver: Callable[[str], str]) -> None:
    """The output of (get-model), with rational values."""
    for number in range(60):
        text = subgrad_hardness.encode(program(number), "smtlib")
        assert isinstance(text, str)
        if small_nets.expected(number) == "distinct":
            judge(number, solver(re.sub(r"\(get-value .*\)", "(get-model)", text)), "smtlib")


def test_the_file_is_plain() -> None:
    text = subgrad_hardness.encode(ABS, "smtlib")
    assert isinstance(text, str)
    lines = [line for line in text.splitlines() if not line.startswith(";")]
    goal = lines.pop(-3)
    assert lines == [
        "(set-option :produce-models true)",
        "(set-logic QF_LRA)",
        "(declare-fun d0 () Real)",
        "(declare-fun a0 () Real)",
        "(declare-fun a1 () Real)",
        "(assert (>= a0 0))",
        "(assert (>= (+ (* (- 1) d0) a0) 0))",
        "(assert (or (>= (* (- 1) a0) 0) (>= (+ d0 (* (- 1) a0)) 0)))",
        "(assert (>= a1 0))",
        "(assert (>= (+ d0 a1) 0))",
        "(assert (or (>= (* (- 1) a1) 0) (>= (+ (* (- 1) d0) (* (- 1) a1)) 0)))",
        "(check-sat)",
        "(get-value (d0))",
    ]
    assert goal == "(assert (or (>= (+ d0 a0 a1) 1) (>= (+ (* (- 1) d0) (* (- 1) a0) (* (- 1) a1)) 1)))"


def test_a_net_without_kinks_asks_for_false() -> None:
    text = subgrad_hardness.encode({"inputs": 2, "layers": [{"weight": [[1, 2]]}]}, "smtlib")
    assert isinstance(text, str)
    assert "\n(assert false)\n" in text


@pytest.mark.parametrize(
    "answer",
    [
        "sat\n((d0 (/ 1 2)))",
        "sat\n((d0 (- (/ (- 1.0) 2.0))))",
        "sat\n(model (define-fun a0 () Real 7.0) (define-fun d0 () Real 0.5))",
        "sat\n(\n(define-fun d0 () Real\n (- (- (/ 1 2))))\n)",
        "sat\n(= d0 1/2)\n",
        "((d0 0.5)) ; no status",
    ],
)
def test_ways_to_write_a_half(answer: str) -> None:
    result = subgrad_hardness.decode(ABS, answer, "smtlib")
    assert (result.verdict, result.separating_direction) == ("distinct", (1,))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("sat\n((d0 (/ 1 0)))", "d0: its value is not a number"),
        ("sat\n((d0 (root-obj (+ (^ x 2) (- 2)) 1)))", "d0: its value is not a number"),
        ("sat\n((d0 1)", "1 closing parentheses are missing: it is cut off"),
        ("sat\n)", "a closing parenthesis too many"),
        ("sat\n" + "(" * 200, "parentheses nested more than 100 deep"),
        ("sat\n((d0 abc))", "d0: 'abc' is not a rational number"),
        ("timeout", "neither sat, unsat or unknown"),
    ],
)
def test_answers_that_cannot_be_read(answer: str, message: str) -> None:
    with pytest.raises(subgrad_hardness.AnswerError) as caught:
        subgrad_hardness.decode(ABS, answer, "smtlib")
    assert message in str(caught.value)


def test_claims_are_no_verdicts() -> None:
    for answer, claimed in (("unsat\n", "unique"), ("sat\n", "distinct"), ("sat\n((d0 0))\n", "distinct")):
        result = subgrad_hardness.decode(ABS, answer, "smtlib")
        assert (result.verdict, result.certified) == ("unknown", False)
        assert result.believed is not None
        assert result.believed.verdict == claimed
    assert subgrad_hardness.decode(ABS, "unknown\n", "smtlib").believed is None
