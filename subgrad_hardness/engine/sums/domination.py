"""Sums of relus that pay for each other: one linear program, and no phases (SPEC 5.4).

Let v = l + sum_k c_k a_k - sum_j e_j a_j over the inputs, with c_k, e_j > 0 and a_i = relu(w_i).  Write each added
term by the subtracted ones,

    c_k w_k = sum_j (x_kj - y_kj) w_j,    x, y >= 0;    then    c_k a_k <= sum_j x_kj a_j + y_kj (a_j - w_j),

for the right side is at least 0 and at least c_k w_k, because a_j and a_j - w_j are at least 0: a *domination*, proved
by one lemma for each phase of a_k.  If the right sides together, and some t_j (a_j - w_j) with t_j >= 0, take no more
than e_j of each a_j,

    sum_k (x_kj + y_kj) + t_j <= e_j,    and    l = sum_j (sum_k y_kj + t_j) w_j,

then v <= 0 everywhere.  For sums of absolute values, sum |a_i x| <= sum |b_j x|, this says a = G b with
sum_i |G_ij| <= 1 for all j: a polynomial condition for a zonotope to lie in another one, though not a necessary one
(that is co-NP-complete).  Strict rows s of a region join both as generators: c_k w_k may hold z_ks s, of either sign.

The linear program asks for the largest e such that e times e_j is left of both a_j and a_j - w_j.  Where it is positive
there is room, and rounding is easily mended (``closing``).  Where it is negative the multipliers of the equation for l
are a direction, in which v is often positive; if not, the kink whose domination costs most gets a phase.

Source: Sadraddini and Tedrake, Linear encodings for polytope containment problems (CDC 2019).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.engine.contract import RoomReached
from subgrad_hardness.engine.sums.closing import Proposal, balanced, rounded, units
from subgrad_hardness.engine.sums.domination_program import Dominated, DominationProgram, Terms, terms_of
from subgrad_hardness.engine.sums.exact import decided
from subgrad_hardness.engine.sums.payments import Payments
from subgrad_hardness.engine.sums.region import Region
from subgrad_hardness.engine.sums.rounding import directions
from subgrad_hardness.engine.sums.tree import Closed, Divided, Room, tree
from subgrad_hardness.engine.sums.vertex import exact_domination
from subgrad_hardness.local.local_net import integer_direction
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma

#: Programs with more pairs of an added and a subtracted term than this take seconds.
_LARGE = 5000
#: What has to be left of the subtracted terms, as a part, for fine roundings to be tried first.
_ROOM = 1e-6


class DominationBound:
    """How ``domination`` looks at the nodes of a case."""

    def __init__(self, normal: NormalForm, case: frozenset[Key], limits: Limits) -> None:
        self.case = case
        self.program: DominationProgram | None = None  # of the node that a limit stopped
        self.patient = False

    def look(self, region: Region, proposed: Callable[[Direction], bool], limits: Limits) -> Closed | Divided | None:
        """One linear program; without added terms one question to the exact cone.

        Raises
        ------
        RoomReached
            Before the first large program: others may need less.  Asked again, it is solved.
        LimitReached
        """
        terms = terms_of(region, self.case)
        if not terms.added:
            answer = decided(region, self.case, (), limits)
            if isinstance(answer, Lemma):
                return Closed((answer,))
            point = [answer.get(index, Fraction(0)) for index in range(region.normal.inputs)]
            if not proposed(integer_direction(point)[0]):
                raise AssertionError("a form without added atoms is positive where its relaxation is")
            return None
        if len(terms.added) * len(terms.subtracted) > _LARGE and not self.patient:
            self.patient = True
            raise RoomReached(f"{len(terms.added)} terms are to be paid for by {len(terms.subtracted)}")
        self.program = self.program or DominationProgram(region, terms, limits)
        optimum = self.program.solved(limits)
        self.program = None
        if optimum is None:
            return Divided(terms.added[0], True)
        if optimum.left >= -_ROOM:
            lemmas = _lemmas(region, terms, optimum, limits)
            if lemmas:
                return Closed(lemmas)
        if any(map(proposed, directions(optimum.direction))):
            return None
        return _divided(region, terms, optimum)


#: The first program mostly closes the tree or finds a direction; where some hundred do not, others are better.
start = tree(DominationBound, Room(first=2, most=400))


def _divided(region: Region, terms: Terms, optimum: Dominated) -> Divided:
    """The added atom whose value the program takes to be farthest above what it is."""
    atoms, direction = region.normal.atoms, optimum.direction

    def level(atom: int) -> float:
        return sum([entry * direction[index] for index, entry in atoms[atom].items()])

    def excess(atom: int) -> float:
        return optimum.relaxed[atom] - max(level(atom), 0.0)

    atom = max(terms.added, key=lambda atom: (excess(atom), -atom))
    return Divided(atom, level(atom) > 0)


def _lemmas(region: Region, terms: Terms, optimum: Dominated, limits: Limits) -> tuple[Lemma, ...]:
    """Two lemmas for each added atom, and the one that adds up; none: no rounding of the optimum is right."""
    for unit in units(optimum.left > _ROOM):
        limits.check()
        lemmas = _near(region, optimum, unit)
        if lemmas:
            return lemmas
    exact = exact_domination(region, terms, optimum)
    return _near(region, *exact) if exact else ()


def _near(region: Region, optimum: Dominated, unit: Fraction) -> tuple[Lemma, ...]:
    """The lemmas of the optimum in multiples of a unit."""
    forms = rounded(optimum.forms, unit)
    paid = Payments(region, optimum, forms, unit).made()
    if paid is None:
        return ()
    bounded, lemmas = paid
    last = balanced(region, Proposal(forms, bounded, optimum.hinges, optimum.rows), unit)
    return () if last is None else (*lemmas, last)
