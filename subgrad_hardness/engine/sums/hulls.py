"""Sums of relus of few inputs each, bounded by the facets of small fans, and a tree of phases (SPEC 5.4).

For each small set T of inputs the values of the relus over T lie in a cone with few facets (``fans``).  Maximise the
goal over all these cones at once (``relaxation``): a linear program whose rows are facets, each of which a few phases
prove (``facet_proofs``), found as they are violated.  If the largest value is not positive, its multipliers are one
more lemma (``closing``): the goal is a nonnegative combination of facets, and no phase of the net as a whole was asked
for.  If it is positive, its direction may be one where the goal is; otherwise a relu whose value the program overstates
gets a phase.  An atom's phase is a face of every cone that knows the atom: facets serve all nodes of a tree.

For the nets of cuts, cliques and not-all-equal formulas the sets are pairs and triples of vertices or variables, and
the program is the one over the triangle inequalities (Barahona and Mahjoub, On the cut polytope, 1986), with the
roundings of the net itself.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import Direction
from subgrad_hardness.engine.contract import GaveUp
from subgrad_hardness.engine.sums.closing import closed, near
from subgrad_hardness.engine.sums.exact import decided
from subgrad_hardness.engine.sums.hull_table import HullTable
from subgrad_hardness.engine.sums.region import Region
from subgrad_hardness.engine.sums.relaxation import Relaxation, Relaxed
from subgrad_hardness.engine.sums.rounding import directions
from subgrad_hardness.engine.sums.tree import Closed, Divided, tree
from subgrad_hardness.engine.sums.vertex import exact_proposal
from subgrad_hardness.local.local_net import integer_direction
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma

#: A case without small sets is still asked about if it has so few atoms: by their phases alone.
_FEW = 6
#: So often the point inside may come nearer to a vertex before the vertex itself is looked at.
_HALVINGS = 4
#: Levels within this of 0 leave no room.
_ROOM = 1e-7


class HullBound:
    """How ``hulls`` looks at the nodes of a case."""

    def __init__(self, normal: NormalForm, case: frozenset[Key], limits: Limits) -> None:
        self.case = case
        self.relaxation = Relaxation(normal, case)
        self.table = HullTable(normal, self.relaxation.atoms, limits)
        if not self.table.hulls and len(self.relaxation.atoms) > _FEW:
            raise GaveUp("no small set of inputs has relus enough")
        self.inside = inside(normal, self.relaxation) if self.table.hulls else {}

    def look(self, region: Region, proposed: Callable[[Direction], bool], limits: Limits) -> Closed | Divided | None:
        """Some linear programs, each with more facets than the one before.  Raises LimitReached."""
        if not self.table.hulls:
            return self._exactly(region, proposed, limits)
        relaxation = self.relaxation
        relaxation.enter(region)
        while True:
            optimum = relaxation.solve(region, limits)
            if optimum is None:
                return self._exactly(region, proposed, limits)
            if optimum.level <= _ROOM:
                lemma = closed(region, optimum.proposal, optimum.level < -_ROOM) or self._at_vertex(region, optimum)
                if lemma is not None:
                    return Closed((*self.table.proofs(optimum.proposal.bounded, lemma, limits), lemma))
            if not self._separated(optimum.values, limits):
                break
        relaxation.forget(optimum.values)
        point = [optimum.values.get(index, 0.0) for index in range(region.normal.inputs)]
        if any(map(proposed, directions(point))):
            return None
        return self._divided(region, optimum) or self._exactly(region, proposed, limits)

    @staticmethod
    def _at_vertex(region: Region, optimum: Relaxed) -> Lemma | None:
        exact = exact_proposal(region, optimum.proposal)
        return near(region, *exact) if exact else None

    def _separated(self, values: dict[int, float], limits: Limits) -> bool:
        """Add facets that the values violate; whether there were new ones.

        A vertex of the program violates few of them.  A point half-way to one where no facet is violated meets those
        that matter (in-out separation: Ben-Ameur and Neto, Networks 49, 2007); where it violates none, it is the next
        such point.
        """
        for _ in range(_HALVINGS):
            middle = {v: (value + self.inside.get(v, 0.0)) / 2 for v, value in values.items()}
            forms = self.table.violated(middle, limits)
            if forms:
                if self.relaxation.add(forms):
                    return True
                break
            self.inside = middle
        return bool(self.relaxation.add(self.table.violated(values, limits)))

    def _divided(self, region: Region, optimum: Relaxed) -> Divided | None:
        """The atom whose value the program overstates most, among those over the fewest inputs."""
        best: tuple[float, int] | None = None
        for k in self.relaxation.atoms:
            if k in region.phases:
                continue
            form = region.normal.atoms[k]
            level = sum([entry * optimum.values[index] for index, entry in form.items()])
            excess = (
                self.relaxation.share[k]
                / self.relaxation.size[k]
                * (optimum.values[region.normal.inputs + k] - max(level, 0.0))
            )
            rank = (excess / len(form), -k)
            if best is None or rank > best:
                best, passes = rank, level > 0
        return None if best is None else Divided(-best[1], passes)

    def _exactly(
        self, region: Region, proposed: Callable[[Direction], bool], limits: Limits
    ) -> Closed | Divided | None:
        """By the exact cone, which knows the phases and the generators only."""
        answer = decided(region, self.case, (), limits)
        if isinstance(answer, Lemma):
            return Closed((answer,))
        point = [answer.get(index, Fraction(0)) for index in range(region.normal.inputs)]
        if proposed(integer_direction(point)[0]):
            return None
        left = [k for k in self.relaxation.atoms if k not in region.phases]
        if not left:
            raise AssertionError("a form without open phases is positive where its relaxation is")
        return Divided(left[0], True)


def inside(normal: NormalForm, relaxation: Relaxation) -> dict[int, float]:
    """A point that violates no facet: the mean of the values at some directions, of size 1."""
    stream, count = Stream(0, "hulls"), normal.inputs
    chosen = [stream.direction(count, 9) for _ in range(2 * count)]
    chosen += [tuple([sign * (i == k) for i in range(count)]) for k in range(count) for sign in (1, -1)]
    total = dict.fromkeys(relaxation.variables, 0.0)
    for direction in chosen:
        for k in total:
            total[k] += (
                direction[k]
                if k < count
                else max(sum([entry * direction[i] for i, entry in normal.atoms[k - count].items()]), 0)
            )
    size = relaxation.measure(total)
    return {k: value / size for k, value in total.items()}


start = tree(HullBound)
