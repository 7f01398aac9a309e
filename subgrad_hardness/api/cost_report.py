"""What ``cost`` answers: rows, as a table, as JSON, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.cost_timing import MeasuredRow
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.cost_model.table import CostRow
from subgrad_hardness.cost_model.weights import KINDS, Weights
from subgrad_hardness.net.rational import format_rational

#: The columns of the CSV, and the keys of a row of the JSON.
COLUMNS = ("method", "form", *KINDS, "cost", "ratio", "bound", "bound_by", "stored", "note")


@dataclass(frozen=True, kw_only=True, slots=True)
class CostReport:
    """What evaluating and differentiating a program costs.

    Attributes
    ----------
    program : its name.
    digest : of a net; None: it is none.
    level : 0 for one operation, 1 for a program of operations, more where programs are elements.
    inputs, outputs : how many.
    differentiated : in how many inputs.
    weights : what one operation of each kind costs.
    dictionary : the one that the bounds are of; None: the operations of the program itself.
    rows : one a method, the evaluation first.
    measured : running times, where they were asked for.
    notes : why a row that was asked for is not there.
    environment : versions of what was measured, and the processor; empty where nothing was.
    """

    program: str | None
    digest: str | None
    level: int
    inputs: int
    outputs: int
    differentiated: int
    weights: Weights
    dictionary: str | None
    rows: tuple[CostRow, ...]
    measured: tuple[MeasuredRow, ...] = ()
    notes: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        ratios = [f"{row.method} {float(row.ratio):.3g}" for row in self.rows[1:] if row.ratio is not None]
        return f"<CostReport: evaluation {format_rational(self.rows[0].cost)}; {', '.join(ratios)}>"

    def ratio(self, method: str, form: str = "") -> Fraction:
        """How many evaluations a method costs.

        Raises ParameterError where there is no such row, or where the evaluation is free.
        """
        for row in self.rows:
            if row.method == method and form in ("", row.form) and row.ratio is not None:
                return row.ratio
        raise ParameterError(f"no ratio for {method!r} {form!r}".rstrip(), place="method")

    def to_json(self) -> dict[str, Any]:
        """The object that ``cost --json`` prints; numbers are exact, in strings."""
        return {
            "program": self.program,
            "digest": self.digest,
            "level": self.level,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "differentiated": self.differentiated,
            "weights": {kind: format_rational(weight) for kind, weight in self.weights._asdict().items()},
            "dictionary": self.dictionary,
            "rows": [_row_json(row) for row in self.rows],
            "measured": [asdict(row) for row in self.measured],
            "notes": list(self.notes),
            "environment": dict(self.environment),
        }

    def to_csv(self) -> str:
        """One line a row, with a line of names first."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in self.rows:
            found = _row_json(row)
            cells = {**found.pop("counts"), **found}
            writer.writerow(["" if cells[column] is None else cells[column] for column in COLUMNS])
        return text.getvalue()

    def table(self) -> str:
        """The rows for people."""
        titles = ("method", *KINDS, "cost", "ratio", "bound", "from", "stored", "note")
        lines = [titles, *(_cells(row) for row in self.rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(titles))]
        shown = []
        for line in lines:
            cells = [
                cell.ljust(width) if column in (0, 9, 11) else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(line, widths, strict=True))
            ]
            shown.append("  ".join(cells).rstrip())
        for each in self.measured:
            note = f"  {each.note}" if each.note else ""
            shown.append(f"{each.engine}: {each.method:<22}{each.seconds:.3g} s, ratio {each.ratio:.3g}{note}")
        return "\n".join([*shown, *self.notes])


def _row_json(row: CostRow) -> dict[str, Any]:
    def exact(value: Fraction | None) -> str | None:
        return None if value is None else format_rational(value)

    return {
        "method": row.method,
        "form": row.form or None,
        "counts": row.counts._asdict(),
        "cost": exact(row.cost),
        "ratio": exact(row.ratio),
        "bound": exact(row.bound),
        "bound_by": row.bound_by or None,
        "stored": row.stored,
        "note": row.note or None,
    }


def _cells(row: CostRow) -> tuple[str, ...]:
    def short(value: Fraction | None) -> str:
        if value is None:
            return "-"
        return format_rational(value) if value.denominator == 1 else f"{float(value):.4g}"

    method = f"{row.method}, {row.form}" if row.form else row.method
    numbers = [str(number) for number in row.counts]
    stored = "-" if row.stored is None else str(row.stored)
    return (method, *numbers, short(row.cost), short(row.ratio), short(row.bound), row.bound_by, stored, row.note)
