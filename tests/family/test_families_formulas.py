"""Formulas that are hard for resolution, and random ones of a wanted answer: their clauses, answers and nets."""

from __future__ import annotations

from itertools import combinations, product
from math import comb
from typing import Any

import pytest

from subgrad_hardness import check, dumps, generate
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.cliquecoloring import clique_coloring
from subgrad_hardness.family.ksat import random_cnf
from subgrad_hardness.family.parity import perfect_matching
from subgrad_hardness.family.pigeonhole import pigeonhole
from subgrad_hardness.family.tseitin import random_regular, solution, tseitin
from subgrad_hardness.family.wanted_answer import isolate, satisfiable, with_answer
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.cnf import Assignment, Cnf
from subgrad_hardness.reduction.three_sat import MinMaxReduction


def models(formula: Cnf) -> list[Assignment]:
    """All of them, by enumeration."""
    return [values for values in product((False, True), repeat=formula.variables) if formula.satisfied(values)]


@pytest.mark.parametrize("functional", [False, True])
@pytest.mark.parametrize("onto", [False, True])
def test_pigeonhole_says_what_it_should(functional: bool, onto: bool) -> None:
    for pigeons, holes in product(range(1, 5), range(1, 4)):
        formula = pigeonhole(pigeons, holes, functional, onto)
        assert formula.variables == pigeons * holes
        assert (
            len(formula.clauses)
            == pigeons + holes * comb(pigeons, 2) + functional * pigeons * comb(holes, 2) + onto * holes
        )
        for values in product((False, True), repeat=formula.variables):
            seats = [[hole for hole in range(holes) if values[pigeon * holes + hole]] for pigeon in range(pigeons)]
            taken = [hole for own in seats for hole in own]
            right = all(seats) and len(taken) == len(set(taken))
            right = right and (not functional or all(len(own) == 1 for own in seats))
            right = right and (not onto or len(set(taken)) == holes)
            assert formula.satisfied(values) == right


def test_parity_says_what_it_should() -> None:
    for points in range(2, 7):
        formula = perfect_matching(points)
        pairs = list(combinations(range(points), 2))
        assert formula.variables == len(pairs)
        assert len(formula.clauses) == points + points * comb(points - 1, 2)
        for values in product((False, True), repeat=len(pairs)) if points < 6 else []:
            chosen = [pair for pair, value in zip(pairs, values, strict=True) if value]
            degrees = [sum(point in pair for pair in chosen) for point in range(points)]
            assert formula.satisfied(values) == (degrees == [1] * points)
        assert len(models(formula)) == {2: 1, 3: 0, 4: 3, 5: 0, 6: 15}[points]


def test_clique_coloring_says_what_it_should() -> None:
    for vertices, clique, colors in [(2, 2, 1), (2, 1, 1), (2, 2, 2), (3, 2, 1), (3, 1, 2)]:
        formula = clique_coloring(vertices, clique, colors)
        pairs = list(combinations(range(vertices), 2))
        assert formula.variables == len(pairs) + clique * vertices + vertices * colors
        for values in product((False, True), repeat=formula.variables):
            edges = {pair for pair, value in zip(pairs, values, strict=False) if value}
            rest = values[len(pairs) :]
            members = [{v for v in range(vertices) if rest[i * vertices + v]} for i in range(clique)]
            rest = rest[clique * vertices :]
            shades = [{c for c in range(colors) if rest[v * colors + c]} for v in range(vertices)]
            right = all(len(member) == 1 for member in members) and all(shades)
            if right:
                chosen = [next(iter(member)) for member in members]
                right = all(u != v and (min(u, v), max(u, v)) in edges for u, v in combinations(chosen, 2))
                right = right and all(not shades[u] & shades[v] for u, v in edges)
            assert formula.satisfied(values) == right


def test_clique_coloring_answers() -> None:
    for vertices, clique, colors in product(range(2, 5), range(1, 4), range(1, 4)):
        if clique <= vertices:
            formula = clique_coloring(vertices, clique, colors)
            assert satisfiable(formula.clauses) == (clique <= colors)


def test_tseitin_says_what_it_should() -> None:
    for number, (vertices, degree) in enumerate([(4, 2), (4, 3), (5, 2), (6, 3), (5, 4)]):
        stream = Stream(number, "test")
        edges = random_regular(vertices, degree, stream)
        charges = [stream.below(2) for _ in range(vertices)]
        formula = tseitin(vertices, edges, charges)
        assert len(formula.clauses) == vertices * 2 ** (degree - 1)
        count = 0
        for values in product((False, True), repeat=len(edges)):
            sums = [
                sum(value for edge, value in zip(edges, values, strict=True) if vertex in edge) % 2
                for vertex in range(vertices)
            ]
            assert formula.satisfied(values) == (sums == charges)
            count += sums == charges
        assert count == (0 if sum(charges) % 2 else 2 ** (len(edges) - vertices + 1))
        if sum(charges) % 2 == 0:
            true = set(solution(vertices, edges, charges))
            assert formula.satisfied([number in true for number in range(1, len(edges) + 1)])


def test_random_regular_graphs() -> None:
    seen = set()
    for seed in range(60):
        for vertices, degree in [(6, 3), (10, 4), (7, 6), (40, 3), (30, 8), (2, 1), (9, 2)]:
            edges = random_regular(vertices, degree, Stream(seed, "graph"))
            assert edges == sorted(set(edges))
            assert all(u < v for u, v in edges)
            assert all(sum(vertex in edge for edge in edges) == degree for vertex in range(vertices))
            reached, stack = {0}, [0]
            while stack:
                vertex = stack.pop()
                for other in (u + v - vertex for u, v in edges if vertex in (u, v)):
                    if other not in reached:
                        reached.add(other)
                        stack.append(other)
            assert len(reached) == vertices
            seen.add(tuple(edges))
    assert len(seen) > 200
    with pytest.raises(ParameterError, match="degree: no simple connected graph of degree 1 in 1000 draws"):
        random_regular(4, 1, Stream(0, "graph"))


NETS: list[tuple[str, dict[str, Any]]] = [
    *(("pigeonhole", {"holes": holes}) for holes in (1, 2, 3, 4)),
    ("pigeonhole", {"holes": 3, "pigeons": 3}),
    ("pigeonhole", {"holes": 4, "pigeons": 2, "onto": True}),
    ("pigeonhole", {"holes": 4, "pigeons": 2, "onto": True, "functional": True}),
    ("pigeonhole", {"holes": 3, "pigeons": 3, "onto": True, "functional": True}),
    ("pigeonhole", {"holes": 3, "functional": True}),
    *(("parity", {"points": points}) for points in (2, 3, 4, 5, 6)),
    *(("tseitin", {"vertices": 6, "seed": seed, "even": even}) for seed in range(3) for even in (False, True)),
    ("tseitin", {"vertices": 6, "degree": 4}),
    ("tseitin", {"vertices": 6, "degree": 5, "even": True}),
    ("cliquecoloring", {"vertices": 3, "clique": 3, "colors": 2}),
    ("cliquecoloring", {"vertices": 3, "clique": 2, "colors": 2}),
    ("cliquecoloring", {"vertices": 4, "clique": 3, "colors": 2}),
]


def source(program: Program) -> Cnf:
    """The formula that travels with a net."""
    assert program.provenance is not None
    formula = program.provenance["source"]
    return Cnf(formula["variables"], tuple(map(tuple, formula["clauses"])))


@pytest.mark.parametrize("form", ["minmax", "layered", "layers3"])
@pytest.mark.parametrize("case", NETS, ids=str)
def test_the_known_verdict(case: tuple[str, dict[str, Any]], form: str) -> None:
    family, parameters = case
    program = generate(family, form=form, **parameters)
    facts = program.provenance
    assert facts is not None
    formula = source(program)
    if facts["verdict"] == "distinct":
        true = set(facts["assignment"])
        values = [index in true for index in range(1, formula.variables + 1)]
        assert formula.satisfied(values)
        _, inverse = MinMaxReduction().apply(formula)
        assert inverse.direction_of(tuple(values)).first.rows != inverse.direction_of(tuple(values)).second.rows
    else:
        assert "assignment" not in facts
        assert not satisfiable(formula.clauses)
    if form == "layers3" and len(formula.clauses) > 30:
        return  # as slow as it should be
    result = check(program, certify=True)
    assert result.verdict == facts["verdict"]
    assert result.certified


@pytest.mark.parametrize(
    ("family", "parameters", "message"),
    [
        ("pigeonhole", {"holes": 1000}, "holes: 1002001000 literals; at most 1048576"),
        ("pigeonhole", {"holes": 0}, "holes: 0 is outside 1..1000"),
        ("parity", {"points": 1}, "points: 1 is outside 2..500"),
        ("parity", {"points": 500}, "points: 124500500 literals; at most 1048576"),
        ("cliquecoloring", {"vertices": 3, "clique": 4}, "clique: 4 different members, but there are only 3 vertices"),
        ("cliquecoloring", {"vertices": 200, "clique": 200}, "vertices: 23"),
        ("tseitin", {"vertices": 5, "degree": 3}, "degree: 5 vertices of degree 3: an odd number of ends"),
        ("tseitin", {"vertices": 3, "degree": 3}, "degree: 3 neighbours, but there are only 2 others"),
        ("tseitin", {"vertices": 10000, "degree": 16}, "vertices: 5242880000 literals; at most 1048576"),
        (
            "ksat",
            {"variables": 9, "ratio": 4, "planted": True, "answer": "satisfiable"},
            "answer: has no meaning with a",
        ),
        ("ksat", {"variables": 301, "ratio": 1, "answer": "satisfiable"}, "answer: 301 variables; solved at"),
        ("ksat", {"variables": 301, "ratio": 1, "unique": True}, "unique: 301 variables; solved at"),
        (
            "ksat",
            {"variables": 9, "ratio": 1, "answer": "unsatisfiable"},
            "answer: 200 formulas drawn, none of them un",
        ),
        (
            "ksat",
            {"variables": 9, "ratio": 90, "answer": "satisfiable"},
            "answer: 200 formulas drawn, none of them sat",
        ),
        ("ksat", {"variables": 9, "ratio": 9, "answer": "maybe"}, "answer: .*expected satisfiable or unsatisfiable"),
    ],
)
def test_refused(family: str, parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=f"^{message}"):
        generate(family, **parameters)


def test_the_first_formula_of_an_answer() -> None:
    for seed in range(4):
        plain = random_cnf(12, 51, 3, seed, False)[0]
        for answer in ("satisfiable", "unsatisfiable"):
            program = generate("3sat", variables=12, ratio="4.26", seed=seed, answer=answer)
            formula = source(program)
            assert bool(models(formula)) is (answer == "satisfiable")
            if bool(models(plain)) is (answer == "satisfiable"):
                assert formula == plain
            result = check(program)
            assert result.certified
            assert program.provenance is not None
            assert result.verdict == program.provenance["verdict"]


def test_with_answer_takes_the_first() -> None:
    formulas = [Cnf(1, ((1,), (-1,)))] * 3 + [Cnf(1, ((1,),)), Cnf(1, ((-1,),))]
    assert with_answer(formulas.__getitem__, True) is formulas[3]
    assert with_answer(formulas.__getitem__, False) is formulas[0]


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_one_model(k: int) -> None:
    for seed in range(4):
        program = generate("3sat", variables=9, ratio=2, k=k, seed=seed, unique=True)
        formula, facts = source(program), program.provenance
        assert facts is not None
        true = set(facts["assignment"])
        assert models(formula) == [tuple(index in true for index in range(1, 10))]
        assert all(len({abs(literal) for literal in clause}) == k for clause in formula.clauses)
        assert len(formula.clauses) >= 18
        assert check(program).verdict == "distinct"


def test_isolate_keeps_the_formula_and_adds_to_it() -> None:
    formula, hidden = random_cnf(40, 80, 3, 5, True)
    assert hidden is not None
    made = isolate(formula, hidden, 3, Stream(5, "isolate"))
    assert made.clauses[:80] == formula.clauses
    assert made.satisfied(hidden)
    assert not satisfiable(made.clauses, tuple(-j if value else j for j, value in enumerate(hidden, start=1)))
    joined = made.clauses[80:]
    alone = {
        own[0]
        for clause in made.clauses
        if len(own := [literal for literal in clause if hidden[abs(literal) - 1] is (literal > 0)]) == 1
    }
    assert len(alone) == 40  # every variable is the only support of some clause
    assert all(len({abs(literal) for literal in clause}) == 3 for clause in joined)


def test_the_same_bytes() -> None:
    for family, parameters in [*NETS, ("3sat", {"variables": 20, "ratio": 4, "unique": True, "seed": 1})]:
        assert dumps(generate(family, **parameters)) == dumps(generate(family, **parameters))
    assert dumps(generate("tseitin", seed=1)) != dumps(generate("tseitin", seed=2))
