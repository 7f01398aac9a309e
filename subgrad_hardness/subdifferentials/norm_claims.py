"""Certificates of greatest norms, composed of claims that the verifier knows: supports, and the list of all members.

No element of d_C has a greater norm than these claims allow:

* *entries*: the 2 p supports b_i along e_i and c_i along -e_i.  |g_i| <= t_i = max(b_i, c_i), so the maximum norm is at
  most max t_i, the l1 norm at most sum t_i, the squared l2 norm at most sum t_i^2.
* *signs*: the 2^p supports along the vectors of signs s.  |g|_1 = max s g, so the l1 norm is at most the greatest one.
* *complete*: all members of d_L.  Norms are convex, so the greatest one on the hull is that of a member.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import NamedTuple

from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.subdifferentials import stating
from subgrad_hardness.subdifferentials.clarke_set import ClarkeSet
from subgrad_hardness.subdifferentials.completeness import complete
from subgrad_hardness.subdifferentials.maximum import maximum
from subgrad_hardness.subdifferentials.norms import NORMS, LargestNorms

#: Supports along all vectors of signs are proved for at most so many inputs.
MOST_SIGNED = 6
_COMPLETE = "complete"
_MARKS = {1: "+", -1: "-"}


class NormClaims(NamedTuple):
    """Certificates by their names, accepted by the verifier; by norm the names of those that bound it, or why not."""

    certificates: dict[str, Statement]
    rests_on: dict[str, tuple[str, ...]]
    uncertified: dict[str, str]


def norm_claims(convex: ClarkeSet, found: LargestNorms, limits: Limits) -> NormClaims:
    """Certificates for the norms that are decided, as far as the limits allow.

    Raises
    ------
    completeness.Differs, stating.ContradictedError : bugs in this project.
    """
    made = NormClaims({}, {}, {})
    size = convex.program.input_count
    for name in NORMS:
        each = getattr(found, name)
        if each.attained != each.proved:
            made.uncertified[name] = found.why or "not decided"
    axes = {
        f"support{_MARKS[sign]}{axis}": tuple([sign * (index == axis) for index in range(size)])
        for axis in range(size)
        for sign in _MARKS
    }
    _rest(made, convex, found.by_axes, axes, limits)
    left = [name for name in NORMS if name not in found.by_axes and name not in made.uncertified]
    if not left:
        return made
    members = frozenset(member.jacobian for member in convex.members)
    claimed = complete(convex.program, convex.local, members, limits)
    if claimed.certificate is not None:
        made.certificates[_COMPLETE] = claimed.certificate
        made.rests_on.update(dict.fromkeys(left, (_COMPLETE,)))
        return made
    made.uncertified.update(dict.fromkeys(left, claimed.uncertified or "no proof in time"))
    if "l1" in left and size <= MOST_SIGNED:
        del made.uncertified["l1"]
        signs = product(_MARKS, repeat=size)
        _rest(made, convex, ("l1",), {"signs" + "".join(map(_MARKS.__getitem__, row)): row for row in signs}, limits)
    return made


def _rest(
    made: NormClaims, convex: ClarkeSet, norms: tuple[str, ...], rows: dict[str, tuple[int, ...]], limits: Limits
) -> None:
    """Let these norms rest on the supports along the rows, if all of these are proved."""
    if not norms:
        return
    for name, row in rows.items():
        functional = (tuple(map(Fraction, row)),)
        greatest = maximum(convex, functional, limits)
        statement = stating.support(convex.program, "clarke", functional, greatest) if greatest.exact else None
        claimed = stating.stated(convex.program, statement, greatest.why)
        if claimed.certificate is None:
            made.uncertified.update(dict.fromkeys(norms, f"{name}: {claimed.uncertified}"))
            return
        made.certificates[name] = claimed.certificate
    made.rests_on.update(dict.fromkeys(norms, tuple(rows)))
