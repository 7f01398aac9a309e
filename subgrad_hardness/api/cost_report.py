"""What ``cost`` answers: rows, as a table, as JSON, as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar

from subgrad_hardness.api.readable import Readable
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count
from subgrad_hardness.cost_model.table import CostRow
from subgrad_hardness.cost_model.weights import KINDS, Weights
from subgrad_hardness.net.rational import format_rational

#: The columns of the CSV, before those of peers: who it is and what of, seconds and ratio.
COLUMNS = (
    *("program", "method", "form", *KINDS, "cost", "ratio", "bound", "bound_by", "bound_name", "stored"),
    *("seconds", "ratio_measured", "note"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class CostReport(Readable):
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
    notes: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        ratios = [f"{row.method} {float(row.ratio):.3g}" for row in self.rows[1:] if row.ratio is not None]
        return f"<CostReport: evaluation {_exact(self.rows[0].cost)}; {', '.join(ratios)}>"

    def ratio(self, method: str, form: str = "") -> Fraction:
        """How many evaluations a method costs.

        Raises ParameterError where there is no such row, or where the evaluation is free.
        """
        for row in self.rows:
            if row.method == method and form in ("", row.form) and row.ratio is not None:
                return row.ratio
        raise ParameterError(f"no ratio for {method!r} {form!r}".rstrip(), place="method")

    _columns: ClassVar[bool] = True

    def lines(self) -> list[str]:
        """The answer for people: the table under what it is about."""
        shape = f"level {self.level}, {count(self.inputs, 'input')}, {count(self.outputs, 'output')}"
        whose = f"the dictionary {self.dictionary}" if self.dictionary else "the operations of this program"
        return [
            f"{self.program or 'program'}: {shape}, differentiated in {self.differentiated}",
            *self.table().split("\n"),
            f"ratio: in evaluations; bound: of the ratio, over {whose}; stored: numbers kept for the reverse sweep",
        ]

    def to_json(self) -> dict[str, Any]:
        """The object that ``cost --json`` prints; numbers that are counted are exact, in strings."""
        return {
            "version": 1,
            "program": self.program,
            "digest": self.digest,
            "level": self.level,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "differentiated": self.differentiated,
            "weights": {kind: format_rational(weight) for kind, weight in self.weights._asdict().items()},
            "dictionary": self.dictionary,
            "rows": [_row_json(row) for row in self.rows],
            "notes": list(self.notes),
            "environment": dict(self.environment),
        }

    def to_csv(self) -> str:
        """One line a row, with a line of names first; for each peer two more columns."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        engines = dict.fromkeys(engine for row in self.rows for engine in row.peers)
        writer.writerow([*COLUMNS, *(f"{engine}_{what}" for engine in engines for what in ("seconds", "ratio"))])
        for row in self.rows:
            found = _row_json(row)
            cells = {**dict.fromkeys(KINDS), **(found.pop("counts") or {}), **found, "program": self.program}
            line = [cells[column] for column in COLUMNS]
            for engine in engines:
                line += row.peers[engine][:2] if engine in row.peers else (None, None)
            writer.writerow(["" if cell is None else cell for cell in line])
        return text.getvalue()

    def table(self) -> str:
        """The rows for people."""
        titles = ("method", *KINDS, "cost", "ratio", "bound", "from", "stored", "seconds", "measured", "note")
        timed = any(row.seconds is not None for row in self.rows)
        shown_columns = [column for column, title in enumerate(titles) if timed or title not in ("seconds", "measured")]
        lines = [[line[column] for column in shown_columns] for line in (titles, *map(_cells, self.rows))]
        left = [titles[column] in ("method", "from", "note") for column in shown_columns]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        shown = []
        for line in lines:
            cells = [
                cell.ljust(width) if begins else cell.rjust(width)
                for begins, cell, width in zip(left, line, widths, strict=True)
            ]
            shown.append("  ".join(cells).rstrip())
        for engine in dict.fromkeys(engine for row in self.rows for engine in row.peers):
            for row in self.rows:
                if engine in row.peers:
                    seconds, ratio, note = row.peers[engine]
                    shown.append(f"{engine}: {row.method:<17}{seconds:.3g} s, ratio {ratio:.3g}  {note}".rstrip())
        return "\n".join([*shown, *self.notes])


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else format_rational(value)


def _row_json(row: CostRow) -> dict[str, Any]:
    return {
        "method": row.method,
        "form": row.form or None,
        "counts": None if row.counts is None else row.counts._asdict(),
        "cost": _exact(row.cost),
        "ratio": _exact(row.ratio),
        "bound": _exact(row.bound),
        "bound_by": row.bound_by or None,
        "bound_name": row.bound_name or None,
        "stored": row.stored,
        "seconds": row.seconds,
        "ratio_measured": row.ratio_measured,
        "peers": {engine: timing._asdict() for engine, timing in row.peers.items()},
        "note": row.note or None,
    }


def _cells(row: CostRow) -> tuple[str, ...]:
    def short(value: Fraction | float | None) -> str:
        if isinstance(value, Fraction) and value.denominator == 1:
            return format_rational(value)
        return "-" if value is None else f"{float(value):.4g}"

    method = f"{row.method}, {row.form}" if row.form else row.method
    counts = ["-"] * len(KINDS) if row.counts is None else [str(number) for number in row.counts]
    stored = "-" if row.stored is None else str(row.stored)
    bounded = f"{row.bound_name}, {row.bound_by}" if row.bound_name else ""
    numbers = (short(row.cost), short(row.ratio), short(row.bound), bounded, stored)
    return (method, *counts, *numbers, short(row.seconds), short(row.ratio_measured), row.note)
