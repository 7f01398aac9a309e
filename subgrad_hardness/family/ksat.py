"""Random k-SAT nets, and the nets of any CNF formula in a DIMACS file.

The distribution: M = floor(R N + 1/2) clauses, drawn independently; each has k distinct variables,
all sets of k of the N variables equally likely, and k independent fair signs.  Planted: a hidden
assignment is drawn first, uniformly, and a clause that it violates is drawn again, so that clauses
are independent and uniform among those that it satisfies; then the formula is satisfiable and the
net has two distinct subgradients by construction.  ``unique``: clauses join until it is the only model
(``family.wanted_answer``), so that there may be more of them than R N.  ``answer``: formulas are drawn until
CaDiCaL finds one of that answer; the first is the one without ``answer``.

At k = 3 the share of satisfiable formulas falls from 1 to 0 around R = 4.27, where deciding is
hardest.  The net is one of the two forms of ``reduction.three_sat`` [B22, arXiv 2206.01730];
``obfuscated`` hides the formula in the layered form and keeps the verdict (``obfuscation``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.family.contract import Family, Values, choice, flag, integer, random_seed, rational, readable_file
from subgrad_hardness.family.known_verdicts import known
from subgrad_hardness.family.wanted_answer import isolate, with_answer
from subgrad_hardness.net.layered_format import MAX_UNITS
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.obfuscation.rescale import rescaled
from subgrad_hardness.obfuscation.unimodular import unimodular
from subgrad_hardness.reduction.cnf import Assignment, Clause, Cnf, read_dimacs
from subgrad_hardness.reduction.three_sat import MinMaxReduction, SatReduction, ThreeLayerReduction

#: The layered min-max form has two units in one layer for each literal occurrence.
_MOST_LITERALS = MAX_UNITS // 2


@dataclass(frozen=True, kw_only=True)
class KsatValues(Values):
    """The parameters of ``ksat``."""

    variables: int | None = integer("number of variables; required where a formula is drawn", low=1, high=2**20)
    ratio: Fraction | None = rational(
        "clauses per variable, exact: 4.26 or 213/50; floor(R N + 1/2) clauses; required where a formula is drawn"
    )
    seed: int = random_seed()
    k: int = integer("variables in each clause", default=3, low=1, high=1000)
    form: str = choice(
        "minmax: relu(min over clauses of max over literals); layers3: three hidden layers",
        ("minmax", "layers3"),
        default="minmax",
    )
    layered: bool = flag("minmax as a pure chain of relu layers instead of a graph (layers3 is one anyway)")
    obfuscated: bool = flag("layered, with integer changes of the inputs and rescaled, permuted units")
    planted: bool = flag("draw again each clause that a hidden assignment violates: satisfiable")
    unique: bool = flag("planted, and clauses added until the hidden assignment is the only model")
    answer: str | None = choice(
        "the first formula drawn with this answer of CaDiCaL's, up to 300 variables", ("satisfiable", "unsatisfiable")
    )
    from_dimacs: str | None = readable_file("take the formula from a DIMACS CNF file instead of drawing one")


#: Parameters of the random draw, which a given formula leaves without a meaning.
_OF_THE_DRAW = ("variables", "ratio", "seed", "k", "planted", "unique", "answer")


def random_cnf(
    variables: int, clauses: int, k: int, seed: int, planted: bool, *, draw: int = 0
) -> tuple[Cnf, Assignment | None]:
    """A random formula, and its hidden assignment where one was planted (the module's distribution).

    ``draw`` numbers independent formulas of one seed.  The same on every platform.  Linear in the number of literals;
    ``k`` at most ``variables``.
    """
    hidden: Assignment | None = None
    if planted:
        assignment = Stream(seed, "ksat", "hidden", variables, k)
        hidden = tuple(assignment.below(2) == 1 for _ in range(variables))
    stream = Stream(seed, "ksat", "clauses", variables, k, *([draw] if draw else []))
    drawn: list[Clause] = []
    while len(drawn) < clauses:
        clause = tuple(index + 1 if stream.below(2) else -index - 1 for index in sorted(stream.sample(variables, k)))
        if hidden is None or any(hidden[abs(literal) - 1] is (literal > 0) for literal in clause):
            drawn.append(clause)
    return Cnf(variables, tuple(drawn)), hidden


def _make(values: KsatValues, given: frozenset[str]) -> Program:
    formula, facts = _draw(values) if values.from_dimacs is None else _read(values, values.from_dimacs, given)
    form: str = values.form
    layered = form == "layers3" or values.layered or values.obfuscated
    reduction: SatReduction = ThreeLayerReduction() if form == "layers3" else MinMaxReduction(layered)
    program, _ = reduction.apply(formula)
    parameters = {**facts.pop("parameters"), "form": form, "layered": layered}
    name = f"{facts.pop('name')}, {form}{', layered' if layered and form == 'minmax' else ''}"
    if values.obfuscated:
        program = rescaled(unimodular(program, values.seed), values.seed)
        parameters["obfuscated"] = True
        name += ", obfuscated"
    provenance = {"family": KSAT.name, "parameters": parameters, **facts}
    if values.obfuscated:
        provenance["obfuscated"] = {step: {"seed": values.seed} for step in ("unimodular", "rescaled")}
    for key, value in (program.provenance or {}).items():
        provenance.setdefault(key, value)
    return program._replace(name=name, provenance=provenance)


def _read(values: KsatValues, path: str, given: frozenset[str]) -> tuple[Cnf, dict[str, Any]]:
    for parameter in KsatValues.parameters():
        if parameter.name == "seed" and values.obfuscated:  # the seed of the obfuscation, then
            continue
        if parameter.name in _OF_THE_DRAW and parameter.name in given:
            raise ParameterError("has no meaning with from-dimacs", place=parameter.option)
    formula = read_dimacs(path)
    _check_size(sum(map(len, formula.clauses)), "from-dimacs")
    # A file name may hold bytes that are no text; the net file has to be UTF-8.
    file = PurePath(path).name.encode("utf-8", "replace").decode("utf-8")
    name = f"CNF of {file}, {formula.variables} variables, {len(formula.clauses)} clauses"
    return formula, {"name": name, "parameters": {"from_dimacs": file}}


def _draw(values: KsatValues) -> tuple[Cnf, dict[str, Any]]:
    variables, ratio, k, seed = values.variables, values.ratio, values.k, values.seed
    if variables is None or ratio is None:
        place = "variables" if variables is None else "ratio"
        raise ParameterError("missing (a formula is drawn unless from-dimacs is given)", place=place)
    unique, answer = values.unique, values.answer
    planted = values.planted or unique
    if planted and answer:
        raise ParameterError("has no meaning with a planted assignment", place="answer")
    if k > variables:
        raise ParameterError(f"{k} distinct variables in a clause, but there are only {variables}", place="k")
    clauses = math.floor(ratio * variables + Fraction(1, 2))
    _check_size(clauses * k, "ratio")
    hidden: Assignment | None = None
    if answer:
        wanted = answer == "satisfiable"
        formula = with_answer(lambda draw: random_cnf(variables, clauses, k, seed, False, draw=draw)[0], wanted)
    else:
        formula, hidden = random_cnf(variables, clauses, k, seed, planted)
    if unique and hidden is not None:
        formula = isolate(formula, hidden, k, Stream(seed, "ksat", "unique", variables, k))
    parameters = {"variables": variables, "ratio": format_rational(ratio), "k": k, "planted": planted}
    if unique:
        parameters["unique"] = True
    if answer:
        parameters["answer"] = answer
    kind = "uniquely planted " if unique else "planted " if planted else f"{answer} " if answer else ""
    name = f"{kind}{k}-SAT, {variables} variables, {len(formula.clauses)} clauses, seed {seed}"
    facts = {"name": name, "parameters": parameters, "seed": seed}
    if hidden is not None:
        solution = [index if value else -index for index, value in enumerate(hidden, start=1)]
        known_by = "planted: this assignment satisfies the formula"
        if unique:
            known_by += "; CaDiCaL: no other one does"
        facts |= {"verdict": "distinct", "known_by": known_by, "assignment": solution}
    elif answer:
        facts |= known(answer == "satisfiable", f"CaDiCaL: the formula is {answer}")
    return formula, facts


def _check_size(literals: int, place: str) -> None:
    if literals > _MOST_LITERALS:
        raise ParameterError(f"{literals} literals; at most {_MOST_LITERALS}", place=place)


KSAT = Family(
    name="ksat",
    aliases=("3sat",),
    summary="random k-SAT (phase transition at ratio 4.27 for k = 3), planted or not, or any DIMACS CNF file",
    values=KsatValues,
    make=_make,
    example="--variables 20 --ratio 4.26",
    picture="""
        relu(min over clauses of max over literals), each literal an input x_j or -x_j, 3 relus for a clause of 3.
        The signs of a direction d are truth values, and F(d) > 0 iff they satisfy the formula: F stands on the
        orthants of the satisfying assignments, with gradients plus or minus a unit vector, and is flat, with
        gradient 0, on the others.  Without a satisfying assignment it is flat, and 0 is the only subgradient.
        layers3 has one input t more, which has to be positive and small beside the others: sums of relus, 2n + m +
        3 of them in three layers, for n variables and m clauses.
    """,
)
