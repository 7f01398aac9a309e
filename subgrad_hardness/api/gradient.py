"""``gradient``: what backpropagation returns at the point, and what a true subgradient looks like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.options import require_seconds, require_seed
from subgrad_hardness.api.readable import Readable, of_statement
from subgrad_hardness.api.shown import show_kinks, show_matrix, show_names, show_vector
from subgrad_hardness.api.values_json import directions_json, matrix_json, vector_json
from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.derivative.autodiff import ReluAtZero, backpropagate, conservative_set, kink_labels, kink_slopes
from subgrad_hardness.derivative.lexicographic import Directions, lock_branches
from subgrad_hardness.local.local_net import Matrix, integer_direction
from subgrad_hardness.local.localise import localise
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.rational import NumberLike, exact, format_rational
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.vectors import exact_vector
from subgrad_hardness.proof.written import statement_made


@dataclass(frozen=True, kw_only=True, slots=True)
class GradientResult(Readable):
    """Backpropagation of the program at its point.

    Attributes
    ----------
    value : F(x0).
    gradient : the m x p result of backpropagation with the chosen relu'(0).
    kinks : every kink by its node, or ``node[0]``, ``node[1]``, ... where a node has several (abs,
        max of many); the order that a sequence of choices follows.
    singleton : whether every choice of relu'(0) gives this same result (None: not computed in time).
    other, other_kinks : if not, a different result, from relu'(0) = 1 at one chain of kinks (in
        order) and 0 elsewhere, or from 0 everywhere if the chain gives ``gradient`` itself.
    subgradient, directions : a true Clarke subgradient J_L(x0; M), and M.
    statement : ``lexicographic`` where that is only said to be lexicographic: several outputs with smooth operations.
    derivatives : (d, F'(x0; d)) for each direction that was asked for.
    convention : the choice of relu'(0), in words.
    """

    value: tuple[Fraction, ...]
    gradient: Matrix
    kinks: tuple[str, ...]
    singleton: bool | None
    other: Matrix | None
    other_kinks: tuple[str, ...]
    subgradient: Matrix
    directions: Directions
    statement: str
    derivatives: tuple[tuple[tuple[Fraction, ...], tuple[Fraction, ...]], ...]
    convention: str = "0"

    def __repr__(self) -> str:
        return f"<GradientResult: {show_matrix(self.gradient)}, {count(len(self.kinks), 'kink')}>"

    def lines(self) -> list[str]:
        """The answer for people."""
        lines = [
            f"F(x0) = {show_vector(self.value)}",
            show_kinks(self.kinks),
            f"backpropagation of the program (relu'(0) = {self.convention}): {show_matrix(self.gradient)}",
        ]
        if self.singleton is None:
            lines.append("  whether every choice of relu'(0) gives the same: not decided in time")
        elif self.singleton:
            lines.append("  every choice of relu'(0) gives the same")
        elif self.other is not None:
            where = f"relu'(0) = 1 at {show_names(self.other_kinks)} alone" if self.other_kinks else "relu'(0) = 0"
            lines.append(f"  other choices give other results: with {where} it is {show_matrix(self.other)}")
        kind = "lexicographic derivative"
        kind = f"Clarke subgradient ({kind})" if self.statement == "clarke" else kind
        lines.append(f"a true {kind}: {show_matrix(self.subgradient)}")
        if self.gradient == self.subgradient:
            lines.append("  backpropagation returned exactly this one")
        else:
            lines.append("  backpropagation returned something else; check tells whether the subgradient is unique")
        for direction, derivative in self.derivatives:
            lines.append(f"F'(x0; {show_vector(direction)}) = {show_vector(derivative)}")
        return [*lines, *of_statement(self.statement)]

    def to_json(self) -> dict[str, Any]:
        """The object that ``gradient --json`` prints."""
        return {
            "version": 1,
            "value": [format_rational(entry) for entry in self.value],
            "gradient": matrix_json(self.gradient),
            "kinks": list(self.kinks),
            "singleton": self.singleton,
            "other": None if self.other is None else matrix_json(self.other),
            "other_kinks": list(self.other_kinks),
            "subgradient": matrix_json(self.subgradient),
            "directions": directions_json(self.directions),
            "statement": self.statement,
            "derivatives": [
                {"direction": vector_json(direction), "derivative": vector_json(derivative)}
                for direction, derivative in self.derivatives
            ],
        }


def gradient(
    net: NetLike,
    *,
    point: Sequence[NumberLike] | None = None,
    relu_at_zero: ReluAtZero = 0,
    directions: Sequence[Sequence[NumberLike]] = (),
    seed: int = 0,
    time_limit: float | None = None,
) -> GradientResult:
    """Backpropagate a net at its point, exactly, and say what a true Clarke subgradient is.

    Parameters
    ----------
    net : path, mapping or Program
        A net file, ``"-"`` for standard input, its parsed JSON, or a Program.
    point : sequence of numbers, optional
        Replaces the net's own point: p numbers, floats taken exactly.
    relu_at_zero : number, sequence or mapping, optional
        The value of relu'(0), in [0, 1]: one for all kinks, one for each (in the order of ``kinks`` in the result), or
        a mapping from kinks or whole nodes (others use 0).
    directions : sequence of sequences of numbers, optional
        Where to look for the true subgradient, as in ``clarke_subgradient``.
    seed : int
        Drives the random directions that are probed, as in ``clarke_subgradient``.
    time_limit : number of seconds, optional
        Bounds the decision whether every choice of relu'(0) gives the same result; the rest is quick.

    Returns
    -------
    GradientResult
        The value, the result of backpropagation, a second one if other choices of relu'(0) give one, and a true
        Clarke subgradient.

    Raises
    ------
    NetError, PointError
        The net or the point cannot be read, or do not fit.
    PointError
        A direction does not fit, or the directions are dependent.
    ParameterError
        A choice of relu'(0), a seed or a time limit makes no sense.

    Notes
    -----
    Backpropagation returns one element of the conservative field D_a F(x0) of Bolte and Pauwels (2021), which need not
    be a Clarke subgradient.  Linear in the nonzeros, but for ``singleton``, which multiplies out the rows of the kinks.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.load({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]})
    >>> found = sh.gradient(net)
    >>> found.gradient, found.singleton
    (((Fraction(0, 1),),), False)
    >>> found.subgradient
    ((Fraction(1, 1),),)
    """
    limits = Limits.seconds(require_seconds(time_limit))
    program = load(net, point)
    local = localise(program, limits=limits)
    kinks = kink_labels(program, local)
    result = backpropagate(local.net, kink_slopes(program, local, relu_at_zero))
    asked = [
        exact_vector(direction, program.input_count, f"directions[{number}]")
        for number, direction in enumerate(directions)
    ]
    leading = [integer_direction(direction)[0] for direction in asked]
    element = lock_branches(local.net, leading, seed=require_seed(seed))
    singleton: bool | None = None
    other: Matrix | None = None
    chain: tuple[int, ...] = ()
    try:
        found = conservative_set(local.net, limits)
        singleton = found.singleton
        if found.second is not None:
            # At least one of two different results differs from the one at hand.
            other, chain = (found.second, found.chain) if found.second != result else (found.first, ())
    except LimitReached:
        pass
    return GradientResult(
        value=local.value,
        gradient=result,
        kinks=kinks,
        singleton=singleton,
        other=other,
        other_kinks=tuple(kinks[local.net.kink_numbers[kink]] for kink in chain),
        subgradient=local.net.scaled(element.rows),
        directions=element.directions,
        statement=statement_made(program, "distinct"),
        derivatives=tuple((direction, local.net.derivative(direction)) for direction in asked),
        convention=_in_words(relu_at_zero),
    )


def _in_words(relu_at_zero: ReluAtZero) -> str:
    """A choice of relu'(0) for people."""
    if isinstance(relu_at_zero, Mapping):
        return ", ".join([f"{node}={_number(slope)}" for node, slope in relu_at_zero.items()] + ["0 elsewhere"])
    if isinstance(relu_at_zero, str) or not isinstance(relu_at_zero, Sequence):
        return _number(relu_at_zero)
    return ", ".join(map(_number, relu_at_zero))


def _number(slope: NumberLike) -> str:
    return slope if isinstance(slope, str) else format_rational(exact(slope))
