"""Formulas as nets: two subgradients iff satisfiable."""

from __future__ import annotations

from collections.abc import Iterator

from shipped.instance import Instance
from subgrad_hardness.api.generate import generate
from subgrad_hardness.net.program import Program
from subgrad_hardness.reduction.cnf import parse_dimacs
from subgrad_hardness.reduction.three_sat import MinMaxReduction, ThreeLayerReduction


def small_formulas() -> Iterator[Instance]:
    """All sign patterns on three variables, and all but one."""
    all_signs = [[a * 1, b * 2, c * 3] for a in (1, -1) for b in (1, -1) for c in (1, -1)]
    known = "all assignments were tried"
    for name, clauses, verdict in (("sat", all_signs[1:], "distinct"), ("unsat", all_signs, "unique")):
        dimacs = "".join(" ".join(map(str, [*clause, 0])) + "\n" for clause in clauses)
        text = f"p cnf 3 {len(clauses)}\n{dimacs}"
        for form, layered in (("minmax", False), ("minmax", True), ("layers3", False)):
            style = "minmax-layered" if layered else form
            yield Instance(
                f"3sat-{name}-{style}",
                f"{len(clauses)} of the 8 sign patterns on 3 variables, {style} form",
                verdict,
                known,
                _formula(text, form, layered),
            )


def _formula(dimacs: str, form: str, layered: bool) -> Program:
    reduction = ThreeLayerReduction() if form == "layers3" else MinMaxReduction(layered)
    return reduction.apply(parse_dimacs(dimacs))[0]


def random_formulas() -> Iterator[Instance]:
    """Random 3-SAT at the phase transition; the verdicts come from a SAT solver on the formulas."""
    for seed in (1, 2):
        for form in ("minmax", "layers3"):
            net = generate("3sat", variables=20, ratio="4.26", seed=seed, form=form)
            assert net.provenance is not None
            satisfiable = _satisfiable(net.provenance["source"]["clauses"])
            yield Instance(
                f"3sat-random-20-seed{seed}-{form}",
                f"random 3-SAT, 20 variables, 85 clauses, {form} form",
                "distinct" if satisfiable else "unique",
                f"CaDiCaL found the formula {'satisfiable' if satisfiable else 'unsatisfiable'}",
                net,
            )


def _satisfiable(clauses: list[list[int]]) -> bool:
    from pysat.solvers import Solver

    with Solver(name="cadical195", bootstrap_with=clauses) as solver:
        return bool(solver.solve())
