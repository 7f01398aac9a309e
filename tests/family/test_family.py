"""Families: declared parameters, random k-SAT, the library call, the command and the script's options."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from support.paths import ROOT

from subgrad_hardness.api.generate import families, generate
from subgrad_hardness.cli import generate as command
from subgrad_hardness.common.errors import InputError, ParameterError
from subgrad_hardness.common.files import OutputError
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.engine.registry import ENGINES
from subgrad_hardness.family.ksat import random_cnf
from subgrad_hardness.family.parameters import File, Integer
from subgrad_hardness.family.registry import find
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.forms import GraphForm, LayeredForm
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.net.writing import dumps
from subgrad_hardness.question.answer import Refutation, Witness
from subgrad_hardness.question.question import linearity
from subgrad_hardness.reduction.cnf import Cnf, FormulaError
from subgrad_hardness.reduction.contract import Separation
from subgrad_hardness.reduction.three_sat import MinMaxReduction


def provenance(program: Program) -> dict[str, object]:
    assert program.provenance is not None
    return dict(program.provenance)


def clauses_of(program: Program) -> list[list[int]]:
    source = provenance(program)["source"]
    assert isinstance(source, dict)
    clauses = source["clauses"]
    assert isinstance(clauses, list)
    return clauses


def test_generation_is_pinned() -> None:
    """The same bytes on every platform and version: these digests may never change."""
    assert {
        "graph": generate("3sat", variables=6, ratio="4.26", seed=7).digest,
        "layered": generate("3sat", variables=6, ratio="4.26", seed=7, layered=True).digest,
        "layers3": generate("ksat", variables=6, ratio="4.26", seed=7, form="layers3").digest,
        "planted": generate("ksat", variables=9, ratio=3, seed=1, k=4, planted=True).digest,
    } == PINNED
    first, second = (dumps(generate("3sat", variables=6, ratio="4.26", seed=7)) for _ in range(2))
    assert first == second
    assert first != dumps(generate("3sat", variables=6, ratio="4.26", seed=8))


PINNED = {
    "graph": "c55c0a88968f12a805147570f6bfa9accb406e9065d2419c06c7693876b94de7",
    "layered": "080b48362d5146c4c75115fdc8a819b0bb4f06d5318843408de239e52e24a803",
    "layers3": "eb5b99aebb56769eebb689837f81a602f6837031afc391435226b32cf14b3e29",
    "planted": "dd7b7ecb463aa7d8151b3e5926baa45dd052bee78896019a82b373607978a9ea",
}


@pytest.mark.parametrize(
    ("variables", "ratio", "expected"),
    [(20, "4.26", 85), (50, "4.25", 213), (50, "4.2499999999999999999", 212), (3, "1/2", 2), (5, 0, 0), (3, "0.1", 0)],
)
def test_clause_count_is_rounded_exactly(variables: int, ratio: object, expected: int) -> None:
    """floor(R N + 1/2): 212.5 rounds up, 212.49999... does not."""
    assert len(clauses_of(generate("3sat", variables=variables, ratio=ratio))) == expected


def test_ratio_as_fraction_integer_and_float() -> None:
    texts = {dumps(generate("3sat", variables=8, ratio=ratio)) for ratio in ("4.5", "9/2", Fraction(9, 2), 4.5)}
    assert len(texts) == 1
    assert provenance(generate("3sat", variables=8, ratio=4.5))["parameters"] == {
        "variables": 8,
        "ratio": "9/2",
        "k": 3,
        "planted": False,
        "form": "minmax",
        "layered": False,
    }


def test_clauses_have_distinct_variables_and_fair_signs() -> None:
    formula, hidden = random_cnf(5, 6000, 3, seed=3, planted=False)
    assert hidden is None
    assert all(len({abs(literal) for literal in clause}) == 3 for clause in formula.clauses)
    counts = Counter(frozenset(clause) for clause in formula.clauses)
    assert len(counts) == 80  # 10 sets of variables, 8 sign patterns, each about 75 times
    assert min(counts.values()) > 40
    assert max(counts.values()) < 120


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_planted_formulas_are_satisfied(k: int) -> None:
    for seed in range(10):
        program = generate("ksat", variables=12, ratio=6, seed=seed, k=k, planted=True)
        facts = provenance(program)
        assert facts["verdict"] == "distinct"
        literals = facts["assignment"]
        assert isinstance(literals, list)
        formula = Cnf(12, tuple(tuple(clause) for clause in clauses_of(program)))
        assignment = tuple(literal > 0 for literal in literals)
        assert formula.satisfied(assignment)
        evidence = MinMaxReduction().apply(formula)[1].direction_of(assignment)
        assert evidence.first.rows != evidence.second.rows


def test_k_counts_and_width() -> None:
    program = generate("ksat", variables=7, ratio=2, k=5)
    assert {len(clause) for clause in clauses_of(program)} == {5}
    assert provenance(generate("3sat", variables=7, ratio=2))["verdict"] is None


def test_forms() -> None:
    assert isinstance(generate("3sat", variables=4, ratio=2).form, GraphForm)
    assert isinstance(generate("3sat", variables=4, ratio=2, layered=True).form, LayeredForm)
    plain, also = (generate("3sat", variables=4, ratio=2, form="layers3", layered=given) for given in (False, True))
    assert plain == also
    assert plain.inputs == ("x1", "x2", "x3", "x4", "t")


@pytest.mark.parametrize("layered", [False, True])
def test_twenty_variables_at_the_threshold_are_decided(layered: bool) -> None:
    verdicts = set()
    for seed in range(8):
        program = generate("3sat", variables=20, ratio="4.26", seed=seed, layered=layered)
        formula = Cnf(20, tuple(tuple(clause) for clause in clauses_of(program)))
        net = localise(program).net
        element = lock_branches(net, [Stream(seed).direction(20, 10**6)])
        answer = ENGINES["circuit"].decide(linearity(net, element.rows), Limits.seconds(10))
        verdicts.add(type(answer))
        if isinstance(answer, Witness):
            inverse = MinMaxReduction(layered).apply(formula)[1]
            assert formula.satisfied(inverse.solution_of(Separation(answer.direction, element.directions)))
    assert verdicts == {Witness, Refutation}


def test_from_dimacs(tmp_path: Path) -> None:
    path = tmp_path / "small.cnf"
    path.write_text("c two clauses\np cnf 3 2\n1 -2 0\n3 0\n", encoding="ascii")
    program = generate("ksat", from_dimacs=path, form="layers3")
    assert clauses_of(program) == [[1, -2], [3]]
    assert provenance(program)["parameters"] == {"from_dimacs": "small.cnf", "form": "layers3", "layered": True}
    assert "seed" not in provenance(program)
    path.write_text("p cnf 3 2\n1 -4 0\n", encoding="ascii")
    with pytest.raises(FormulaError, match=r"small\.cnf: line 2: literal -4"):
        generate("ksat", from_dimacs=str(path))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "variables: missing (a formula is drawn unless from-dimacs is given)"),
        ({"variables": 5}, "ratio: missing (a formula is drawn unless from-dimacs is given)"),
        ({"variables": 2, "ratio": 1}, "k: 3 distinct variables in a clause, but there are only 2"),
        ({"variables": 0, "ratio": 1}, "variables: 0 is outside 1..1048576"),
        ({"variables": 10**200, "ratio": 1}, "variables: a number of 665 bits is outside 1..1048576"),
        ({"variables": "2.5", "ratio": 1}, 'variables: the string "2.5", expected an integer'),
        ({"variables": True, "ratio": 1}, "variables: true, expected an integer"),
        ({"variables": [5], "ratio": 1}, "variables: a list, expected an integer"),
        ({"variables": 5, "ratio": "-1"}, 'ratio: the string "-1" is outside 0..1000000'),
        ({"variables": 5, "ratio": -0.5}, "ratio: the number -0.5 is outside 0..1000000"),
        ({"variables": 5, "ratio": "four"}, None),
        ({"variables": 5, "ratio": float("nan")}, "ratio: nan is not finite"),
        ({"variables": 5, "ratio": float("inf")}, "ratio: inf is not finite"),
        ({"variables": 5, "ratio": True}, "ratio: true, expected a number"),
        ({"variables": 10**6, "ratio": 100}, "ratio: 300000000 literals; at most 2097152"),
        ({"variables": 5, "ratio": 1, "seed": -1}, f"seed: -1 is outside 0..{2**64 - 1}"),
        ({"variables": 5, "ratio": 1, "k": 0}, "k: 0 is outside 1..1000"),
        ({"variables": 5, "ratio": 1, "form": "max"}, 'form: the string "max", expected minmax or layers3'),
        ({"variables": 5, "ratio": 1, "form": 3}, "form: the number 3, expected minmax or layers3"),
        ({"variables": 5, "ratio": 1, "planted": "yes"}, 'planted: the string "yes", expected True or False'),
        ({"variables": 5, "from_dimacs": "f.cnf"}, "variables: has no meaning with from-dimacs"),
        ({"planted": True, "from_dimacs": "f.cnf"}, "planted: has no meaning with from-dimacs"),
        ({"seed": 0, "from_dimacs": "f.cnf"}, "seed: has no meaning with from-dimacs"),
        ({"from_dimacs": 7}, "from-dimacs: the number 7, expected a path"),
        ({"clauses": 5}, None),
    ],
)
def test_parameter_errors(parameters: dict[str, object], message: str | None) -> None:
    with pytest.raises(ParameterError) as caught:
        generate("ksat", **parameters)
    assert "\n" not in str(caught.value)
    assert message is None or str(caught.value) == message


def test_values_that_count_as_not_given() -> None:
    assert generate("3sat", variables=4, ratio=2, from_dimacs=None, planted=False) == generate(
        "3sat", variables=4, ratio=2
    )


def test_unknown_family() -> None:
    with pytest.raises(ParameterError, match=r'^family: "4sat" is unknown; known: ksat, 3sat'):
        find("4sat")


def test_every_family_is_declared_in_full() -> None:
    names = [name for family in families() for name in (family.name, *family.aliases)]
    assert len(names) == len(set(names))
    assert "list" not in names
    for family in families():
        assert family.summary
        for parameter in family.parameters:
            assert parameter.help
            if parameter.default is not None:
                assert parameter.read(parameter.default) == parameter.default
    assert Integer("n_of_things", "help").option == "n-of-things"
    assert File("path", "help").read(Path("a")) == "a"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def test_command_writes_to_a_file_and_to_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "net.json"
    words = ["3sat", "--variables", "5", "--ratio", "4.26", "--seed", "3", "--layered"]
    assert run(*words, "-o", str(path)) == 0
    assert capsys.readouterr().out == ""
    assert run("ksat", *words[1:], "--k", "3") == 0
    assert capsys.readouterr().out == path.read_text(encoding="utf-8")
    assert load(path) == generate("3sat", variables=5, ratio="4.26", seed=3, layered=True)
    assert json.loads(path.read_text(encoding="utf-8"))["provenance"]["family"] == "ksat"


def test_script_is_the_same_command(capsys: pytest.CaptureFixture[str]) -> None:
    script = ROOT / "scripts" / "data" / "generate_3sat.py"
    options = ["--variables", "4", "--ratio", "2", "--form", "layers3"]
    result = subprocess.run([sys.executable, script, *options], capture_output=True, check=True)
    assert run("3sat", *options) == 0
    assert result.stdout.decode("utf-8") == capsys.readouterr().out


def test_file_names_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.cnf")
    path.write_text("p cnf 1 1\n1 0\n", encoding="ascii")
    assert run("ksat", "--from-dimacs", str(path), "-o", str(tmp_path / "net.json")) == 0
    assert load(tmp_path / "net.json") == generate("ksat", from_dimacs=path)


def test_command_lists_the_families(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    assert capsys.readouterr().out.startswith("ksat, 3sat: random k-SAT")


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda folder: run("3sat", "--variables", "5", "--ratio", "-1", "-o", f"{folder}/n"), InputError),
        (lambda folder: run("3sat", "--from-dimacs", f"{folder}/missing", "-o", f"{folder}/n"), InputError),
        (lambda folder: run("3sat", "--variables", "5", "--ratio", "1", "-o", f"{folder}/no/n"), OutputError),
    ],
)
def test_command_errors_leave_nothing_behind(
    call: Callable[[Path], int], error: type[Exception], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(error):
        call(tmp_path)
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [[], ["nothing"], ["3sat", "--vari", "5"], ["3sat", "--ratio"]])
def test_usage_errors_exit_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*words)
    assert caught.value.code == 2
    assert capsys.readouterr().out == ""


def test_help_comes_from_the_declared_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("3sat", "--help")
    text = capsys.readouterr().out
    for parameter in find("3sat").parameters:
        assert f"--{parameter.option}" in text
    assert "(default: minmax)" in text
