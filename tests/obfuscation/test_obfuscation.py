"""Obfuscations of layered nets: the same map behind a change of the inputs, the same verdict."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import oracle

from subgrad_hardness.api.generate import generate
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.evaluation import value
from subgrad_hardness.net.forms import LayeredForm
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load
from subgrad_hardness.net.writing import dumps, to_mapping
from subgrad_hardness.obfuscation.matrices import random_unimodular
from subgrad_hardness.obfuscation.rescale import rescaled
from subgrad_hardness.obfuscation.unimodular import unimodular
from subgrad_hardness.reduction.cnf import Cnf


def facts(program: Program) -> dict[str, Any]:
    assert program.provenance is not None
    return dict(program.provenance)


def derivative(program: Program, direction: Any) -> tuple[Fraction, ...]:
    return localise(program).net.derivative(direction)


@st.composite
def layered_programs(draw: st.DrawFn) -> Program:
    """Layered programs with biases, mixed activations and a rational point."""
    widths = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    small = st.fractions(-2, 2, max_denominator=3)

    def matrix(rows: int, columns: int) -> list[list[Fraction]]:
        return [[draw(small) for _ in range(columns)] for _ in range(rows)]

    names = ("relu", "relu", "leaky_relu", "abs", "identity", "hardtanh", "relu6")
    return Program.from_layers(
        [matrix(rows, columns) for columns, rows in pairwise(widths)],
        [[draw(small) for _ in range(rows)] for rows in widths[1:]],
        [draw(st.sampled_from(names)) for _ in widths[1:]],
        slope=Fraction(1, 3),
        point=[draw(small) for _ in range(widths[0])],
    )


@given(layered_programs(), st.integers(0, 1000), st.data())
def test_obfuscations_keep_the_map(program: Program, seed: int, data: st.DataObject) -> None:
    change = random_unimodular(program.input_count, seed)
    entries = st.lists(st.integers(-9, 9), min_size=program.input_count, max_size=program.input_count)
    direction = data.draw(entries)
    turned, scaled = unimodular(program, seed), rescaled(program, seed)
    assert change.times(change.solve(direction)) == tuple(direction)
    assert change.times(turned.point) == program.point
    image = change.times(direction)
    assert value(turned) == value(scaled) == value(program)
    assert value(turned, direction) == value(program, image)
    assert value(scaled, direction) == value(program, direction)
    assert derivative(turned, direction) == derivative(program, image)
    assert derivative(scaled, direction) == derivative(program, direction)
    assert len(localise(scaled).kink_units) == len(localise(program).kink_units)
    for other in (turned, scaled):
        assert load(to_mapping(other)) == other


@given(st.integers(1, 40), st.integers(0, 1000))
def test_unimodular_matrices_are_unimodular_and_moderate(size: int, seed: int) -> None:
    from flint import fmpz_mat

    change = random_unimodular(size, seed)
    dense = [[row.get(column, 0) for column in range(size)] for row in change.rows()]
    assert abs(int(fmpz_mat(dense).det())) == 1
    assert max(abs(entry) for row in dense for entry in row) < 1000
    columns = [change.times([int(row == column) for row in range(size)]) for column in range(size)]
    assert [list(row) for row in zip(*columns, strict=True)] == dense


def test_obfuscated_ksat_keeps_what_is_known() -> None:
    parameters: dict[str, Any] = {"variables": 8, "ratio": 4, "planted": True, "seed": 5}
    plain = generate("3sat", **parameters, layered=True)
    hidden = generate("3sat", **parameters, obfuscated=True)
    assert isinstance(hidden.form, LayeredForm)
    assert facts(hidden)["verdict"] == "distinct"
    assert facts(hidden)["assignment"] == facts(plain)["assignment"]
    assert facts(hidden)["source"] == facts(plain)["source"]
    assert facts(hidden)["obfuscated"] == {"unimodular": {"seed": 5}, "rescaled": {"seed": 5}}
    assert "obfuscated" not in facts(plain)["parameters"]
    change = random_unimodular(8, 5)
    solution = facts(plain)["assignment"]
    direction = change.solve([1 if literal > 0 else -1 for literal in solution])
    assert derivative(hidden, direction)[0] > 0
    stream = Stream(5, "directions")
    for _ in range(20):
        drawn = stream.direction(8, 9)
        assert derivative(hidden, drawn) == derivative(plain, change.times(drawn))
    assert generate("3sat", **parameters, layered=True, obfuscated=True) == hidden
    three = generate("3sat", **parameters, form="layers3", obfuscated=True)
    assert three.inputs == tuple(f"y{number}" for number in range(1, 10))


def test_obfuscated_dimacs_takes_a_seed(tmp_path: Path) -> None:
    path = tmp_path / "f.cnf"
    path.write_text(Cnf(3, ((1, -2), (3,))).to_dimacs(), encoding="ascii")
    texts = {dumps(generate("ksat", from_dimacs=path, obfuscated=True, seed=seed)) for seed in (1, 2)}
    assert len(texts) == 2
    with pytest.raises(ParameterError, match="seed: has no meaning with from-dimacs"):
        generate("ksat", from_dimacs=path, seed=1)


def test_obfuscated_formulas_keep_their_verdicts() -> None:
    """Small formulas of both answers against the oracle."""
    verdicts = []
    for seed in range(12):
        program = generate("ksat", variables=2, ratio="3/2", k=1, seed=seed, obfuscated=True)
        formula = Cnf(2, tuple(tuple(clause) for clause in facts(program)["source"]["clauses"]))
        satisfiable = any(map(formula.satisfied, product((False, True), repeat=2)))
        verdicts.append(oracle.verdict(oracle.read(to_mapping(program))))
        assert verdicts[-1] == ("distinct" if satisfiable else "unique")
    assert set(verdicts) == {"distinct", "unique"}
