"""LP and MPS files in SCIP and HiGHS, their solutions decoded and replayed; and what stands in the files.

The solvers calculate in floating point, so the comparison is the one that holds: every optimum that is
clearly positive is a witness after exact replay, and on these nets, which have no thin cones, a net with
two subgradients has such an optimum.  Exceptions would be counted, not hidden.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from test_encoders_nets import ABS, asked, judge, program

import subgrad_hardness
from subgrad_hardness.encoders.box_model import box_model
from subgrad_hardness.encoders.contract import ask
from subgrad_hardness.engine.contract import Question
from subgrad_hardness.net.reading import load


def solve(text: str, solver: str) -> tuple[float, dict[str, float]]:
    """The optimum and the point that ortools reports for an MPS text."""
    builder: Any = pytest.importorskip("ortools.linear_solver.python.model_builder")
    model = builder.Model()
    assert model.import_from_mps_string(text)
    outside = builder.Solver(solver)
    if not outside.solver_is_supported():
        pytest.skip(f"this ortools has no {solver}")
    assert outside.solve(model) == builder.SolveStatus.OPTIMAL
    variables = [model.var_from_index(index) for index in range(model.num_variables)]
    return outside.objective_value, {variable.name: outside.value(variable) for variable in variables}


def written(values: dict[str, float], style: str) -> str:
    """A solution in a form that CBC or CPLEX writes."""
    if style == "cbc":
        return "Optimal - objective value -1\n" + "".join(
            f"{i:7} {n:<20} {v!r:>20} {0:>20}\n" for i, (n, v) in enumerate(values.items())
        )
    return "".join(f'  <variable name="{n}" index="{i}" value="{v!r}"/>\n' for i, (n, v) in enumerate(values.items()))


@pytest.mark.parametrize(
    ("solver", "style", "start", "normal_form"),
    [("scip", "cbc", 0, False), ("highs", "cplex", 0, False), ("scip", "cplex", 300, True)],
)
def test_mps_in_ortools(solver: str, style: str, start: int, normal_form: bool) -> None:
    seen = {"distinct": 0, "unknown": 0}
    for number in range(start, start + 70):
        text = subgrad_hardness.encode(program(number), "mps", normal_form=normal_form)
        assert isinstance(text, str)
        _, values = solve(text, solver)
        seen[judge(number, written(values, style), "mps", normal_form=normal_form).verdict] += 1
    assert min(seen.values()) > 15


# Each file in the folder solved by a solver's own reader, its own solution file beside it.  In a process of
# its own, because highspy and ortools cannot be imported into one.
_HIGHS = """
import pathlib, sys, highspy
for file in pathlib.Path(sys.argv[1]).iterdir():
    highs = highspy.Highs()
    highs.silent()
    assert highs.readModel(str(file)) == highspy.HighsStatus.kOk, file
    highs.run()
    highs.writeSolution(f"{file}.sol", 0)
"""
_SCIP = """
import pathlib, sys, pyscipopt
for file in pathlib.Path(sys.argv[1]).iterdir():
    model = pyscipopt.Model()
    model.hideOutput()
    model.readProblem(str(file))
    model.optimize()
    model.writeBestSol(f"{file}.sol")
"""


@pytest.mark.parametrize(("package", "script"), [("highspy", _HIGHS), ("pyscipopt", _SCIP)])
def test_files_and_solution_files(package: str, script: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    numbers = range(200, 270)
    for number in numbers:
        form = ("lp", "mps")[number % 2]
        text = subgrad_hardness.encode(program(number), form)
        assert isinstance(text, str)
        (tmp_path / f"{number}.{form}").write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, stdout=subprocess.DEVNULL)
    seen = {"distinct": 0, "unknown": 0}
    for number in numbers:
        form = ("lp", "mps")[number % 2]
        answer = (tmp_path / f"{number}.{form}.sol").read_text(encoding="utf-8")
        seen[judge(number, answer, form).verdict] += 1
    assert min(seen.values()) > 15


def test_the_model_is_the_net() -> None:
    """The point over a direction satisfies every row exactly; the objective is sum_k |F'_k(d) - g_k d|."""
    for number in range(150):
        question = asked(number)
        encoding = box_model(question)
        inputs = question.net.inputs
        for direction in ((1,) * inputs, (-1,) * inputs, tuple((-1) ** index for index in range(inputs))):
            point = encoding.point([Fraction(entry, 2) for entry in direction])
            model = encoding.model
            assert all(row.holds(point) for row in model.rows)
            assert all(v.lower <= value <= v.upper for v, value in zip(model.variables, point, strict=True))
            gap = sum(
                abs(value - sum(x * y for x, y in zip(row, direction, strict=True)))
                for value, row in zip(question.net.output_values(direction), question.reference.rows, strict=True)
            )
            assert 2 * model.goal.value(point) == gap


def test_lines_are_short_and_numbers_are_integers() -> None:
    wide = {"inputs": 120, "layers": [{"weight": [[1] * 120], "activation": "relu"}]}
    for form in ("lp", "mps"):
        text = subgrad_hardness.encode(wide, form)
        assert isinstance(text, str)
        lines = [line for line in text.splitlines() if line[0] not in "*\\"]
        assert max(map(len, lines)) < 250
        assert not re.search(r"[0-9][.eE/]", "\n".join(lines))


def test_numbers_that_are_no_binary64_numbers_are_refused() -> None:
    net = {"inputs": 2, "layers": [{"weight": [[2**60 + 1, 1]], "activation": "relu"}]}
    for form in ("lp", "mps"):
        with pytest.raises(subgrad_hardness.EncodingError, match=f"{form}: no exact mixed-integer model: 1152"):
            subgrad_hardness.encode(net, form)
    huge = {"inputs": 2, "layers": [{"weight": [["1e400", 1]], "activation": "relu"}]}
    with pytest.raises(subgrad_hardness.EncodingError, match="a number of 1329 bits is no binary64 number"):
        subgrad_hardness.encode(huge, "lp")


def test_a_rounded_solution_is_repaired_by_its_phases() -> None:
    """min of two rows, positive on a thin cone: the floats of the solution lie outside it, its phases inside."""
    net = {
        "inputs": 2,
        "layers": [
            {"weight": [[10**6, -1], [2 * 10**6 - 1, -2]], "activation": "relu"},
            {"weight": [[1, 0], [1, -1]], "activation": "relu"},
            {"weight": [[0, 1]]},
        ],
    }
    question = ask(load(net))
    encoding = box_model(question)
    names = [variable.name for variable in encoding.model.variables]
    point = list(map(float, encoding.point([Fraction(1, 10**6), 1 - Fraction(1, 2 * 10**6)])))
    assert encoding.model.goal.value(list(map(Fraction, point))) > 0
    point[1] = 1.0
    replay = Question(question.net, question.reference.rows)
    assert not replay.separates((1, 10**6))
    answer = "\n".join(f"{name} {value!r}" for name, value in zip(names, point, strict=True))
    result = subgrad_hardness.decode(net, answer, "lp")
    assert result.verdict == "distinct"
    assert result.separating_direction is not None
    assert result.separating_direction != (1, 10**6)
    assert replay.separates(result.separating_direction)


@pytest.mark.parametrize(
    ("answer", "verdict", "claimed"),
    [
        ("d0 0.5\na0 0.5\na2 1\n", "distinct", None),
        ("d0 = 5e-1\n", "distinct", None),
        ("d0 1/2\n", "distinct", None),
        ("objective value: 0\n", "unknown", "unique"),
        ("d0 0\na0 0\n", "unknown", "unique"),
        ("d0 -1.0\na0 0\na1 1\nb1 1\na2 0", "unknown", "unique"),
        ("d0 -1.0\na0 0\na1 1\na2 1", "unknown", "distinct"),
    ],
)
def test_answers(answer: str, verdict: str, claimed: str | None) -> None:
    result = subgrad_hardness.decode(ABS, answer, "mps")
    assert result.verdict == verdict
    assert (result.believed and result.believed.verdict) == claimed


def test_infeasible_is_no_answer_to_these_models() -> None:
    for answer in ("infeasible\n", "Model status: Infeasible, objective 0\n"):
        with pytest.raises(subgrad_hardness.AnswerError, match="not a solution of this model"):
            subgrad_hardness.decode(ABS, answer, "lp")
