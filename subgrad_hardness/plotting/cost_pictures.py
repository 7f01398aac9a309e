"""Pictures of what ``cost`` prints: operations by kind, random programs against their bounds, the forward limit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.api.cost_limit import smooth_ratio
from subgrad_hardness.api.cost_report import CostReport
from subgrad_hardness.common.words import count
from subgrad_hardness.cost_model.dictionaries import Bounds
from subgrad_hardness.cost_model.random_programs import Tried
from subgrad_hardness.cost_model.weights import KINDS
from subgrad_hardness.plotting.canvas import MARKERS, PALETTE, number_of, title_lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: What the kinds of operations are called.
_NAMES = {"add": "additions", "mul": "products", "div": "quotients", "cmp": "comparisons", "nl": "exp, log, sqrt"}
#: Bars of more evaluations than this are not drawn to scale, so that the others can be read.
_LONG = 12
_BINS = 40
#: p^(omega - 2) for the exponent of matrix multiplication that is known (arXiv 2404.16349).
_EXPONENT = 0.371339


def draw_table(report: CostReport) -> Figure:
    """A bar a method, in evaluations (costs, where an evaluation is free), stacked by kinds of operations."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    rows = [row for row in report.rows if row.counts is not None]
    unit = report.rows[0].cost or Fraction(1)
    lengths = [number_of((row.cost or Fraction(0)) / unit) for row in rows]
    short = [length for length in lengths if length <= _LONG] or [max(lengths)]
    cut = max(short) if len(short) < len(rows) else max(lengths)
    marks = [[_mark(row.bound), row.ratio_measured] for row in rows]
    width = max([cut, *(mark for each in marks for mark in each if mark is not None and mark <= _LONG)]) or 1.0
    figure = Figure(figsize=(10.0, 1.9 + 0.36 * len(rows)), dpi=150)
    axes = figure.subplots()
    for place, (row, length, (bound, measured)) in enumerate(zip(rows, lengths, marks, strict=True)):
        whole = length <= cut
        assert row.counts is not None
        parts = [weight * count for weight, count in zip(report.weights, row.counts, strict=True)]
        _bar(axes, place, parts, length if whole else width, hatch=None if whole else "///")
        ends = [length if whole else width]
        for mark, style in ((bound, "k|"), (measured, "kx")):
            if whole and mark is not None and mark <= width:
                axes.plot([mark], [place], style, markersize=16 if style == "k|" else 6, markeredgewidth=1.6)
                ends.append(mark)
        figures = f"{length:.4g}" + ("" if bound is None else f" (bound {bound:.4g})")
        axes.text(
            max(ends) + width * 0.02, place, figures if whole else f"{figures}, not to scale", va="center", fontsize=8
        )
    axes.set_yticks(range(len(rows)), [f"{row.method}, {row.form}" if row.form else row.method for row in rows])
    axes.set(xlim=(0, width * 1.5), ylim=(len(rows) - 0.5, -0.5))
    axes.set_xlabel("cost in evaluations" if report.rows[0].cost else "cost")
    axes.grid(axis="y", visible=False)
    shape = f"{report.program or 'program'}: derivatives in {count(report.differentiated, 'input')}, operations by kind"
    axes.set_title("\n".join(title_lines(shape)))
    used = [kind for kind in KINDS if any(row.counts is not None and getattr(row.counts, kind) for row in rows)]
    legend: list[Patch | Line2D] = [Patch(color=PALETTE[KINDS.index(kind)], label=_NAMES[kind]) for kind in used]
    legend += [
        Line2D([], [], color="k", linestyle="", marker=marker, markersize=8, label=name)
        for name, marker, column in (("bound", "|", 0), ("running time", "x", 1))
        if any(each[column] is not None for each in marks)
    ]
    figure.legend(handles=legend, loc="outside lower center", ncols=len(legend) or 1, fontsize=9)
    return figure


def _mark(bound: Fraction | None) -> float | None:
    return None if bound is None else number_of(bound)


def _bar(axes: Axes, place: int, parts: Sequence[Fraction], length: float, hatch: str | None) -> None:
    """One bar, in proportion to the weighed operations of each kind."""
    start = 0.0
    for part, colour in zip(parts, PALETTE, strict=False):
        if part:
            size = length * float(part / sum(parts))
            axes.barh(place, size, left=start, height=0.62, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
            start += size


def draw_campaign(tried: Tried, bounds: Bounds) -> Figure:
    """How many random programs have which ratio, backward, with the bounds."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter

    figure = Figure(figsize=(10.0, 4.4), dpi=150)
    left, right = figure.subplots(1, 2)
    for axes, name, ratios, bound in (
        (left, "textbook", tried.textbook_ratios, bounds.textbook.value),
        (right, "structural", tried.structural_ratios, bounds.amortised.value),
    ):
        drawn = [number_of(ratio) for ratio in ratios]
        top = max([1.0, *drawn, *([] if bound is None else [number_of(bound)])])
        axes.hist(drawn, bins=_BINS, range=(0.0, top), color=PALETTE[0])
        axes.set(yscale="log", xlim=(0, top * 1.05), xlabel="cost in evaluations", ylabel="programs")
        axes.yaxis.set_major_formatter(FuncFormatter(_plain))
        axes.set_ylim(bottom=0.6)
        words = "no bound"
        if bound is not None:
            axes.axvline(number_of(bound), color=PALETTE[5], linestyle="--")
            named, rest = ("omega_b", "") if name == "textbook" else ("omega_a", " (and one addition)")
            words = f"dashed: {named} = {number_of(bound):.4g}{rest}"
        axes.set_title(f"backward, {name}\n{words}")
    title = f"{len(tried.textbook_ratios)} random programs over {tried.dictionary}, seed {tried.seed}"
    figure.suptitle("\n".join(title_lines(title)), fontsize=12)
    return figure


def limit_sizes(p: int) -> list[int]:
    """Powers of two, and p, which are not too near to one another to be read."""
    return [*(2**power for power in range(p.bit_length()) if 3 * 2**power <= 2 * p), p]


def draw_limit(sizes: Sequence[int], seed: int = 0) -> Figure:
    """p directional derivatives at a kink, and at a differentiable point, in evaluations, against p."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

    figure = Figure(figsize=(7.6, 5.0), dpi=150)
    axes = figure.subplots()
    smooth = [float(smooth_ratio(p, seed)) for p in sizes]
    axes.plot(sizes, sizes, marker=MARKERS[0], color=PALETTE[5], label="at the kink: p evaluations")
    axes.plot(
        sizes, smooth, marker=MARKERS[1], color=PALETTE[0], label="at a differentiable point: a gradient, p products"
    )
    axes.axhline(2.5, color=PALETTE[0], linestyle="--", linewidth=0.9, label="5/2, its limit")
    growth = [p**_EXPONENT for p in sizes]
    axes.plot(sizes, growth, color="#555555", linestyle=":", label="p^(w - 2) for matrix products, w = 2.3714")
    axes.set(xscale="log", yscale="log", xlabel="directions p", ylabel="p directional derivatives, in evaluations")
    axes.set_title("sum of p relus of p inputs")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(_plain))
        axis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_locator(FixedLocator(sizes))
    axes.yaxis.set_major_locator(FixedLocator([2**power for power in range(7)]))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.set_ylim(0.8, max(sizes[-1], 4) * 4)
    axes.legend(fontsize=9, loc="upper left")
    return figure


def _plain(value: float, _: object) -> str:
    return f"{value:g}"
