"""CaDiCaL on the text of a CNF file."""

from __future__ import annotations

from pysat.formula import CNF
from pysat.solvers import Cadical195


def cadical(text: str) -> str | None:
    """What a SAT solver prints for a DIMACS text; None if it takes more than 3,000 conflicts."""
    with Cadical195(bootstrap_with=CNF(from_string=text).clauses) as solver:
        solver.conf_budget(3_000)
        answer = solver.solve_limited()
        if answer is None:
            return None
        if not answer:
            return "c a comment\ns UNSATISFIABLE\n"
        model = [*solver.get_model(), 0]
    lines = [model[at : at + 12] for at in range(0, len(model), 12)]
    return "s SATISFIABLE\n" + "".join(f"v {' '.join(map(str, line))}\n" for line in lines)
