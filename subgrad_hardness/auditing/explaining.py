"""Part (a) of an audit: which choices at kinks explain a gradient, up to the rounding of that very backward pass?

Tried in turn are backpropagation with the conventions of frameworks, one rule for each operation in all ways, and each
kink's own derivative, solved for.  First with the exact branches, then, where a run in floating point takes others,
with those.  An explanation holds an exact matrix, from which the given one differs by no more than the bound, entry by
entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import chain

from subgrad_hardness.auditing.conventions import NAMED, Convention, uniform
from subgrad_hardness.auditing.floats import Parted, parted, pieces_in_floats
from subgrad_hardness.auditing.pieces import Active
from subgrad_hardness.auditing.rounding import rounding_bound
from subgrad_hardness.auditing.solving import solve_choices
from subgrad_hardness.auditing.traced import Choices, Trace, backpropagated, matches, traced
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.derivative.autodiff import kink_labels
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.local.localise import localise
from subgrad_hardness.net.program import Program


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Choices with which backpropagation returns ``gradient``, exactly.

    Attributes
    ----------
    convention : its name.
    gradient : m x p, exact.
    branches : ``exact``, or ``rounded``: those of a run in floating point.
    slopes : for choices of each kink's own, relu'(0) by kink.
    deviation : the greatest difference of an entry from the gradient that is explained.
    """

    convention: str
    gradient: Matrix
    branches: str
    slopes: Mapping[str, Fraction]
    deviation: Fraction


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """What was found of a gradient.

    Attributes
    ----------
    best : the first explanation, an exact one if there is one and none was named; without any the nearest result of a
        convention, and ``explains`` is False.
    explains : whether ``best`` differs from the gradient by no more than rounding can.
    others : further conventions that explain it.
    excluded : it is proved that no choice of derivatives in [0, 1] at the kinks of the rewriting explains it.
    bound : how far rounding may carry each entry, m x p; None: no bound is known.
    kinks : nodes at a kink.
    parted : where a run in floating point takes other branches.
    """

    best: Explanation
    explains: bool
    others: tuple[str, ...]
    excluded: bool
    bound: Matrix | None
    kinks: tuple[str, ...]
    parted: tuple[Parted, ...]


def explain(
    program: Program,
    given: Matrix,
    precision: str,
    limits: Limits = NO_LIMITS,
    *,
    first: str | None = None,
    forward: bool = False,
) -> Explained:
    """Explain a gradient that was computed in ``precision``, exactly or up to its rounding.

    ``first`` names a convention that is tried before the others; ``forward``: it comes from forward mode, whose sums
    are others and round otherwise.  A forward pass, and a backward pass for each convention.  Raises NetError,
    LimitReached.
    """
    trace = traced(program, limits)
    bound = rounding_bound(trace, None, precision, limits, forward=forward)
    width = bound or ((Fraction(0),) * trace.inputs,) * len(given)
    seen = pieces_in_floats(trace, program.point, precision, limits)
    apart = parted(trace, seen) if seen is not None else []
    branches: dict[str, Mapping[int, Active]] = {"exact": trace.pieces}
    if apart and seen is not None:
        branches["rounded"] = seen
    found: list[Explanation] = []
    nearest: Explanation | None = None
    known: dict[Matrix, bool] = {}
    for name, pieces in branches.items():
        for convention in _conventions(trace, pieces, first):
            made = backpropagated(trace, trace.choices(convention, pieces), limits)
            one = Explanation(
                convention=convention.name, gradient=made, branches=name, slopes={}, deviation=deviation(made, given)
            )
            if made not in known:
                known[made] = matches(made, given, width)
            if known[made]:
                found.append(one)
            if nearest is None or one.deviation < nearest.deviation:
                nearest = one
        if found:
            break
    assert nearest is not None
    excluded = False
    if not found:
        own, excluded = _own(program, given, width, limits)
        found = [own] if own is not None else []
    # What is exact explains better than what is near, unless a convention was named.
    found.sort(key=partial(_rank, first))
    return Explained(
        best=found[0] if found else nearest,
        explains=bool(found),
        others=tuple(dict.fromkeys(one.convention for one in found[1:])),
        excluded=excluded and bound is not None,
        bound=bound,
        kinks=tuple([trace.form.nodes[number].id for number in trace.kinks]),
        parted=tuple(apart),
    )


def _rank(first: str | None, one: Explanation) -> bool:
    return one.convention != first and one.deviation != 0


def _conventions(trace: Trace, pieces: Mapping[int, Active], first: str | None) -> Iterator[Convention]:
    """Those of frameworks, and one rule for each operation that meets a kink; without kinks one is enough."""
    met = dict.fromkeys(trace.form.nodes[number].operation for number, found in pieces.items() if len(found) > 1)
    named = sorted(NAMED, key=lambda convention: convention.name != first)
    return chain(named, uniform(list(met))) if met else iter(named[:1])


def explained_by(
    program: Program,
    given: Matrix,
    precision: str,
    *,
    choices: Choices,
    seen: Mapping[int, Active],
    name: str,
    forward: bool = False,
    limits: Limits = NO_LIMITS,
) -> Explained:
    """Explain a gradient by the choices that a framework was seen to make, and the pieces that it saw active.

    The bound is that of these choices, ``forward`` of forward mode.  Two passes an output.  Raises NetError,
    LimitReached.
    """
    trace = traced(program, limits)
    made = backpropagated(trace, choices, limits)
    bound = rounding_bound(trace, choices, precision, limits, forward=forward)
    apart = tuple(parted(trace, seen))
    best = Explanation(
        convention=name,
        gradient=made,
        branches="rounded" if apart else "exact",
        slopes={},
        deviation=deviation(made, given),
    )
    return Explained(
        best=best,
        explains=made == given if bound is None else matches(made, given, bound),
        others=(),
        excluded=False,
        bound=bound,
        kinks=tuple([trace.form.nodes[number].id for number in trace.kinks]),
        parted=apart,
    )


def _own(program: Program, given: Matrix, width: Matrix, limits: Limits) -> tuple[Explanation | None, bool]:
    """Derivatives of each kink's own, of the rewritten program; and whether it is proved that there are none."""
    local = localise(program)
    solved = solve_choices(local.net, given, width, limits)
    if solved.slopes is None or solved.jacobian is None:
        return None, solved.excluded
    labels = kink_labels(program, local)
    slopes = {labels[number]: slope for number, slope in zip(local.net.kink_numbers, solved.slopes, strict=True)}
    return (
        Explanation(
            convention="each kink its own relu'(0)",
            gradient=solved.jacobian,
            branches="exact",
            slopes=slopes,
            deviation=deviation(solved.jacobian, given),
        ),
        False,
    )


def deviation(found: Matrix, given: Matrix) -> Fraction:
    """The greatest difference of two entries."""
    return max(
        abs(left - right)
        for row, wanted in zip(found, given, strict=True)
        for left, right in zip(row, wanted, strict=True)
    )
