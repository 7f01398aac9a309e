"""DIMACS files of circuits in CaDiCaL: verdicts, all models decoded and replayed, limits; the choice of a kind."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pysat.solvers import Cadical195
from support.asked import ABS, judge, program
from support.asked import asked as question_of
from support.cadical_runs import cadical
from support.circuits import FORGOTTEN, TAUTOLOGIES
from support.conformance import graph
from support.gordan_clauses import is_valid

import subgrad_hardness
from subgrad_hardness.encoders.contract import EncodingError
from subgrad_hardness.encoders.gordan_clauses import Implication
from subgrad_hardness.normal_form.linear_form import Key, key_of, opposite
from subgrad_hardness.reduction.cnf import Clause, Cnf, parse_dimacs

#: Small nets with far too many Gordan clauses, or enough to make the tests slow.
LARGE = {377, 457}


def text_of(net: Any, to: str = "cnf-circuit") -> str:
    text = subgrad_hardness.encode(net, to)
    assert isinstance(text, str)
    return text


def parts(text: str) -> tuple[Cnf, tuple[Clause, ...], tuple[Clause, ...]]:
    """The formula, its circuit's clauses and Gordan's."""
    formula = parse_dimacs(text)
    match = re.search(r"^c clauses, in this order: ([0-9]+) of the circuit, ([0-9]+) of Gordan's$", text, re.MULTILINE)
    assert match is not None
    circuit, gordan = int(match[1]), int(match[2])
    assert circuit + gordan == len(formula.clauses)
    return formula, formula.clauses[:circuit], formula.clauses[circuit:]


def listed_forms(text: str) -> dict[int, Key]:
    """The linear forms in the comments, by variable; long ones are wrapped."""
    comments = " ".join(line[2:] for line in text.splitlines() if line.startswith("c "))
    found = {}
    for number, form in re.findall(r"variable ([0-9]+): ([-+ 0-9d]+) > 0", comments):
        terms = re.findall(r"([+-]?) ?([0-9]*) ?d([0-9]+)", form)
        found[int(number)] = key_of({int(j): int(f"{sign}{size or 1}") for sign, size, j in terms})
    return found


def models(formula: Cnf, over: int, most: int) -> list[list[int]]:
    """Models that differ in the first ``over`` variables."""
    found: list[list[int]] = []
    with Cadical195(bootstrap_with=formula.clauses) as solver:
        while len(found) < most and solver.solve():
            model = list(solver.get_model())
            found.append(model)
            solver.add_clause([-literal for literal in model[:over]])
    return found


def decoded(net: Any, model: list[int], source: str = "cnf-circuit") -> subgrad_hardness.CheckResult:
    return subgrad_hardness.decode(net, f"s SATISFIABLE\nv {' '.join(map(str, model))} 0\n", source)


def test_verdicts_and_replayed_directions() -> None:
    """CaDiCaL agrees with the exhaustive enumeration on every net, and its models are never in vain."""
    seen = {"distinct": 0, "unknown": 0}
    for number in sorted(set(range(300)) - LARGE):
        answer = cadical(text_of(program(number)))
        assert answer is not None
        seen[judge(number, answer, "cnf-circuit").verdict] += 1
    assert min(seen.values()) > 100


def test_every_model_gives_a_direction_that_separates() -> None:
    tried = 0
    for number in sorted(set(range(0, 500, 2)) - LARGE):
        text = text_of(program(number))
        if "clauses, in this order" not in text:
            continue
        formula = parts(text)[0]
        atoms = re.search(r"this order: ([0-9]+) half-spaces", text)
        assert atoms is not None
        for model in models(formula, int(atoms[1]), 6):
            result = decoded(program(number), model)
            assert (result.verdict, result.certified) == ("distinct", True)
            tried += 1
    assert tried > 100


@pytest.mark.parametrize("lines", [*FORGOTTEN, *TAUTOLOGIES])
def test_directions_are_off_the_hyperplanes_that_the_circuit_forgot(lines: str) -> None:
    net = graph("x y z", lines, lines.rpartition(";")[2].partition("=")[0].strip())
    formula = parts(text_of(net))[0]
    for model in models(formula, formula.variables, 8):
        assert decoded(net, model).verdict == "distinct"


def test_independent_parts_are_not_multiplied_out() -> None:
    """A sum over 30 inputs; where the parts of a model cancel, the direction is confined to one of them."""
    names = [f"x{index}" for index in range(30)]
    relus = ";".join(f"r{index} = relu {name}" for index, name in enumerate(names))
    total = " ".join(f"{'+-'[index % 2]} r{index}" for index in range(30)).removeprefix("+ ")
    net = graph(" ".join(names), f"{relus}; f = {total}", "f")
    formula, circuit, gordan = parts(text_of(net))
    assert (len(circuit), len(gordan)) == (1, 0)
    assert len(circuit[0]) == 30
    for model in [list(circuit[0]), *models(formula, 30, 20)]:
        assert decoded(net, model).verdict == "distinct"


FAMILIES: list[tuple[str, dict[str, Any]]] = [
    *[("naesat", {"variables": 12, "ratio": ratio, "seed": seed}) for seed in range(2) for ratio in ("1.6", "2.6")],
    *[("onein3", {"variables": 12, "ratio": ratio, "seed": seed}) for seed in range(2) for ratio in ("0.4", "0.8")],
    *[("coloring", {"vertices": 10, "degree": degree, "seed": seed}) for seed in range(2) for degree in (4, 6)],
    *[("ksat", {"variables": 12, "ratio": ratio, "seed": seed}) for seed in range(3) for ratio in (3, 6)],
    *[("tent", {"variables": 4, "ratio": ratio, "seed": seed}) for seed in range(3) for ratio in (2, 6)],
    *[("lattice", {"depth": 3, "inputs": 3, "seed": seed}) for seed in range(3)],
    *[("lattice", {"depth": 4, "inputs": 3, "moved": True, "seed": seed}) for seed in range(4)],
    *[("zonotope", {"inputs": 3, "inner": 2, "outer": 3, "construction": kind}) for kind in ("combination", "scaled")],
    ("zonotope", {"inputs": 3, "inner": 2, "outer": 3, "construction": "scaled", "outside": True}),
    ("maxcut", {"vertices": 3, "offset": 1}),
    ("thincone", {}),
    ("pigeonhole", {}),
]


def test_families() -> None:
    """Nets of many kinds, as ``check`` decides them, and as is known of them beforehand."""
    seen = {"distinct": 0, "unique": 0}
    for family, parameters in FAMILIES:
        net = subgrad_hardness.generate(family, **parameters)
        verdict = subgrad_hardness.check(net, certify=False).verdict
        assert net.provenance is not None
        assert net.provenance["verdict"] in (None, verdict), (family, parameters)
        answer = cadical(text_of(net))
        assert answer is not None
        result = subgrad_hardness.decode(net, answer, "cnf-circuit")
        if verdict == "distinct":
            assert result.verdict == "distinct", (family, parameters)
        else:
            assert result.believed is not None
            assert result.believed.verdict == "unique", (family, parameters)
        seen[verdict] += 1
    assert min(seen.values()) > 10


def test_gordan_clauses_are_about_forms_that_exclude_each_other() -> None:
    """From the file alone: of three forms in the comments a positive combination vanishes."""
    seen = 0
    for number in sorted(set(range(0, 500, 3)) - LARGE):
        text = text_of(program(number))
        if "clauses, in this order" not in text:
            continue
        forms = listed_forms(text)
        formula, _, gordan = parts(text)
        assert (
            {abs(literal) for clause in gordan for literal in clause} <= set(forms) <= {*range(formula.variables + 1)}
        )
        inputs = question_of(number).flat.inputs
        for clause in gordan[:100]:
            signed = [forms[-literal] if literal < 0 else opposite(forms[literal]) for literal in clause]
            assert is_valid(Implication(signed[0], signed[1], opposite(signed[2])), inputs)
            seen += 1
    assert seen > 300


def test_without_the_gordan_clauses_models_are_false_and_refused() -> None:
    """Unique nets become satisfiable; what such a model claims is not believed."""
    false = 0
    lattices = [subgrad_hardness.generate("lattice", depth=3, inputs=3, seed=seed) for seed in range(6)]
    for net in [*lattices, *(program(number) for number in range(300))]:
        text = text_of(net)
        if "clauses, in this order" not in text or cadical(text) != "c a comment\ns UNSATISFIABLE\n":
            continue
        formula, circuit, _ = parts(text)
        for model in models(Cnf(formula.variables, circuit), formula.variables, 3):
            result = decoded(net, model)
            assert result.verdict == "unknown"
            assert str(result.why).startswith(
                "the solver claims that there is a direction, but the answer does not give it: "
            )
            false += 1
    assert false > 20


def test_the_net_of_a_formula_becomes_the_formula() -> None:
    for seed in range(5):
        net = subgrad_hardness.generate("ksat", variables=40, ratio="4.26", seed=seed)
        assert net.provenance is not None
        source = {tuple(sorted(clause, key=abs)) for clause in net.provenance["source"]["clauses"]}
        formula, circuit, gordan = parts(text_of(net))
        assert formula.variables == 40
        assert set(circuit) == source
        assert gordan == ()


def test_also_where_the_inputs_are_changed_and_units_rescaled() -> None:
    """The atoms are dense then, but independent: the same clauses up to the names of the variables."""
    for seed in range(3):
        plain, hidden = [
            text_of(subgrad_hardness.generate("ksat", variables=20, ratio="4.26", seed=seed, **how))
            for how in ({}, {"layered": True, "obfuscated": True})
        ]
        formula, circuit, gordan = parts(hidden)
        assert formula.variables == 20
        assert gordan == ()
        assert len(circuit) == len(parts(plain)[1])
        assert max(len(form) for form in listed_forms(hidden).values()) > 3
        assert len(models(formula, 20, 50)) == len(models(parts(plain)[0], 20, 50))


def test_a_linear_net_is_two_clauses_that_contradict() -> None:
    net = graph("x", "a = relu x; b = -1 x; c = relu b; f = a - c", "f")
    assert text_of(net).endswith("p cnf 1 2\n1 0\n-1 0\n")
    assert decoded(net, [1]).verdict == "unknown"


@pytest.mark.parametrize(
    ("answer", "verdict", "claimed"),
    [
        ("s SATISFIABLE\nv 1 0\n", "distinct", None),
        ("SAT\n1 0\n", "distinct", None),
        ("s SATISFIABLE\nv -1 0\n", "unknown", "distinct"),
        ("s SATISFIABLE\nv 2 0\n", "unknown", "distinct"),
        ("s SATISFIABLE\n", "unknown", "distinct"),
        ("s UNSATISFIABLE\n", "unknown", "unique"),
        ("c\ns UNKNOWN\n", "unknown", None),
    ],
)
@pytest.mark.parametrize("source", ["cnf-circuit", "cnf"])
def test_answers(answer: str, verdict: str, claimed: str | None, source: str) -> None:
    result = subgrad_hardness.decode(ABS, answer, source)
    assert result.verdict == verdict
    assert (result.believed and result.believed.verdict) == claimed


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    net = subgrad_hardness.generate("zonotope", inputs=3, inner=2, outer=3)
    monkeypatch.setattr("subgrad_hardness.encoders.cnf_circuit.MOST_GORDAN_CLAUSES", 100)
    expected = (
        "more than 100 Gordan clauses, or far too many pairs, between [0-9]+ hyperplanes; try cnf-bits, or smtlib"
    )
    with pytest.raises(EncodingError, match=f"^cnf-circuit: {expected}$"):
        text_of(net)
    monkeypatch.setattr("subgrad_hardness.encoders.cnf_circuit.MOST_GATES", 10)
    with pytest.raises(
        EncodingError, match=r"^cnf-circuit: the circuit has more than 10 gates; try cnf-bits, or smtlib$"
    ):
        text_of(net)
    monkeypatch.setattr("subgrad_hardness.encoders.cnf_bits.MOST_CLAUSES", 20)
    both = "^cnf: cnf-circuit: the circuit has more than 10 gates; cnf-bits: more than 20 clauses: complete directions"
    with pytest.raises(EncodingError, match=both):
        text_of(net, "cnf")


def test_the_kind_is_chosen_by_the_limits_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    net = graph("x y", "a = relu x; b = relu y; c = a - b; f = abs c", "f")
    assert text_of(net, "cnf") == text_of(net, "cnf-circuit")
    circuit = cadical(text_of(net, "cnf"))
    monkeypatch.setattr("subgrad_hardness.encoders.cnf_circuit.MOST_GATES", 2)
    assert text_of(net, "cnf") == text_of(net, "cnf-bits")
    bits = cadical(text_of(net, "cnf"))
    assert bits is not None
    assert subgrad_hardness.decode(net, bits, "cnf").verdict == "distinct"
    monkeypatch.undo()
    assert circuit is not None
    assert subgrad_hardness.decode(net, circuit, "cnf").verdict == "distinct"


def test_both_kinds_agree() -> None:
    """On nets of which the bits are decided in time."""
    agreed = 0
    for number in range(0, 120, 3):
        bits = cadical(text_of(program(number), "cnf-bits"))
        circuit = cadical(text_of(program(number)))
        assert circuit is not None
        if bits is not None:
            assert ("UNSAT" in bits) is ("UNSAT" in circuit)
            agreed += 1
    assert agreed > 30


def test_an_answer_to_another_format_is_asked_about() -> None:
    net = graph("x y", "a = relu x; b = relu y; c = a - b; f = abs c", "f")
    result = subgrad_hardness.decode(net, "s SATISFIABLE\nv -1 -2 -3 0\n", "cnf-circuit")
    assert "of another format (cnf-bits or cnf), or of another net?" in str(result.why)
