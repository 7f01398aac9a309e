"""A census as a whole: counts, a table, text for people."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from subgrad_hardness.api.audit_result import VERDICTS
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_number
from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.files import write_file
from subgrad_hardness.common.words import count
from subgrad_hardness.net.rational import format_rational
from subgrad_hardness.survey.record import FIELDS, CensusRecord

#: Rows that a report for people names.
_MOST_SHOWN = 12


@dataclass(frozen=True, repr=False)
class CensusResult(Readable):
    """What a census found.

    Attributes
    ----------
    digest : of the net.
    records : one a row of the data, in its order; those that were looked at.
    total : how many rows were asked for.
    gradients : what was judged: ``given``, or the convention that made the gradients.
    framework : whose gradients they are said to be.
    """

    digest: str
    records: tuple[CensusRecord, ...]
    total: int
    gradients: str
    framework: str | None = None

    @cached_property
    def verdicts(self) -> Mapping[str, int]:
        """How many gradients got which of ``api.audit_result.VERDICTS``."""
        counts = Counter(record.verdict for record in self.records)
        return {name: counts[name] for name in VERDICTS}

    @property
    def at_kinks(self) -> int:
        """How many points have a node at a kink."""
        return sum(bool(record.kinks) for record in self.records)

    @property
    def at_live_kinks(self) -> int:
        """How many points have a kink near which matters: without one the net is smooth there."""
        return sum(bool(record.live) for record in self.records)

    @property
    def causes(self) -> Mapping[str, int]:
        """Over all points, how many nodes are at a kink for which reason; the most frequent first."""
        return self._total("causes")

    @property
    def where(self) -> Mapping[str, int]:
        """Over all points, how many nodes are at a kink in which part of the net; the most frequent first."""
        return self._total("where")

    @property
    def nearest(self) -> Fraction | None:
        """The median of the points' least absolute preactivations that are not 0, exact."""
        values = [record.nearest for record in self.records if record.nearest is not None]
        return statistics.median(values) if values else None

    def _total(self, name: str) -> Mapping[str, int]:
        total: Counter[str] = Counter()
        for record in self.records:
            total.update(getattr(record, name))
        return dict(total.most_common())

    def rows(self, verdict: str) -> tuple[int, ...]:
        """The rows of the data whose gradients got this verdict."""
        return tuple(record.row for record in self.records if record.verdict == verdict)

    def to_json(self) -> dict[str, Any]:
        """As a JSON object, with all records."""
        return {
            "version": 1,
            "digest": self.digest,
            "gradients": self.gradients,
            "framework": self.framework,
            "points": len(self.records),
            "total": self.total,
            "verdicts": dict(self.verdicts),
            "at_kinks": self.at_kinks,
            "at_live_kinks": self.at_live_kinks,
            "causes": dict(self.causes),
            "where": dict(self.where),
            "nearest": None if self.nearest is None else format_rational(self.nearest),
            "records": [record.to_json() for record in self.records],
        }

    def csv(self) -> str:
        """A line a point; mappings as JSON, ``nearest`` as a double, which is infinite beyond their range."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(FIELDS)
        for record in self.records:
            values = {name: getattr(record, name) for name in FIELDS}
            near = None if record.nearest is None else as_double(record.nearest)
            shown = {**values, "causes": _counts(record.causes), "where": _counts(record.where), "nearest": near}
            writer.writerow(shown[name] for name in FIELDS)
        return text.getvalue()

    def write_csv(self, path: str | os.PathLike[str]) -> None:
        """``csv`` to a file, whole or not at all.  Raises OutputError."""
        write_file(path, lambda: self.csv().encode())

    def lines(self) -> list[str]:
        """The answer for people."""
        return list(self.said())

    def said(self) -> Iterator[str]:
        """For people, a line at a time."""
        number = len(self.records)
        some = "" if number == self.total else f" of {self.total}"
        yield f"{count(number, 'point')}{some}; gradients: {self.gradients}"
        yield f"at a kink: {self.at_kinks}; at a kink that matters: {self.at_live_kinks}"
        if self.causes:
            yield f"why, counted over units and points: {_listed(self.causes)}"
        if self.where:
            yield f"where: {_listed(self.where)}"
        if self.nearest is not None:
            yield f"nearest kink: |preactivation| {_about(self.nearest)} (median)"
        for name, meaning in VERDICTS.items():
            rows = self.rows(name)
            if rows:
                few = "" if name in ("lexicographic", "clarke") else f" (rows {_shown(rows)})"
                yield f"{len(rows)} {name}: {meaning}{few}"


def _about(value: Fraction) -> str:
    """Two digits of a number, of any size."""
    near = as_double(value)
    return f"{near:.2g}" if 0 < near < math.inf else show_number(value, 2)


def _counts(found: Mapping[str, int]) -> str:
    return json.dumps(dict(found)) if found else ""


def _listed(found: Mapping[str, int]) -> str:
    pairs = list(found.items())
    more = f", ... {len(pairs) - _MOST_SHOWN} more" if len(pairs) > _MOST_SHOWN else ""
    return ", ".join(f"{name} {number}" for name, number in pairs[:_MOST_SHOWN]) + more


def _shown(rows: tuple[int, ...]) -> str:
    more = ", ..." if len(rows) > _MOST_SHOWN else ""
    return ", ".join(map(str, rows[:_MOST_SHOWN])) + more
