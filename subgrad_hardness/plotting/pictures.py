"""The pictures, from the library: gather, keep the data if it is asked for, draw, write the file whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import require_writable
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike, load
from subgrad_hardness.plotting.canvas import require_kind, require_matplotlib, write_picture
from subgrad_hardness.plotting.curves import draw_scaling, draw_transition
from subgrad_hardness.plotting.fan import Fan, fan_of
from subgrad_hardness.plotting.fan_drawing import draw_fan
from subgrad_hardness.plotting.measuring import Announce, Series, Timed, measure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Path = str | os.PathLike[str]

_RATIOS = tuple(Fraction(quarters, 4) for quarters in range(12, 25))


def plot_fan(
    net: NetLike, output: Path, *, point: Sequence[NumberLike] | None = None, time_limit: float | None = None
) -> Fan:
    """Draw F'(x0; .) of a net with two inputs: cells coloured by Jacobian, beside the Clarke subdifferential.

    Parameters
    ----------
    output : the file, .png, .svg or .pdf.
    time_limit : seconds for going around the point.

    Returns what was drawn, exactly.  Raises NetError, PointError, ParameterError (not two inputs, too many sectors,
    another suffix, no matplotlib), LimitReached, OutputError.  One forward pass a sector.
    """
    _ready(output)
    fan = fan_of(load(net, point), Limits.seconds(time_limit))
    write_picture(output, lambda: draw_fan(fan))
    return fan


def plot_transition(
    output: Path,
    *,
    variables: Sequence[int | str] = (30, 45, 60),
    ratios: Sequence[NumberLike] = _RATIOS,
    seeds: int = 20,
    fixed: Mapping[str, str] | None = None,
    solver: str = "auto",
    time_limit: float = 10.0,
    data: Path | None = None,
    source: Path | None = None,
    announce: Announce = lambda _: None,
) -> Series:
    """Draw the phase transition of random k-SAT nets: share of ``distinct`` and median time against the ratio.

    Parameters
    ----------
    variables, ratios : sizes and clauses per variable, a curve a size.
    seeds : how many nets each, seeds 0, 1, ...
    fixed : other parameters of the family ``ksat``, such as ``{"k": "4"}`` or ``{"form": "layers3"}``.
    time_limit : seconds a net, looked at between an engine's steps.
    data : where to keep the runs, also those of a measurement that is interrupted.
    source : such a file, drawn again instead of measuring.

    Returns the runs.  Raises ParameterError, OutputError.
    """
    _ready(output, data)
    varied = {"variables": [str(size) for size in variables], "ratio": [str(ratio) for ratio in ratios]}

    def runs() -> Iterator[Timed]:
        return measure(
            "ksat",
            varied,
            fixed=fixed or {},
            solvers=[solver],
            seeds=range(seeds),
            time_limit=time_limit,
            announce=announce,
        )

    return _drawn(
        output, Series("ksat", tuple(varied), time_limit, ()), runs, data=data, source=source, draw=draw_transition
    )


def plot_scaling(
    output: Path,
    family: str = "ksat",
    varied: Mapping[str, Sequence[int | str]] | None = None,
    *,
    fixed: Mapping[str, str] | None = None,
    solvers: Sequence[str] = ("auto",),
    seeds: int = 5,
    time_limit: float = 10.0,
    data: Path | None = None,
    source: Path | None = None,
    announce: Announce = lambda _: None,
) -> Series:
    """Draw the median time against one parameter of a family, a curve a solver.

    Parameters
    ----------
    varied : the parameter and its values, in the order of difficulty: a solver that answered none of the nets of a
        value is not asked about the later ones.
    fixed, seeds, time_limit, data, source : as for ``plot_transition``.

    Returns the runs.  Raises ParameterError, OutputError.
    """
    _ready(output, data)
    values = {name: [str(value) for value in entries] for name, entries in (varied or {}).items()}
    if source is None and len(values) != 1:
        raise ParameterError(f"{len(values)} parameters vary, expected one", place="vary")

    def runs() -> Iterator[Timed]:
        return measure(
            family,
            values,
            fixed=fixed or {},
            solvers=solvers,
            seeds=range(seeds),
            time_limit=time_limit,
            announce=announce,
        )

    return _drawn(
        output, Series(family, tuple(values), time_limit, ()), runs, data=data, source=source, draw=draw_scaling
    )


def _ready(output: Path, data: Path | None = None) -> None:
    """Complain before anything is measured."""
    require_kind(output)
    require_matplotlib()
    require_writable(output)
    if data is not None:
        require_writable(data)


def _drawn(
    output: Path,
    empty: Series,
    runs: Callable[[], Iterator[Timed]],
    *,
    data: Path | None,
    source: Path | None,
    draw: Callable[[Series], Figure],
) -> Series:
    if source is not None:
        series = Series.load(source)
    else:
        done: list[Timed] = []
        try:
            done.extend(runs())
        finally:
            series = empty._replace(runs=tuple(done))
            if data is not None and done:
                series.save(data)
    write_picture(output, lambda: draw(series))
    return series
