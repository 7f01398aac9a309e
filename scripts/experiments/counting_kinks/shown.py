"""A census as a table, as CSV, and as a picture."""

from __future__ import annotations

import csv
import io
import json
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from counting_kinks.looking import COLUMNS
from counting_kinks.training import Setting
from subgrad_hardness.api.audit_result import VERDICTS
from subgrad_hardness.common.files import write_file
from subgrad_hardness.plotting.canvas import PALETTE, write_picture

Records = Mapping[tuple[Setting, str], Sequence[Mapping[str, Any]]]


def table(records: Records) -> str:
    """Markdown, a row a setting and what is differentiated by."""
    head = ["data", "inputs", "net", "biases", "by", "points", "with kinks", "why", "nearest (median)", *VERDICTS]
    lines = [_row(head), _row(["---"] * len(head))]
    for (setting, by), found in records.items():
        causes: Counter[str] = Counter()
        for each in found:
            causes.update(each["causes"])
        near = [each["nearest"] for each in found if each["nearest"] is not None]
        counts = Counter(each["verdict"] for each in found)
        why = ", ".join(f"{name} {number}" for name, number in causes.most_common())
        kinked = sum(each["kinks"] > 0 for each in found)
        middle = f"{statistics.median(near):.2g}" if near else ""
        biases = "yes" if setting.biases else "no"
        names = [setting.data, setting.inputs, setting.net, biases, by]
        lines.append(
            _row([*names, str(len(found)), str(kinked), why, middle, *[str(counts[v] or "") for v in VERDICTS]])
        )
    return "\n".join(lines)


def write_csv(path: str, rows: Sequence[tuple[Setting, int, Mapping[str, Any]]]) -> None:
    """A line a record."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*Setting._fields, "point", *COLUMNS])
    for setting, point, record in rows:
        values = [json.dumps(v) if isinstance(v := record[name], dict) else v for name in COLUMNS]
        writer.writerow([*setting, point, *values])
    write_file(path, lambda: text.getvalue().encode())


def draw(path: str, records: Records) -> None:
    """Where no kink matters, and verdicts where one does, as bars; the distances of the nearest; a line a setting."""
    write_picture(path, lambda: _figure(records))


def _figure(records: Records) -> Any:
    from matplotlib.figure import Figure

    keys = list(records)
    figure = Figure(figsize=(11, 1.5 + 0.24 * len(keys)))
    shares, near = figure.subplots(1, 2, sharey=True)
    places = list(range(len(keys)))
    left = [0.0] * len(keys)
    for kind, colour in zip(("no kink that matters", *VERDICTS), ("#dddddd", *PALETTE), strict=False):
        part = [sum(_kind(record) == kind for record in records[key]) / len(records[key]) for key in keys]
        shares.barh(places, part, left=left, color=colour, label=kind)
        left = [before + share for before, share in zip(left, part, strict=True)]
    for place, key in zip(places, keys, strict=True):
        found = [r["nearest"] for r in records[key] if r["nearest"]]
        near.plot(found, [place] * len(found), "|", color=PALETTE[0])
    shares.set_yticks(places, [f"{setting}; by {by}" for setting, by in keys], fontsize=6)
    shares.set_ylim(len(keys) - 0.4, -0.6)
    shares.set_xlabel("share of the points")
    shares.legend(loc="upper left", bbox_to_anchor=(0, 1.04), ncols=3, fontsize=6)
    near.set_xscale("log")
    near.xaxis.set_major_formatter("{x:g}")
    near.set_xlabel("least |preactivation| that is not 0")
    return figure


def _kind(record: Mapping[str, Any]) -> str:
    """The verdict, where a kink matters."""
    return str(record["verdict"]) if record["live"] else "no kink that matters"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
