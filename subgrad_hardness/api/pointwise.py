"""Values and exact derivatives of a net at its point, as library calls."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.api.options import require_seed
from subgrad_hardness.derivative import lexicographic
from subgrad_hardness.local.local_net import Matrix, integer_direction
from subgrad_hardness.local.localise import localise
from subgrad_hardness.models.reading import load
from subgrad_hardness.net import evaluation
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector


def value(net: NetLike, point: Sequence[NumberLike] | None = None) -> tuple[Fraction, ...]:
    """The value F(x0) of a net at its point.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    point : sequence of numbers, optional
        Replaces the net's own point: p numbers, floats taken exactly.

    Returns
    -------
    tuple of Fraction
        m exact rationals.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.

    Notes
    -----
    Linear in the nonzeros.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> sh.value(net, [-3])
    (Fraction(3, 1),)
    """
    return evaluation.value(load(net, point))


def directional_derivative(
    net: NetLike, direction: Sequence[NumberLike], point: Sequence[NumberLike] | None = None
) -> tuple[Fraction, ...]:
    """The directional derivative F'(x0; d).

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    direction : sequence of numbers
        d, p numbers.
    point : sequence of numbers, optional
        Replaces the net's own point: p numbers, floats taken exactly.

    Returns
    -------
    tuple of Fraction
        m exact rationals.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    PointError
        The direction does not fit.

    Notes
    -----
    Linear in the nonzeros; for many directions localise once (``local.localise``) and use ``LocalNet.derivative``.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> sh.directional_derivative(net, [-2])
    (Fraction(2, 1),)
    """
    return localise(load(net, point)).net.derivative(direction)


def lexicographic_derivative(
    net: NetLike, matrix: Sequence[Sequence[NumberLike]], point: Sequence[NumberLike] | None = None
) -> Matrix:
    """The lexicographic derivative J_L(x0; M) for a nonsingular M.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    matrix : sequence of sequences of numbers
        M as p rows of p numbers; the columns are the directions.
    point : sequence of numbers, optional
        Replaces the net's own point: p numbers, floats taken exactly.

    Returns
    -------
    tuple of tuples of Fraction
        m rows of p exact rationals.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    PointError
        M does not fit, or is singular.

    Notes
    -----
    Vector forward mode (Khan and Barton, 2015; the derivative is Nesterov's, 2005): p times the nonzeros.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> sh.lexicographic_derivative(net, [[-1]])
    ((Fraction(-1, 1),),)
    """
    return lexicographic.lexicographic_derivative(localise(load(net, point)).net, matrix)


def clarke_subgradient(
    net: NetLike,
    directions: Sequence[Sequence[NumberLike]] = (),
    point: Sequence[NumberLike] | None = None,
    *,
    seed: int = 0,
) -> Matrix:
    """One true Clarke subgradient: the Jacobian on the cell that the directions enter, in their order.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    directions : sequence of sequences of numbers, optional
        Independent directions, probed first.  Where there are none, a random one is; where a tie is left, unit vectors
        follow in small nets and random directions in larger ones.
    point : sequence of numbers, optional
        Replaces the net's own point: p numbers, floats taken exactly.
    seed : int
        Drives the random directions; the same seed gives the same subgradient.

    Returns
    -------
    tuple of tuples of Fraction
        m rows of p exact rationals.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    PointError
        A direction does not fit, or they are dependent.
    ParameterError
        The seed is no integer.

    Notes
    -----
    Branch locking (Khan, 2018): one forward pass a direction, of which one is mostly enough, and one backward pass an
    output; kinks that are zero everywhere take a forward and a few backward passes together.  Two to four times an
    evaluation for one output, however many inputs there are (scripts/benchmarks/locking.py).

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    >>> sh.clarke_subgradient(net, [[-1]])
    ((Fraction(-1, 1),),)
    """
    program = load(net, point)
    local = localise(program).net
    leading = [
        integer_direction(exact_vector(direction, program.input_count, f"directions[{number}]"))[0]
        for number, direction in enumerate(directions)
    ]
    return local.scaled(lexicographic.lock_branches(local, leading, seed=require_seed(seed)).rows)
