"""``piggyback_set``: what the derivatives along iterates can tend to, as a set."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from subgrad_hardness.api.contains import MatrixLike
from subgrad_hardness.api.iterating import (
    IterationJob,
    answer_iteration,
    fixed_state,
    matrix_of,
    require_parameters,
)
from subgrad_hardness.api.options import require_choice, require_count
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.api.shown import show_matrix, show_number
from subgrad_hardness.api.values_json import matrix_json, vector_json
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.inverse_orbit import Traced
from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.iterative.jacobians import SENSES, Pair
from subgrad_hardness.iterative.piggyback_set import STEPS, PiggybackSet, Within, hull_claim, piggyback_set_of
from subgrad_hardness.iterative.reading import IterationLike
from subgrad_hardness.iterative.verifying.attractor import HullClaim, verify_attractor
from subgrad_hardness.iterative.verifying.local_pairs import NotListed
from subgrad_hardness.iterative.verifying.spectral_format import Upper, upper_object
from subgrad_hardness.iterative.words import Word
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.rational import NumberLike, format_rational
from subgrad_hardness.processes.channels import Channels

#: So many vertices are shown to people.
_MOST_SHOWN = 12


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class PiggybackSetResult(Readable):
    """conv J_pb(theta).

    Attributes
    ----------
    jacobian : the sense of J_F: ``lexicographic``, ``clarke`` or ``autodiff``.
    pairs : the [A, B] of J_F, or of which it is the hull (``autodiff``: their choices of slopes 0 and 1).
    vertices, words : members of J_pb whose hull is P, and the words over ``pairs`` that lead to them.
    exact : whether P = conv J_pb.
    gap : else conv J_pb is within P + ``gap`` B, B the matrices whose columns have a norm of at most 1.  It is the norm
        in which products of ``set.contraction.length`` of the A contract, so that their joint spectral radius is below
        1.
    claim : the proof that P = conv J_pb, which the checker accepted; None where P is not, or was not checked.
    uncertified : why a hull that is exact was not checked: it has too many pairs.
    """

    jacobian: str
    theta: tuple[Fraction, ...]
    fixed_point: tuple[Fraction, ...]
    set: PiggybackSet
    claim: HullClaim | None = None
    uncertified: str | None = None
    seconds: float = 0.0

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """[A, B], by the numbers that words use."""
        return self.set.pairs

    @property
    def vertices(self) -> tuple[Matrix, ...]:
        """Members of J_pb whose hull is P."""
        return self.set.members

    @property
    def words(self) -> tuple[Word, ...]:
        """Those of the vertices."""
        return self.set.words

    @property
    def exact(self) -> bool:
        """Whether P = conv J_pb."""
        return self.set.exact

    @property
    def gap(self) -> Fraction:
        """How far conv J_pb may reach beyond P."""
        return self.set.gap

    @property
    def certified(self) -> bool:
        """Whether P = conv J_pb was proved to the independent checker."""
        return self.claim is not None

    def contains(self, matrix: MatrixLike, *, time_limit: float | None = None) -> Within:
        """Whether a p x m matrix is in conv J_pb: with multipliers, or with a functional that separates it.

        Raises PointError for a matrix of another shape, and LimitReached.
        """
        return self.set.within(self._matrix(matrix), Limits.seconds(time_limit))

    def member(self, matrix: MatrixLike, *, time_limit: float | None = None) -> Traced:
        """Whether it is in J_pb itself, with a word that leads to it; None where that is not known.

        Raises PointError for a matrix of another shape, and LimitReached.
        """
        return self.set.member(self._matrix(matrix), Limits.seconds(time_limit))

    def support(self, functional: MatrixLike) -> tuple[Fraction, Fraction]:
        """Bounds of the greatest <U, X> over J_pb, equal where the hull is exact.  Raises PointError."""
        return self.set.support(self._matrix(functional))

    def _matrix(self, given: MatrixLike) -> Matrix:
        return matrix_of(given, len(self.fixed_point), self.set.width, "matrix")

    def __repr__(self) -> str:
        how = "exact" if self.exact else f"within {show_number(self.gap)}"
        proof = ", certified" if self.certified else ""
        size = count(len(self.vertices), "vertex", "vertices")
        return f"<PiggybackSetResult: {self.jacobian}, {count(len(self.pairs), 'pair')}, {size}, {how}{proof}>"

    def lines(self, beside: Sequence[Pair] | None = None) -> list[str]:
        """The answer for people; letters of words are the numbers of ``beside``'s pairs where these are others."""
        if self.exact:
            lines = [
                f"conv J_pb has {count(len(self.vertices), 'vertex', 'vertices')}"
                + (" (certified)" if self.certified else "")
            ]
        else:
            size = f"the hull of {count(len(self.vertices), 'member')}"
            lines = [f"conv J_pb is within {show_number(self.gap)} of {size}"]
        if beside is not None and tuple(self.pairs) != tuple(beside):
            letters = [f"{number} is pair {beside.index(pair)}" for number, pair in enumerate(self.pairs)]
            lines.append(f"  letters of words: {', '.join(letters)}")
        for vertex, word in list(zip(self.vertices, self.words, strict=True))[:_MOST_SHOWN]:
            lines.append(f"  {show_matrix(vertex)} by the word {word}")
        return lines

    def to_json(self) -> dict[str, Any]:
        """The object in ``piggyback --set --json`` under ``piggyback``."""
        contracting = self.set.contraction
        return {
            "jacobian": self.jacobian,
            "theta": vector_json(self.theta),
            "fixed_point": vector_json(self.fixed_point),
            "pairs": [{"a": matrix_json(pair.a), "b": matrix_json(pair.b)} for pair in self.pairs],
            "vertices": [matrix_json(vertex) for vertex in self.vertices],
            "words": [{"prefix": list(word.prefix), "period": list(word.period)} for word in self.words],
            "exact": self.exact,
            "gap": format_rational(self.gap),
            "length": contracting.length,
            "upper": upper_object(Upper(contracting.rho, contracting.norm)),
            "certified": self.certified,
            "uncertified": self.uncertified,
            "seconds": round(self.seconds, 6),
        }


def piggyback_set(
    iteration: IterationLike,
    theta: Sequence[NumberLike] | None = None,
    *,
    jacobian: str = "clarke",
    fixed_point: Sequence[NumberLike] | None = None,
    steps: int = STEPS,
    time_limit: float | None = None,
    memory_limit: int | None = None,
) -> PiggybackSetResult:
    """The hull of all that the derivatives along the iterates can tend to: conv J_pb, exactly or within a proved gap.

    Parameters
    ----------
    iteration : Iteration, path, or mapping
        As ``load_iteration`` takes it.
    theta : sequence of m numbers, optional
        Replaces the iteration's own.
    jacobian : ``"clarke"``, ``"autodiff"`` or ``"lexicographic"``
        Which Jacobians of F may be used, anew in every step: the hull of those of its pieces; what backpropagation may
        return, each kink with a slope in [0, 1] of its own; those of the pieces alone.
    fixed_point : sequence of p numbers, optional
        xbar, which is checked; without it it is found.
    steps : int
        Steps of the search for vertices, of which there may be infinitely many.
    time_limit, memory_limit : optional
        Seconds, and bytes, for everything; the hull has a greater gap where time ends.

    Returns
    -------
    PiggybackSetResult
        With ``contains``, ``member`` and ``support``.

    Raises
    ------
    NetError, PointError
        The iteration or a vector cannot be read, or does not fit; F does not leave the fixed point as it is.
    ParameterError
        An option that makes no sense; no joint spectral radius below 1 was proved; more than 20 kinks under
        ``autodiff``.
    LimitReached
        A limit was hit before the first members were known.

    Notes
    -----
    The set is that of Bolte, Pauwels and Vaiter (arXiv 2206.00457); docs/iterations-sets.md derives its hull from
    finitely many maps.  Its vertices may be many: each step takes exact hulls of their images.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> it = sh.Iteration(sh.Program.from_text("inputs x t; r = relu t; f = -1/2 x + r; outputs f"), ["x"], theta=[0])
    >>> found = sh.piggyback_set(it)
    >>> found, [str(word) for word in found.words]
    (<PiggybackSetResult: clarke, 2 pairs, 2 vertices, exact, certified>, ['(01)', '(10)'])
    >>> found.vertices
    (((Fraction(-2, 3),),), ((Fraction(4, 3),),))
    >>> found.contains([1]).inside, found.contains([2]).inside
    (True, False)
    """
    job: IterationJob[PiggybackSetResult] = partial(
        piggyback_set_within,
        sense=require_choice(jacobian, "jacobian", SENSES),
        fixed_point=fixed_point,
        steps=require_count(steps, "steps"),
    )
    return answer_iteration(job, iteration, theta, time_limit, memory_limit)


def piggyback_set_within(
    iteration: Iteration,
    limits: Limits,
    _: Channels[PiggybackSetResult],
    *,
    sense: str,
    fixed_point: Sequence[NumberLike] | None,
    steps: int,
) -> PiggybackSetResult:
    """``piggyback_set`` in this process."""
    start = time.monotonic()
    require_parameters(iteration)
    state = fixed_state(iteration, fixed_point, limits)
    found = piggyback_set_of(iteration, state, sense, steps, limits)
    claim, uncertified = hull_claim(found, state, limits), None
    if claim is not None:
        try:
            verify_attractor(iteration.program_at(state), iteration.state, iteration.parameters, claim)
        except NotListed as many:
            claim, uncertified = None, str(many)
        except Rejected as rejected:
            raise AssertionError(f"the checker rejects the hull: {rejected}") from None
    return PiggybackSetResult(
        jacobian=sense,
        theta=iteration.theta,
        fixed_point=state,
        set=found,
        claim=claim,
        uncertified=uncertified,
        seconds=time.monotonic() - start,
    )
