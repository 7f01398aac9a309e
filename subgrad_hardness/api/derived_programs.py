"""``backward`` and ``forward``: programs that are derived from programs."""

from __future__ import annotations

from collections.abc import Sequence

from subgrad_hardness.api.options import require_integer
from subgrad_hardness.cost_model import backward as backwards
from subgrad_hardness.cost_model import forward as forwards
from subgrad_hardness.cost_model.programs import ProgramLike, program_of
from subgrad_hardness.cost_model.straight_line import StraightLine
from subgrad_hardness.net.rational import NumberLike


def backward(
    program: ProgramLike,
    form: str = "structural",
    *,
    at: Sequence[NumberLike] | None = None,
    wrt: str = "inputs",
) -> StraightLine:
    """The program that computes a program's outputs and all their gradients: it can be run, counted, derived again.

    Parameters
    ----------
    program : net, function or StraightLine
        As in ``cost``; a function without a point has the inputs that it declares.
    form : str, optional
        ``structural``, as a code generator emits it, or ``textbook``.
    at : sequence of numbers, optional
        A point: the structural program of the branches that are taken there, which refuses other branches.  Without
        it the program holds everywhere.
    wrt : str, optional
        ``inputs``, ``weights`` or ``both``, of a net.

    Returns
    -------
    StraightLine
        Its outputs are the m outputs and then, output by output, the slopes in the inputs that are differentiated, with
        relu'(0) = 0.  ``run``, ``counts``, and ``cost_model.net_files.as_net`` for a net file.

    Raises
    ------
    NetError, PointError, ParameterError
        As ``cost``.

    Notes
    -----
    Linear in the size of the program, for each output.  The textbook program costs omega_b times the evaluation at
    most, a constant of the dictionary (``dictionary(name).bounds()``).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> gradient = sh.backward(lambda x: x * x * x)
    >>> gradient.run([2])
    (Fraction(8, 1), Fraction(12, 1))
    >>> sh.backward(gradient).run([2])[-1]  # the derivative of the last output: the second derivative
    Fraction(12, 1)
    """
    line, chosen = program_of(program, at, wrt=wrt)
    return backwards.backward(line, form, at=None if at is None else line.given(None), wrt=chosen)


def forward(
    program: ProgramLike, directions: int = 1, form: str = "structural", *, wrt: str = "inputs"
) -> StraightLine:
    """The program that computes a program's outputs and their slopes along k directions, which are further inputs.

    Parameters
    ----------
    program : net, function or StraightLine
        As in ``backward``.
    directions : int, optional
        k.
    form : str, optional
        ``structural`` or ``textbook``.
    wrt : str, optional
        ``inputs``, ``weights`` or ``both``, of a net.

    Returns
    -------
    StraightLine
        Its inputs are those of the program and then the directions; its outputs the m outputs and then, direction by
        direction, m slopes.

    Raises
    ------
    NetError, PointError, ParameterError
        As ``cost``.

    Notes
    -----
    At a kink these are products with chosen slopes, relu'(0) = 0, and not directional derivatives.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.forward(lambda x, y: x * y).run([3, 5, 1, 0])
    (Fraction(15, 1), Fraction(5, 1))
    """
    line, chosen = program_of(program, wrt=wrt)
    return forwards.forward(line, require_integer(directions, "directions"), form, wrt=chosen)
