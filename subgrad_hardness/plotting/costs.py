"""The picture of costs: what each derivative of a program costs, in evaluations, against the number of inputs."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.api.cost import cost
from subgrad_hardness.api.generate import generate
from subgrad_hardness.api.options import require_count, require_seconds, require_seed
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.cost_model.forward_limit import row_sum
from subgrad_hardness.plotting.canvas import MARKERS, PALETTE, draw, inline, require_output, write_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Rows of the table that are drawn, and how they are called.
_COUNTED = {
    ("backward", "textbook"): "gradient, backward (textbook)",
    ("backward", "structural"): "gradient, backward (structural)",
    ("forward", "structural"): "p directions, one after another",
    ("forward at once", "structural"): "p directions at once",
    ("lexicographic", ""): "lexicographic derivative",
    ("locking", ""): "a Clarke subgradient, branch locking",
    ("two-da", ""): "two elements of the conservative gradient",
}
_MEASURED = {
    "locking": "a Clarke subgradient, branch locking",
    "two-clarke": "are there two Clarke subgradients?",
}

#: The largest size that is taken.
_LARGEST = 128
#: What is gone through where nothing else is asked for.
_SIZES, _VERTICES, _VALUES = (2, 4, 8, 16, 32, 64), (4, 6, 8, 10, 12, 14), (6, 8, 10, 14, 20, 24)


class Curve(NamedTuple):
    """One method: inputs and evaluations, and the bound for the same inputs where there is one."""

    name: str
    inputs: tuple[int, ...]
    ratios: tuple[float, ...]
    bounds: tuple[float, ...]


class Costs(NamedTuple):
    """What is drawn: counted on sums of p relus of p inputs at 0, measured on nets with one subgradient."""

    counted: tuple[Curve, ...]
    measured: tuple[Curve, ...]

    def _repr_png_(self) -> bytes | None:
        """The picture, where a notebook shows this."""
        return inline(self)


def plot_cost(
    output: str | os.PathLike[str] | None = None,
    *,
    sizes: Sequence[int] = _SIZES,
    vertices: Sequence[int] = _VERTICES,
    values: Sequence[int] = _VALUES,
    seed: int = 0,
    time_limit: float | None = None,
) -> Costs:
    """Draw what each kind of derivative costs against the number of inputs, in evaluations.

    On the left, counted: F(x) = sum of relu((W x)_i), p relus of p inputs, at its kink 0, with the bounds that hold
    for its operations.  On the right, measured: one Clarke subgradient, and the decision whether there are two, on
    nets which have one, of maximum cuts and of isotonic regression in two ways.

    Parameters
    ----------
    output : path, optional
        The picture to write, ``.png``, ``.svg`` or ``.pdf``; without it, ``picture`` draws what is returned.
    sizes : sequence of int, optional
        The p of the left side, each from 1 to 128.
    vertices, values : sequences of int, optional
        The sizes of the right side: of graphs whose cuts are asked about, and of regressions.
    seed : int, optional
        Of the weights and graphs.
    time_limit : float, optional
        Seconds for all of it; no limit by default.

    Returns
    -------
    Costs
        The curves.

    Raises
    ------
    ParameterError
        An unknown kind of picture, no sizes, a size out of range, or no matplotlib.
    OutputError
        The picture cannot be written.
    LimitReached
        When the time is up; nothing is drawn.

    Notes
    -----
    Counting takes about p^3 operations for each p, deciding as long as it takes: a minute with the sizes above.

    Examples
    --------
    >>> import os, tempfile
    >>> import subgrad_hardness as sh
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     costs = sh.plot_cost(os.path.join(folder, "costs.svg"), sizes=[2, 4], vertices=[3], values=[2])
    >>> [curve.ratios for curve in costs.counted if curve.name.startswith("gradient, backward (s")]
    [(1.0, 1.0)]
    """
    require_output(output)
    for name, given in (("sizes", sizes), ("vertices", vertices), ("values", values)):
        if not given:
            raise ParameterError("none given", place=name)
        for number in given:
            require_count(number, name, _LARGEST)
    limits = Limits.seconds(require_seconds(time_limit))
    found = costs_of(sizes, vertices, values, require_seed(seed), limits)
    write_picture(output, lambda: draw_costs(found))
    return found


def costs_of(
    sizes: Sequence[int],
    vertices: Sequence[int],
    values: Sequence[int],
    seed: int = 0,
    limits: Limits = NO_LIMITS,
) -> Costs:
    """Count and measure.  Raises LimitReached."""
    counted: dict[tuple[str, str], list[tuple[int, float, float]]] = {}
    for p in sizes:
        limits.check()
        for row in cost(row_sum(p, seed), time_limit=_left(limits)).rows:
            if (row.method, row.form) in _COUNTED and row.ratio is not None and row.bound is not None:
                counted.setdefault((row.method, row.form), []).append((p, float(row.ratio), float(row.bound)))
    measured: dict[tuple[str, str], list[tuple[int, float]]] = {}
    cuts = [("maximum cuts", "maxcut", {"vertices": number, "offset": 1, "seed": seed}) for number in vertices]
    for of, family, parameters in [*cuts, *(("isotonic regression", "isotonic", {"inputs": n}) for n in values)]:
        limits.check()
        net = generate(family, **parameters)
        for row in cost(net, methods=["locking", "two-clarke"], time_limit=_left(limits)).rows:
            ratio = row.peers["exact"].ratio if row.method == "locking" else row.ratio_measured
            if row.method in _MEASURED and ratio is not None:
                measured.setdefault((row.method, of), []).append((net.input_count, ratio))
    return Costs(
        tuple(_curve(_COUNTED[which], points) for which, points in counted.items()),
        tuple(
            _curve(f"{_MEASURED[method]} ({of})", [(*point, 0.0) for point in points])
            for (method, of), points in measured.items()
        ),
    )


def _left(limits: Limits) -> float | None:
    return None if limits.remaining == math.inf else limits.remaining


def _curve(name: str, points: Sequence[tuple[int, float, float]]) -> Curve:
    inputs, ratios, bounds = zip(*points, strict=True)
    return Curve(name, inputs, ratios, bounds)


@draw.register(Costs)
def draw_costs(costs: Costs) -> Figure:
    """Two panels, log-log: counted with the bounds dashed, and measured."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11.0, 5.2), dpi=150)
    left, right = figure.subplots(1, 2)
    draw_counted(left, costs)
    draw_measured(right, costs)
    figure.suptitle("One element of a generalised derivative is cheap; whether there are two is NP-hard", fontsize=12)
    return figure


def draw_counted(axes: Axes, costs: Costs) -> None:
    """Operations in evaluations, and the bounds dashed."""
    for number, curve in enumerate(costs.counted):
        _draw(axes, curve, number)
        axes.plot(curve.inputs, curve.bounds, color=PALETTE[number], linestyle="--", linewidth=0.9)
    axes.set_ylabel("cost in evaluations, counted")
    axes.set_title("sum of p relus of p inputs, at 0 (dashed: bounds)")
    _logarithmic(axes, costs.counted, room=20)


def draw_measured(axes: Axes, costs: Costs) -> None:
    """Times in evaluations."""
    colours = {curve.name: index for index, curve in enumerate(costs.counted)}
    for place, curve in enumerate(costs.measured):
        number = next((each for name, each in colours.items() if curve.name.startswith(name)), len(colours))
        _draw(axes, curve, number, "-" if place < len(_MEASURED) else ":")
    axes.set_ylabel("time in evaluations, measured")
    axes.set_title("nets with one subgradient, at 0")
    _logarithmic(axes, costs.measured, room=6)


def _logarithmic(axes: Axes, curves: Sequence[Curve], room: float) -> None:
    """Both axes logarithmic, in plain numbers, with ``room`` for the legend above the curves."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

    axes.axhline(1, color="#777777", linewidth=1)
    axes.set(xlabel="inputs p", xscale="log", yscale="log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_locator(FixedLocator(sorted({number for curve in curves for number in curve.inputs})))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.legend(fontsize=8, loc="upper left")
    axes.set_ylim(top=axes.get_ylim()[1] * room)


def _draw(axes: Axes, curve: Curve, number: int, style: str = "-") -> None:
    colour = PALETTE[number] if number < len(PALETTE) else "#000000"
    marker = MARKERS[number % len(MARKERS)]
    axes.plot(curve.inputs, curve.ratios, label=curve.name, marker=marker, markersize=5, color=colour, linestyle=style)
