"""MPS, in columns that readers of both fixed and free form accept."""

from __future__ import annotations

from collections.abc import Iterator

from subgrad_hardness.encoders.box_model import box_model, explanation, solution, terms
from subgrad_hardness.encoders.contract import Asked, Claim, Encoder, commented
from subgrad_hardness.solvers.linear_model import Model


class Mps(Encoder):
    """The model of the LP format; as MPS knows no maximum by itself, the objective is minimised negated."""

    name = "mps"
    suffix = ".mps"
    summary = "mixed-integer program, MPS format (every MILP solver)"

    def apply(self, asked: Asked) -> str:
        """Linear in the nonzeros, beside the bounds.  Raises EncodingError."""
        lines = [
            *explanation(asked, self.name),
            "MPS minimises: the objective row GAP holds the NEGATED sum, so that its optimum is < 0 iff there are two.",
        ]
        comments = asked.header("Mixed-integer linear program, MPS format", lines)
        return commented(comments, "*") + "\n".join([*_lines(box_model(asked).model), ""])

    def inverse(self, asked: Asked, answer: str) -> Claim:
        """A solution file; see ``box_model.solution``."""
        return solution(asked, answer)


def _lines(model: Model) -> Iterator[str]:
    yield "NAME          SUBGRAD"
    yield "ROWS"
    yield " N  GAP"
    for number, row in enumerate(model.rows):
        yield f" {'L' if row.sense == '<=' else 'G'}  r{number}"
    columns: list[list[tuple[str, int]]] = [[] for _ in model.variables]
    for index, coefficient in terms(model.goal):
        columns[index].append(("GAP", -coefficient))
    for number, row in enumerate(model.rows):
        for index, coefficient in terms(row):
            columns[index].append((f"r{number}", coefficient))
    yield "COLUMNS"
    marked = False
    for variable, entries in zip(model.variables, columns, strict=True):
        if variable.integral and not marked:
            marked = True
            yield "    MARKER    'MARKER'      'INTORG'"
        for row_name, entry in entries or [("GAP", 0)]:
            yield f"    {variable.name:<8}  {row_name:<8}  {entry:>12}"
    if marked:
        yield "    MARKER    'MARKER'      'INTEND'"
    yield "RHS"
    for number, row in enumerate(model.rows):
        if row.bound:
            yield f"    RHS       r{number:<7}  {int(row.bound):>12}"
    yield "BOUNDS"
    for variable in model.variables:
        yield f" LO BND       {variable.name:<8}  {int(variable.lower):>12}"
        yield f" UP BND       {variable.name:<8}  {int(variable.upper):>12}"
    yield "ENDATA"
