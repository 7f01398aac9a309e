"""The picture of a Clarke subdifferential, from the library: gather, draw, write the file whole."""

from __future__ import annotations

import os
from collections.abc import Sequence

from subgrad_hardness.api.options import require_integer, require_seconds
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.plotting.canvas import require_output, write_picture
from subgrad_hardness.plotting.shadow import Shadow, shadow_of
from subgrad_hardness.plotting.shadow_drawing import draw_shadow


def plot_clarke(
    net: NetLike,
    output: str | os.PathLike[str] | None = None,
    *,
    point: Sequence[NumberLike] | None = None,
    onto: Sequence[int] | None = None,
    time_limit: float | None = None,
) -> Shadow:
    """Draw the Clarke subdifferential, or its projection onto two or three coordinates.

    The lexicographic subgradients are marked, and what backpropagation returns with relu'(0) = 0, 1/2 and 1 at all
    kinks, with what that is: lexicographic, Clarke, or no Clarke subgradient, decided exactly in all coordinates.  The
    cells of a net of two inputs are drawn beside it.

    Parameters
    ----------
    net : path, mapping or Program
    output : path, optional
        The picture to write, ``.png``, ``.svg`` or ``.pdf``; without it, ``picture`` draws what is returned.
    point : sequence of rationals, optional
        x0, instead of the net's own point.
    onto : two or three integers, optional
        Coordinates of the m x p Jacobian, read row by row, from 0; by default all if there are at most three, else
        such as the others depend on.
    time_limit : float, optional
        Seconds for what is drawn; no limit by default.

    Returns
    -------
    Shadow
        What was drawn, exactly.

    Raises
    ------
    NetError, PointError
        For a net or a point that cannot be used.
    ParameterError
        For coordinates that there are not, one input with one output, more than 5,000 members, another suffix,
        numbers above 10^100, or without matplotlib (the ``plot`` extra).
    LimitReached
        Where the time ran out; nothing is drawn then.
    OutputError
        Where the file could not be written.

    Notes
    -----
    All lexicographic subgradients are listed, of which there may be exponentially many in the kinks, and their hull is
    worked out exactly; floating point only places the ink.

    Examples
    --------
    >>> import os, tempfile
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 2, "layers": [{"weight": [[1, 0], [0, 1]], "activation": "abs"}, {"weight": [[1, 1]]}]}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     shadow = sh.plot_clarke(net, os.path.join(folder, "clarke.png"))
    >>> len(shadow.body.vertices), [mark.standing for mark in shadow.marks]
    (4, ['Clarke', 'Clarke', 'Clarke'])
    """
    limits = Limits.seconds(require_seconds(time_limit))
    chosen = None if onto is None else [require_integer(c, "onto") for c in onto]
    require_output(output)
    shadow = shadow_of(load(net, point), chosen, limits)
    write_picture(output, lambda: draw_shadow(shadow))
    return shadow
