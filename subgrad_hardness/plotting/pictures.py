"""The pictures, from the library: gather, keep the data if it is asked for, draw, write the file whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.api.options import require_count, require_seconds
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import require_writable
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.family.registry import find
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.plotting.canvas import require_output, write_picture
from subgrad_hardness.plotting.curves import draw_scaling, draw_transition
from subgrad_hardness.plotting.fan import Fan, fan_of
from subgrad_hardness.plotting.fan_drawing import draw_fan
from subgrad_hardness.plotting.measuring import Announce, Series, Timed, measure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Path = str | os.PathLike[str]

_RATIOS = tuple(Fraction(quarters, 4) for quarters in range(12, 25))

#: What the scaling of ``ksat`` goes through where nothing else is asked for.
_SIZES = tuple(range(10, 90, 10))


def plot_fan(
    net: NetLike,
    output: Path | None = None,
    *,
    point: Sequence[NumberLike] | None = None,
    time_limit: float | None = None,
) -> Fan:
    """Draw F'(x0; .) of a net with one input or two, beside the Clarke subdifferential.

    Two inputs: the cells around the point, coloured by Jacobian; cells too thin to be seen are drawn once more at the
    rim, as marks of visible width.  One input: the derivative on both sides with its slopes, and the interval between
    them.  Backpropagation's result, with relu'(0) = 0, is marked in either case.

    Parameters
    ----------
    net : path, mapping or Program
        The net, with one input or two.
    output : path, optional
        The picture to write, ``.png``, ``.svg`` or ``.pdf``; without it, ``picture`` draws what is returned.
    point : sequence of rationals, optional
        x0, instead of the net's own point.
    time_limit : float, optional
        Seconds for going around the point; no limit by default.

    Returns
    -------
    Fan
        What was drawn, exactly: cells, rays, the distinct Jacobians, the result of backpropagation.

    Raises
    ------
    NetError, PointError
        For a net or a point that cannot be used.
    ParameterError
        For three inputs or more, more than 2,000 cells, another suffix, numbers above 10^100, or without matplotlib
        (the ``plot`` extra).
    LimitReached
        Where the time ran out; nothing is drawn then.
    OutputError
        Where the file could not be written.

    Notes
    -----
    One forward pass a cell [N05, in the plane]; deep nets can have exponentially many cells.  Integers decide where a
    cell begins and ends, floating point only places the ink.

    Examples
    --------
    >>> import os, tempfile
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 2, "layers": [{"weight": [[1, 0], [0, 1]], "activation": "abs"}, {"weight": [[1, 1]]}]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     fan = sh.plot_fan(net, os.path.join(folder, "fan.png"))
    >>> len(fan.sectors), len(fan.jacobians)
    (4, 4)
    """
    limits = Limits.seconds(require_seconds(time_limit))
    _ready(output)
    fan = fan_of(load(net, point), limits)
    write_picture(output, lambda: draw_fan(fan))
    return fan


def plot_transition(
    output: Path | None = None,
    *,
    variables: Sequence[int | str] = (30, 45, 60),
    ratios: Sequence[NumberLike] = _RATIOS,
    seeds: int = 20,
    fixed: Mapping[str, str] | None = None,
    solver: str = "auto",
    time_limit: float = 10.0,
    data: Path | None = None,
    source: Path | None = None,
    announce: Announce | None = None,
) -> Series:
    """Draw the phase transition of random k-SAT nets: share of ``distinct`` and median time against the ratio.

    Parameters
    ----------
    output : path, optional
        The picture to write, ``.png``, ``.svg`` or ``.pdf``; without it, ``picture`` draws what is returned.
    variables : sequence of int
        The sizes, a curve each.
    ratios : sequence of rationals
        Clauses per variable.
    seeds : int
        How many nets for each size and ratio: seeds 0, 1, ...
    fixed : mapping, optional
        Other parameters of the family ``ksat``, such as ``{"k": "4"}`` or ``{"form": "layers3"}``.
    solver : str
        As for ``check``.
    time_limit : float
        Seconds a net, looked at between an engine's steps.
    data : path, optional
        Where to keep the runs as JSON, also those of a measurement that is interrupted.
    source : path, optional
        Such a file, drawn again instead of measuring.
    announce : callable, optional
        Is told in a line what is being measured.

    Returns
    -------
    Series
        The runs, each with parameters, seed, solver, verdict and seconds.

    Raises
    ------
    ParameterError
        For values, solvers or files that cannot be used, or without matplotlib (the ``plot`` extra).
    OutputError
        Where a file could not be written.

    Notes
    -----
    As many nets as sizes x ratios x seeds are decided, without proofs.  Near 4.27 clauses per variable half of all
    random 3-SAT formulas are satisfiable, and these are the hardest ones (Mitchell, Selman and Levesque 1992).

    Examples
    --------
    >>> import os, tempfile
    >>> import subgrad_hardness as sh
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     series = sh.plot_transition(os.path.join(folder, "a.png"), variables=[4], ratios=[2, 8], seeds=2)
    >>> len(series.runs), series.varied
    (4, ('variables', 'ratio'))
    """
    seeds, seconds = require_count(seeds, "seeds"), _seconds(time_limit)
    _ready(output, data)
    varied = {"variables": [str(size) for size in variables], "ratio": [str(ratio) for ratio in ratios]}

    def runs() -> Iterator[Timed]:
        return measure(
            "ksat",
            varied,
            fixed=fixed or {},
            solvers=[solver],
            seeds=range(seeds),
            time_limit=seconds,
            announce=announce,
        )

    return _drawn(
        output, Series("ksat", tuple(varied), seconds, ()), runs, data=data, source=source, draw=draw_transition
    )


def plot_scaling(
    output: Path | None = None,
    family: str = "ksat",
    varied: Mapping[str, Sequence[int | str]] | None = None,
    *,
    fixed: Mapping[str, str] | None = None,
    solvers: Sequence[str] = ("auto",),
    seeds: int = 5,
    time_limit: float = 10.0,
    data: Path | None = None,
    source: Path | None = None,
    announce: Announce | None = None,
) -> Series:
    """Draw the median time against one parameter of a family, a curve a solver.

    Parameters
    ----------
    output : path, optional
        The picture to write, ``.png``, ``.svg`` or ``.pdf``; without it, ``picture`` draws what is returned.
    family : str
        A family of ``families()``.
    varied : mapping of one parameter to its values
        In the order of difficulty: a solver that answered none of the nets of a value is not asked about the later
        ones.  For ``ksat`` it may be left away: 10, 20, ..., 80 variables at the ratio 4.26.
    fixed : mapping, optional
        Other parameters of the family.
    solvers : sequence of str
        As for ``check``, a curve each.
    seeds : int
        How many nets for each value: seeds 0, 1, ...
    time_limit : float
        Seconds a net, looked at between an engine's steps.
    data : path, optional
        Where to keep the runs as JSON, also those of a measurement that is interrupted.
    source : path, optional
        Such a file, drawn again instead of measuring.
    announce : callable, optional
        Is told in a line what is being measured.

    Returns
    -------
    Series
        The runs, each with parameters, seed, solver, verdict and seconds.

    Raises
    ------
    ParameterError
        For values, solvers or files that cannot be used, or without matplotlib (the ``plot`` extra).
    OutputError
        Where a file could not be written.

    Notes
    -----
    As many runs as values x seeds x solvers, without proofs.  Times are from the parsed net to the verdict.

    Examples
    --------
    >>> import os, tempfile
    >>> import subgrad_hardness as sh
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = os.path.join(folder, "a.png")
    ...     series = sh.plot_scaling(file, "maxcut", {"vertices": [3, 4]}, fixed={"offset": "1"}, seeds=1)
    >>> [run.verdict for run in series.runs]
    ['unique', 'unique']
    """
    seeds, seconds = require_count(seeds, "seeds"), _seconds(time_limit)
    _ready(output, data)
    if source is None:
        varied, fixed = _one_varied(family, varied, fixed or {})
    values = {name: [str(value) for value in entries] for name, entries in (varied or {}).items()}

    def runs() -> Iterator[Timed]:
        return measure(
            family,
            values,
            fixed=fixed or {},
            solvers=solvers,
            seeds=range(seeds),
            time_limit=seconds,
            announce=announce,
        )

    return _drawn(output, Series(family, tuple(values), seconds, ()), runs, data=data, source=source, draw=draw_scaling)


def _one_varied(
    family: str, varied: Mapping[str, Sequence[int | str]] | None, fixed: Mapping[str, str]
) -> tuple[Mapping[str, Sequence[int | str]], Mapping[str, str]]:
    """The one parameter that varies, and the others.  Raises ParameterError, with an example, where there is none."""
    found = find(family)
    if not varied and found is find("ksat"):
        return {"variables": _SIZES}, {"ratio": "4.26", **fixed}
    if len(varied or {}) == 1 and varied is not None:
        return varied, fixed
    number = next((parameter for parameter in found.parameters if parameter.metavar == "N"), found.parameters[0])
    known = ", ".join(parameter.option for parameter in found.parameters)
    message = "give the parameter that varies" if not varied else f"{len(varied)} parameters vary, expected one"
    raise ParameterError(
        f"{message} and its values, the easiest first, such as {number.option}=4,6,8; {family} has {known}",
        place="vary",
    )


def _seconds(time_limit: float) -> float:
    """A limit has to be there: the picture marks it."""
    seconds = require_seconds(time_limit)
    if seconds is None:
        raise ParameterError("give a number of seconds", place="time limit")
    return seconds


def _ready(output: Path | None, data: Path | None = None) -> None:
    """Complain before anything is measured."""
    require_output(output)
    if data is not None:
        require_writable(data)


def _drawn(
    output: Path | None,
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
