"""d_C xbar(theta) in conv J_imp in conv J_pb: which of these inclusions are strict, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.iterative.attractor_hull import inside
from subgrad_hardness.iterative.implicit import ImplicitSet
from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.iterative.jacobians import pieces_tell
from subgrad_hardness.iterative.limit_pieces import limit_pieces
from subgrad_hardness.iterative.piggyback_set import piggyback_set_of
from subgrad_hardness.iterative.resolvent import flat
from subgrad_hardness.local.local_net import Matrix

# J_pb reaches beyond J_imp within a few steps, if at all.
_STEPS = 6


class Inclusions(NamedTuple):
    """``clarke``: the Jacobians whose hull is d_C of the limit, or None; and what is known, in sentences."""

    clarke: tuple[Matrix, ...] | None
    sentences: tuple[str, ...]


def inclusions(
    iteration: Iteration, state: Vector, sense: str, found: ImplicitSet, limits: Limits = NO_LIMITS, *, solvable: bool
) -> Inclusions:
    """At a fixed point.  A member of the larger set outside of the whole of the smaller one makes it strict.

    Raises LimitReached.
    """
    told = pieces_tell(iteration, state)
    clarke = tuple(limit_pieces(iteration, state, limits)) if solvable and told else None
    sentences = []
    if not told:
        sentences.append("d_C is not known: F has smooth operations and kinks at the limit")
    elif clarke is None:
        sentences.append("d_C is not known: no proof was found that the linearised equation has one solution")
    elif _covers(clarke, found.members, limits):
        sentences.append("d_C is conv J_imp" if found.hull_exact else "no member of J_imp outside d_C is known")
    else:
        sentences.append("d_C is smaller than conv J_imp")
    try:
        hull = piggyback_set_of(iteration, state, sense, _STEPS, limits)
    except ParameterError as problem:
        return Inclusions(clarke, (*sentences, f"J_pb is not known: {problem.message}"))
    if not _covers(found.members, hull.members, limits):
        strict = "conv J_imp is smaller than conv J_pb"
        sentences.append(strict if found.hull_exact else "the known members of J_imp leave members of J_pb outside")
    elif hull.exact:
        sentences.append("conv J_imp is conv J_pb")
    else:
        sentences.append("no member of J_pb outside conv J_imp is known")
    return Inclusions(clarke, tuple(sentences))


def _covers(hull: Sequence[Matrix], points: Sequence[Matrix], limits: Limits) -> bool:
    """Whether all points lie in the hull of the others."""
    vertices = list(map(flat, hull))
    return bool(vertices) and all(inside(flat(point), vertices, limits) for point in points)
