"""LP and MPS files in SCIP and HiGHS, their solutions decoded and replayed; and what stands in the files.

The solvers calculate in floating point, so the comparison is the one that holds: no verdict is ever wrong,
and on these nets, which have no thin cones, the solver's claim is right too.  Exceptions to the latter are
counted (``Tally``); of all 500 small nets there is one, on which SCIP claims an optimum of 7e-5 where it is 0.
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
from support import small_nets
from support.asked import ABS, asked, program

import subgrad_hardness
from subgrad_hardness.encoders.box_model import box_model
from subgrad_hardness.encoders.contract import ask
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


class Tally:
    """Right claims by verdict, and the numbers of the nets on which a solver claimed what is not so."""

    def __init__(self) -> None:
        self.right = {"distinct": 0, "unique": 0}
        self.wrong: list[int] = []

    def count(self, number: int, answer: str, form: str, *, normal_form: bool = False) -> None:
        """Decode the answer; a verdict must be right, the claim is counted."""
        expected = small_nets.expected(number)
        result = subgrad_hardness.decode(program(number), answer, form, normal_form=normal_form)
        if result.verdict == "distinct":
            assert expected == "distinct"
            assert set(result.subgradients or ()) <= small_nets.bouligand(number)
        claimed = result.verdict if result.believed is None else result.believed.verdict
        if claimed == expected and (expected == "unique" or result.certified):
            self.right[expected] += 1
        else:
            self.wrong.append(number)

    def judge(self) -> None:
        """Both verdicts are frequent, exceptions are rare."""
        assert min(self.right.values()) > 15
        assert len(self.wrong) <= 2, self.wrong


@pytest.mark.parametrize(
    ("solver", "style", "start", "normal_form"),
    [("scip", "cbc", 0, False), ("highs", "cplex", 0, False), ("scip", "cplex", 300, True)],
)
def test_mps_in_ortools(solver: str, style: str, start: int, normal_form: bool) -> None:
    tally = Tally()
    for number in range(start, start + 70):
        text = subgrad_hardness.encode(program(number), "mps", normal_form=normal_form)
        assert isinstance(text, str)
        _, values = solve(text, solver)
        tally.count(number, written(values, style), "mps", normal_form=normal_form)
    tally.judge()


def test_a_false_optimum_is_not_believed() -> None:
    """What SCIP answered on a net with one subgradient: an optimum of 7e-5, above any usual tolerance."""
    values = {"d0": -1.0, "d1": -0.6776698674358703, "a1": 1.1102230246251565e-16, "a2": 1.6446602651282598}
    values |= {"a3": 0.966993920240217, "b2": 1.0, "b3": 1.0}
    result = subgrad_hardness.decode(program(391), written(values, "cbc"), "mps")
    assert small_nets.expected(391) == "unique"
    assert (result.verdict, result.believed and result.believed.verdict) == ("unknown", "distinct")


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
    tally = Tally()
    for number in numbers:
        form = ("lp", "mps")[number % 2]
        answer = (tmp_path / f"{number}.{form}.sol").read_text(encoding="utf-8")
        tally.count(number, answer, form)
    tally.judge()


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
                for value, row in zip(question.net.output_values(direction), question.subgradient.rows, strict=True)
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
        with pytest.raises(subgrad_hardness.EncodingError, match=f"{form}: no exact mixed-integer model: -?1152"):
            subgrad_hardness.encode(net, form)
    huge = {"inputs": 2, "layers": [{"weight": [["1e400", 1]], "activation": "relu"}]}
    with pytest.raises(subgrad_hardness.EncodingError, match="a number of 1329 bits is no binary64 number"):
        subgrad_hardness.encode(huge, "lp")


def test_bounds_that_are_no_binary64_numbers_are_widened() -> None:
    net = {"inputs": 3, "layers": [{"weight": [[2**60, 1, 2]], "activation": "relu"}]}
    encoding = box_model(ask(load(net)))
    bounds = [variable.upper for variable in encoding.model.variables if variable.name.startswith("a")]
    assert min(bounds) == 2**60 + 2**8  # 2^60 + 3, rounded up to 53 significant bits
    point = encoding.point([Fraction(1)] * 3)
    assert all(row.holds(point) for row in encoding.model.rows)


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
    assert not question.posed.question.holds((1, 10**6))
    answer = "\n".join(f"{name} {value!r}" for name, value in zip(names, point, strict=True))
    result = subgrad_hardness.decode(net, answer, "lp")
    assert result.verdict == "distinct"
    assert result.separating_direction is not None
    assert result.separating_direction != (1, 10**6)
    assert question.posed.question.holds(result.separating_direction)


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
