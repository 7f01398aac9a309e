"""The LP format of CPLEX, which SCIP, HiGHS, CBC, GLPK and Gurobi read as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from subgrad_hardness.encoders.box_model import box_model, explanation, pieces, solution, terms
from subgrad_hardness.encoders.contract import Asked, Claim, Encoder, commented
from subgrad_hardness.solvers.linear_model import Constraint, Model, Variable


class Lp(Encoder):
    """One model for all outputs and signs (``box_model``), for people and solvers."""

    name = "lp"
    suffix = ".lp"
    summary = "mixed-integer program, CPLEX LP format (SCIP, HiGHS, CBC, Gurobi)"

    def apply(self, asked: Asked) -> str:
        """Linear in the nonzeros, beside the bounds.  Raises EncodingError."""
        comments = asked.header("Mixed-integer linear program, LP format", explanation(asked, self.name))
        return commented(comments, "\\") + "\n".join([*_lines(box_model(asked).model), ""])

    def inverse(self, asked: Asked, answer: str) -> Claim:
        """A solution file; see ``box_model.solution``."""
        return solution(asked, answer)


def _lines(model: Model) -> Iterator[str]:
    yield "Maximize"
    yield from pieces(["gap:", *_expression(model.goal, model.variables)])
    yield "Subject To"
    for number, row in enumerate(model.rows):
        words = (f"r{number}:", *_expression(row, model.variables), f"{row.sense} {int(row.bound)}")
        yield from pieces(words)
    yield "Bounds"
    for variable in model.variables:
        yield f" {int(variable.lower)} <= {variable.name} <= {int(variable.upper)}"
    integers = [variable.name for variable in model.variables if variable.integral]
    if integers:
        yield "Generals"
        yield from pieces(integers)
    yield "End"


def _expression(row: Constraint, variables: Sequence[Variable]) -> Iterator[str]:
    for index, coefficient in terms(row) or [(0, 0)]:
        sign = "-" if coefficient < 0 else "+"
        yield f"{sign} {abs(coefficient)} {variables[index].name}"
