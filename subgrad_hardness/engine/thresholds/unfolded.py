"""A circuit that unfolds what is added and bounds what is subtracted, for a few large maxima in one sum.

"The sum of the k largest entries is at most the largest sum over k of them": cut at thresholds, such a goal has a
conflict for each way to give entries to ranks.  Unfolded it has few forms.  Added relus are removed first, one after
the other; a sum of wires of a sorting network becomes sums of wires one comparator earlier, and since the two outputs
of a comparator have the sum of its inputs, only those that straddle the rank matter.  What is left is a form less a
maximum, and that is seen to be at most zero without a look through the maximum's members: from

    L - c relu(w) <= L,    L - c relu(w) <= L - c w    (c > 0)

one of the two bounds is taken, last atom after last atom, until the form is zero.  The choices are looked through depth
first, without those that are positive at some of a few sample directions; a form that fails once is not tried again.
What cannot be bounded is expanded by the relu rule.
"""

from __future__ import annotations

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.circuit.circuit import Circuit, Expansion
from subgrad_hardness.engine.contract import GaveUp
from subgrad_hardness.engine.thresholds.sightings import Sightings
from subgrad_hardness.normal_form.generators import EXCESS, VALUE, Generator, GeneratorKind
from subgrad_hardness.normal_form.linear_form import Key, add, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma, Literal

#: Gates and leaves, at most, and forms that bounds are looked for: such a circuit is small or not worth it.
MOST_GATES, MOST_FORMS = 20_000, 700_000
#: So many of these for one gate: where bounds are found they are found soon (below 2,000 for the 5 largest of 10), and
#: where they are not, as under a convolution of pooled images, there would be hundreds of thousands to look through.
MOST_FORMS_OF_A_GATE = 10_000


class UnfoldedCircuit(Circuit):
    """A circuit over half-spaces in the inputs; forms that are bounded by zero are false in it, by lemmas."""

    def __init__(self, normal: NormalForm) -> None:
        super().__init__(normal)
        self.room = MOST_GATES
        self._bounds: dict[Key, GeneratorKind | None] = {}
        self._sightings = Sightings(normal)

    def expand(self, key: Key, limits: Limits) -> Expansion:
        """A bound, or the relu rule on the last added relu, or on the last one."""
        added = [variable for variable, entry in key if variable >= self.inputs and entry > 0]
        if not added or added[-1] != key[-1][0]:
            generators = self._bounded(key, limits)
            if generators is not None:
                self.links.append(Lemma((Literal(key, False),), (1,), generators))
                return Expansion(True, (), (), None)
        variable = added[-1] if added else key[-1][0]
        return Expansion(not added, *self.removed(key, variable), variable - self.inputs)

    def _bounded(self, key: Key, limits: Limits) -> tuple[Generator, ...] | None:
        """Generators that, added to the form, give zero; None if the bounds do not show that it is at most zero."""
        if not self._is_bounded(key, limits):
            return None
        form, found = dict(key), list[Generator]()
        while form:
            kind = self._bounds[key_of(form)]
            assert kind is not None
            last = max(form)
            atom, factor = last - self.inputs, -form.pop(last)
            if kind == EXCESS:
                add(form, self.normal.atoms[atom], -factor)
            found.append((atom, kind, factor))
        return tuple(found)

    def _is_bounded(self, root: Key, limits: Limits) -> bool:
        """Whether some choice of bounds ends in zero; the choices are kept.  Depth first with a stack of its own.

        Raises LimitReached, and GaveUp after ``MOST_FORMS`` or ``MOST_FORMS_OF_A_GATE``.
        """
        bounds, sightings = self._bounds, self._sightings
        most = min(MOST_FORMS, len(bounds) + MOST_FORMS_OF_A_GATE)
        stack = [(root, sightings.of(root))]
        while stack:
            limits.check()
            if len(bounds) > most:
                raise GaveUp(f"more than {most} forms to bound")
            key, values = stack[-1]
            if not key or key in bounds:
                stack.pop()
                continue
            last, entry = key[-1]
            if last < self.inputs or entry > 0:
                bounds[key] = None
                continue
            for kind, lowered in ((VALUE, sightings.blocked), (EXCESS, sightings.passed)):
                if sightings.is_positive(lowered(values, last, entry)):
                    continue
                child = self.removed(key, last)[kind]
                if not child or bounds.get(child) is not None:
                    bounds[key] = kind
                    break
                if child not in bounds:
                    stack.append((child, sightings.of(child)))
                    break
            else:
                bounds[key] = None
        return not root or bounds[root] is not None
