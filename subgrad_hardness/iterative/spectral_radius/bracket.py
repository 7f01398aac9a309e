"""Lower and upper bounds of a joint spectral radius, each accepted by the verifier before it counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.common.doubles import as_double
from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.iterative.spectral_radius.norms import Floats, quadratic_proposal, weighted_bounds
from subgrad_hardness.iterative.spectral_radius.polytope import polytope_bound
from subgrad_hardness.iterative.spectral_radius.words import Proposal, largest_words
from subgrad_hardness.iterative.verifying.spectral_format import Lower, Rows, SpectralCertificate, Upper
from subgrad_hardness.iterative.verifying.spectral_radius import require_lower, require_upper

#: Polytopes are tried in spaces of so many dimensions.
MOST_DIMENSIONS = 8
# Polytopes are searched for so many tolerances above the lower bound, one after another.
_WIDTHS = (1, 4, 16)
# A polytope's rounded vertices may have a bound that is larger by so much, but not 1 where it was less.
_ROUNDING = 1 / 2000
# Matrices with larger numbers, in sum, leave the range of doubles when they are multiplied, and are not looked at.
_LARGEST = 1e20


class Bracket(NamedTuple):
    """lower.bound <= JSR <= upper.bound, both verified; ``lower`` is None only where no word was looked at."""

    lower: Lower | None
    upper: Upper | None
    finished: bool

    def certificate(self, matrices: Sequence[Rows]) -> SpectralCertificate:
        """Both bounds as what a file holds."""
        return SpectralCertificate(tuple(matrices), self.lower, self.upper)


def bracket(
    matrices: Sequence[Rows],
    *,
    length: int = 12,
    tolerance: float = 1 / 400,
    limits: Limits = NO_LIMITS,
    report: Callable[[Bracket], None] | None = None,
) -> Bracket:
    """Bounds of the joint spectral radius of ``matrices``, N square ones of one size.

    Parameters
    ----------
    length : of the longest words that are looked at.
    tolerance : an upper bound so near to the lower one, relative to it, is looked for first, then wider ones.
    limits : a limit ends in what is known.
    report : hears what is known before the long searches for norms begin.
    """
    import numpy as np

    floats = np.array([[[as_double(entry) for entry in row] for row in matrix] for matrix in matrices])
    if not float(np.abs(floats).sum()) < _LARGEST:
        return Bracket(None, None, finished=True)
    lower: Lower | None = None
    uppers: list[Upper] = []
    finished = True
    try:
        uppers += [upper for upper in weighted_bounds(matrices, floats) if _holds(matrices, upper)]
        proposals = largest_words(floats, length, limits=limits)
        lower = _best_lower(matrices, proposals)
        limits.check()
        if report is not None:
            report(Bracket(lower, _least(uppers), finished=False))
        with np.errstate(all="ignore"):  # proposals; what is no number proves nothing
            uppers += _norms(matrices, floats, lower, _least(uppers).bound, tolerance=tolerance, limits=limits)
    except LimitReached:
        finished = False
    return Bracket(lower, _least(uppers) if uppers else None, finished)


def _norms(
    matrices: Sequence[Rows],
    floats: Floats,
    lower: Lower | None,
    best: Fraction,
    *,
    tolerance: float,
    limits: Limits,
) -> list[Upper]:
    """A quadratic norm, and a polytope."""
    least = float(lower.bound) if lower is not None else 0.0
    size = len(matrices[0])
    if best <= (1 + tolerance) * least:
        return []
    found: list[Upper] = []
    proposal = quadratic_proposal(floats, limits) if size > 1 else None
    if proposal is not None and proposal[0] < best and _holds(matrices, proposal[1]):
        found.append(proposal[1])
        best = min(best, proposal[1].bound)
    if size <= MOST_DIMENSIONS:
        word = lower.word if lower is not None else (0,)
        ratios = [max(least, 1e-6 * float(best)) * (1 + width * tolerance) for width in _WIDTHS]
        if least < 1 < best:  # the question is on which side of 1 it is
            ratios.append((1 + least) / 2)
        for ratio in sorted(ratios):
            if ratio >= best:
                break
            most = ratio * (1 + min(_ROUNDING, (1 - ratio) / 2)) if ratio < 1 else ratio * (1 + _ROUNDING)
            upper = polytope_bound(matrices, floats, word, (ratio, most), limits)
            if upper is not None and _holds(matrices, upper):
                found.append(upper)
                break
    return found


def _best_lower(matrices: Sequence[Rows], proposals: Sequence[Proposal]) -> Lower | None:
    """The best word's bound as a rational number: a simple one if that is exact, else rounded down."""
    for value, word in proposals:
        simple = Fraction(value).limit_denominator(1000)
        tries = [simple] if abs(float(simple) - value) <= 1e-12 * max(value, 1.0) else []
        tries += [Fraction(int(value * 10**digits), 10**digits) for digits in (9, 7, 5, 3)]
        for bound in tries:
            lower = Lower(word, bound)
            try:
                require_lower(matrices, lower)
            except Rejected:
                continue
            return lower
    return None


def _holds(matrices: Sequence[Rows], upper: Upper) -> bool:
    try:
        require_upper(matrices, upper)
    except Rejected:
        return False
    return True


def _least(uppers: Sequence[Upper]) -> Upper:
    return min(uppers, key=attrgetter("bound"))
