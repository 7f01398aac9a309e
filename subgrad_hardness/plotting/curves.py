"""The two pictures of solving times: the phase transition of random formulas, and growth with size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count
from subgrad_hardness.net.rational import parse_rational
from subgrad_hardness.plotting.canvas import MARKERS, PALETTE, draw, label, number_of, title_lines
from subgrad_hardness.plotting.measuring import Series, Timed, median_seconds, quartiles_seconds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Where half of all random 3-SAT formulas are satisfiable, as they grow.
THRESHOLD_3SAT = 4.267


@draw.register(Series)
def draw_series(series: Series) -> Figure:
    """The picture that fits what was varied.  Raises ParameterError."""
    return (draw_transition if series.varied == ("variables", "ratio") else draw_scaling)(series)


def draw_transition(series: Series) -> Figure:
    """Share of ``distinct`` and median time against the ratio of clauses to variables, a curve a size.

    Raises ParameterError where the runs have no ``variables`` and ``ratio``, or these are no numbers.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 6.0), dpi=150)
    share, seconds = figure.subplots(2, 1, sharex=True)
    draw_share(share, series)
    draw_seconds(seconds, series)
    share.set_xlabel("")
    seconds.get_legend().remove()  # that of the other panel
    title = f"Random {_k(series)}-SAT nets: the phase transition ({_seeds(series)})"
    figure.suptitle("\n".join(title_lines(title)), fontsize=11)
    return figure


def draw_share(axes: Axes, series: Series) -> None:
    """The share of ``distinct`` among the nets that were decided, a curve a size."""
    for name, xs, groups, looks in _by_size(series):
        decided = [[run for run in group if run.verdict != "unknown"] for group in groups]
        shares = [
            sum(run.verdict == "distinct" for run in group) / len(group) if group else float("nan") for group in decided
        ]
        axes.plot(xs, shares, label=name, **looks)  # type: ignore[arg-type]
    if _threshold(axes, series):
        axes.annotate(f"{THRESHOLD_3SAT}", (THRESHOLD_3SAT, 0), xytext=(4, 0), textcoords="offset points", fontsize=8)
    axes.set(xlabel="clauses per variable", ylabel="share of nets with\ntwo subgradients", ylim=(-0.05, 1.05))
    axes.legend()


def draw_seconds(axes: Axes, series: Series) -> None:
    """The median time, and its quartiles, a curve a size."""
    for level, (name, xs, groups, looks) in enumerate(_by_size(series)):
        _times(axes, xs, groups, limit=series.time_limit, level=level, looks=looks, name=name)
    _threshold(axes, series)
    axes.set(xlabel="clauses per variable")
    _measure_seconds(axes)
    _note(axes, series)
    axes.legend()


def _threshold(axes: Axes, series: Series) -> bool:
    """Mark where 3-SAT changes, if it is that."""
    three = _k(series) == "3" and all(run.parameters.get("k", "3") == "3" for run in series.runs)
    if three:
        axes.axvline(THRESHOLD_3SAT, color="#777777", linestyle="--", linewidth=1)
    return three


def _by_size(series: Series) -> Iterator[tuple[str, list[float], list[list[Timed]], dict[str, object]]]:
    """For each size its name, the ratios, the runs of each and how the curve looks.

    Raises ParameterError where the runs have no ``variables`` and ``ratio``, or these are no numbers.
    """
    _require(series, "variables", "ratio")
    for name in ("variables", "ratio"):
        if _numbers(_values(series.runs, name)) is None:
            raise ParameterError(f"{name} that are no numbers", place="data")
    for index, size in enumerate(_values(series.runs, "variables")):
        runs = [run for run in series.runs if run.parameters["variables"] == size]
        ratios = _values(runs, "ratio")
        groups = [[run for run in runs if run.parameters["ratio"] == ratio] for ratio in ratios]
        yield count(int(parse_rational(size)), "variable"), _numbers(ratios) or [], groups, _looks(index)


def _looks(index: int) -> dict[str, object]:
    return {"color": PALETTE[index % len(PALETTE)], "marker": MARKERS[index % len(MARKERS)], "markersize": 5}


def draw_scaling(series: Series) -> Figure:
    """Median time against the one varied parameter, a curve a solver.

    Values that are no numbers, such as names of forms, stand side by side in their order.  Raises ParameterError where
    another number of parameters varies, or runs lack it.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 4.6), dpi=150)
    axes = figure.subplots()
    draw_times(axes, series)
    axes.legend(title="solver", loc="center left", bbox_to_anchor=(1.01, 0.5))
    title = title_lines(f"{series.family}: time to the verdict ({_seeds(series)})")
    figure.suptitle("\n".join(title), fontsize=11)
    return figure


def draw_times(axes: Axes, series: Series) -> None:
    """The median time, and its quartiles, a curve a solver.  Raises ParameterError."""
    if len(series.varied) != 1:
        raise ParameterError(f"{len(series.varied)} varied parameters, expected one", place="data")
    (size,) = series.varied
    _require(series, size)
    every = _values(series.runs, size)
    numbers = _numbers(every)
    places = dict(zip(every, range(len(every)) if numbers is None else numbers, strict=True))
    for index, solver in enumerate(dict.fromkeys(run.solver for run in series.runs)):
        runs = [run for run in series.runs if run.solver == solver]
        values = _values(runs, size)
        groups = [[run for run in runs if run.parameters[size] == value] for value in values]
        xs, looks = [places[value] for value in values], _looks(index)
        _times(axes, xs, groups, limit=series.time_limit, level=index, looks=looks, name=label(solver))
    axes.set(xlabel=label(size))
    _measure_seconds(axes)
    if numbers is None:
        axes.set_xticks(list(places.values()), [label(value) for value in every])
    _note(axes, series)
    axes.legend(title="solver")


def _measure_seconds(axes: Axes) -> None:
    """A logarithmic axis of seconds, its numbers written plainly: formulas are switched off for the names' sake."""
    from matplotlib.ticker import LogFormatter

    class Plain(LogFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return f"{x:g}" if super().__call__(x, pos) else ""

    axes.set(ylabel="median time (s)", yscale="log")
    axes.yaxis.set_major_formatter(Plain())
    axes.yaxis.set_minor_formatter(Plain(minor_thresholds=(1.2, 0.5)))


def _times(
    axes: Axes,
    xs: Sequence[float],
    groups: Sequence[Sequence[Timed]],
    *,
    limit: float,
    level: int,
    looks: dict[str, object],
    name: str | None = None,
) -> None:
    """Medians as a curve, in a band from the lower to the upper quartile where both have answers.

    Where most runs have no answer, an open mark above the limit, on this curve's own level.
    """
    medians = [median_seconds(group) for group in groups]
    known = [(x, median) for x, median in zip(xs, medians, strict=True) if median is not None]
    axes.plot([x for x, _ in known], [median for _, median in known], label=name, **looks)  # type: ignore[arg-type]
    spread = [(x, quartiles_seconds(group)) for x, group in zip(xs, groups, strict=True) if len(group) > 2]
    axes.fill_between(
        [x for x, _ in spread],
        [low for _, (low, _) in spread],
        [high for _, (_, high) in spread],
        color=str(looks["color"]),
        alpha=0.15,
        linewidth=0,
    )
    without = [x for x, median in zip(xs, medians, strict=True) if median is None]
    axes.plot(without, [limit * 1.3 ** (1 + level)] * len(without), linestyle="", markerfacecolor="white", **looks)  # type: ignore[arg-type]


def _note(axes: Axes, series: Series) -> None:
    """The limit as a line, and above the axes what the open marks mean, where there are runs without an answer."""
    if any(run.verdict == "unknown" for run in series.runs):
        axes.axhline(series.time_limit, color="#777777", linewidth=0.8)
        note = f"open marks, above the line: most nets without an answer within {series.time_limit:g} s"
        axes.set_title(note, loc="left", fontsize=8, color="#555555")
        axes.margins(y=0.12)


def _values(runs: Sequence[Timed], name: str) -> list[str]:
    """The different values of a parameter: numbers in their order, others as they were first met."""
    met = list(dict.fromkeys(run.parameters[name] for run in runs))
    if _numbers(met) is None:
        return met
    return sorted(met, key=lambda text: Fraction(parse_rational(text)))


def _numbers(values: Sequence[str]) -> list[float] | None:
    """The values as places on an axis; None where one of them is no number."""
    try:
        return [number_of(Fraction(parse_rational(value))) for value in values]
    except ParameterError:
        raise
    except ValueError:
        return None


def _require(series: Series, *names: str) -> None:
    for name in names:
        if not series.runs or any(name not in run.parameters for run in series.runs):
            raise ParameterError(f"runs without {name}", place="data")


def _k(series: Series) -> str:
    return next((run.parameters["k"] for run in series.runs if "k" in run.parameters), "3")


def _seeds(series: Series) -> str:
    seeds = len({run.seed for run in series.runs})
    return f"median of {seeds} seeds" if seeds > 1 else "one seed"
