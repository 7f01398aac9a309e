"""Thin cones: F > 0 on a cone that narrows by a factor K with every level, or nowhere.

    F(x) = relu(min over i = 1..levels of min(K x_(i+1) - x_i, x_i - (K-1) x_(i+1))),   K >= 1.

Open: d_i = 2^(i-1) (2K-1)^(levels+1-i), i = 1..levels+1, makes both forms of level i equal to
d_(i+1) / 2 > 0, so F(d) > 0; F >= 0 then has two distinct subgradients at 0.  Scaled to x_1 = 1, the last
coordinates of such points are as small as K^-levels, far under every tolerance.

Shut: the minimum has one more form, (K-1)^levels x_(levels+1) - x_1.  With the multipliers (K-1)^(i-1)
on x_i - (K-1) x_(i+1) for i = 1..levels, and 1 on the new form, everything cancels:
    sum over i of (K-1)^(i-1) (x_i - (K-1) x_(i+1)) = x_1 - (K-1)^levels x_(levels+1).
The multipliers are nonnegative, those of x_1 - (K-1) x_2 and of the new form are 1, so not all these
forms can be positive: F = 0.  The other forms just miss the new one, since they leave
(K-1)^levels x_(levels+1) < x_1 < K^levels x_(levels+1), and there is no other refutation: with
multipliers a_i >= 0 on these forms, b_i >= 0 on K x_(i+1) - x_i, and 1 on the new one, cancelling means
c_1 = 1, c_(i+1) = (K-1) c_i - b_i for c_i = a_i - b_i, and c_(levels+1) = (K-1)^levels, so all b_i = 0.
"""

from __future__ import annotations

from dataclasses import dataclass

from subgrad_hardness.family.contract import Family, Values, flag, integer
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.json_text import show_int
from subgrad_hardness.net.program import Program


@dataclass(frozen=True, kw_only=True)
class ThinconeValues(Values):
    """The parameters of ``thincone``."""

    levels: int = integer("number of levels; the net has one input more", default=4, low=1, high=128)
    k: int = integer("how much the cone narrows with a level", default=1000, low=1, high=10**30)
    shut: bool = flag("add a form that shuts the cone: F = 0")


def witness(levels: int, k: int) -> tuple[int, ...]:
    """The direction with F(d) > 0 of the open cone (the module's text)."""
    return tuple(2**index * (2 * k - 1) ** (levels - index) for index in range(levels + 1))


def _make(values: ThinconeValues, given: frozenset[str]) -> Program:
    levels, k, shut = values.levels, values.k, values.shut
    inputs = [f"x{number}" for number in range(1, levels + 2)]
    build = GraphBuilder(inputs)
    forms = []
    for number in range(1, levels + 1):
        this, following = inputs[number - 1 : number + 1]
        forms.append(build.affine([(following, k), (this, -1)], name=f"upper{number}"))
        forms.append(build.affine([(this, 1), (following, 1 - k)], name=f"lower{number}"))
    if shut:
        forms.append(build.affine([(inputs[-1], (k - 1) ** levels), (inputs[0], -1)], name="shut"))
    build.apply("min", forms, name="least")
    output = build.apply("relu", ["least"], name="F")
    known_by = "d_i = 2^(i-1) (2K-1)^(levels+1-i) has F(d) > 0"
    if shut:
        known_by = "the multipliers (K-1)^(i-1) on lower i, and 1 on shut, cancel: not all of these are positive"
    provenance = {
        "family": THINCONE.name,
        "parameters": {"levels": levels, "k": k, "shut": shut},
        "verdict": "unique" if shut else "distinct",
        "known_by": known_by,
    }
    name = f"{'shut' if shut else 'open'} thin cone, {levels} levels, K = {show_int(k)}"
    return build.program([output], name=name, provenance=provenance)


THINCONE = Family(
    name="thincone",
    summary="a cone that narrows by a factor K with every level, open or shut",
    values=ThinconeValues,
    make=_make,
    picture="""
        relu(min over levels of min(K x_(i+1) - x_i, x_i - (K-1) x_(i+1))): each level lets the ratios x_i / x_(i+1)
        between K - 1 and K pass.  F is positive on one cone, whose points have last coordinates about K^-levels of
        the first: with K = 1000 and 6 levels far under every tolerance.  It is flat elsewhere.  Shut, one form more
        closes the cone along its edge; the only refutation has all levels in it, with multipliers up to
        (K-1)^levels.  As many relus as forms, two for each level.
    """,
)
