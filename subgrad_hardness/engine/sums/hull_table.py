"""All small fans of a case: which of their facets a point violates, and why a facet holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.engine.sums.facet_proofs import Leaf, leaves, lemmas
from subgrad_hardness.engine.sums.fans import Place, Shape, hull, placed, places, turned
from subgrad_hardness.linear.double_description import Vector
from subgrad_hardness.normal_form.linear_form import Key, key_of
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.proof.steps import Lemma

if TYPE_CHECKING:
    from numpy import float64, intp
    from numpy.typing import NDArray

#: A facet is violated by at least this, where its largest coefficient and the size of the point are 1.
_VIOLATED = 1e-7
#: At most so many facets are kept of one look for each variable, the most violated ones, one of each place.
_PER_VARIABLE = 1
_LEAST = 60


class Hull(NamedTuple):
    """A shape with its facets and its places; ``inputs`` and ``atoms`` are the places' as one matrix each."""

    shape: Shape
    facets: list[Vector]
    places: list[Place]
    matrix: NDArray[float64]
    inputs: NDArray[intp]
    atoms: NDArray[intp]


class Found(NamedTuple):
    """Where a facet's form comes from: the form is the facet at the place, less its content."""

    place: Place
    shape: Shape
    facet: Vector
    content: int


class HullTable:
    """The hulls of a case's atoms, and where the forms in use come from."""

    def __init__(self, normal: NormalForm, atoms: Iterable[int], limits: Limits) -> None:
        import numpy as np

        self.normal = normal
        self.hulls: list[Hull] = []
        self.found: dict[Key, Found] = {}
        self.refuted: set[Key] = set()
        self.cases: dict[tuple[Shape, Vector], tuple[Leaf, ...]] = {}
        self.turned = [atom for atom in atoms if turned(normal, atom)]
        for shape, where in places(normal, atoms).items():
            facets = hull(shape, limits)
            if facets:
                matrix = np.array(facets, dtype=np.float64)
                matrix /= np.abs(matrix).max(axis=1, keepdims=True)
                inputs, members = (
                    np.array([place.inputs for place in where]),
                    np.array([place.atoms for place in where]),
                )
                self.hulls.append(Hull(shape, facets, where, matrix, inputs, members))

    def violated(self, values: Mapping[int, float], limits: Limits) -> list[Key]:
        """The forms of the facets that a point violates most."""
        import numpy as np

        inputs, atoms = self.normal.inputs, self.normal.atoms
        point = np.zeros(inputs + len(atoms))
        point[list(values)] = list(values.values())
        for atom in self.turned:
            point[inputs + atom] -= sum([entry * values[index] for index, entry in atoms[atom].items()])
        ranked: list[tuple[float, int, int, int]] = []
        for number, known in enumerate(self.hulls):
            limits.check()
            at = np.hstack([point[known.inputs], point[inputs + known.atoms]]) @ known.matrix.T
            worst, most = at.argmax(axis=1), at.max(axis=1)
            where = np.nonzero(most > _VIOLATED)[0]
            ranked += [(-float(most[place]), number, int(place), int(worst[place])) for place in where]
        ranked.sort()
        return [self._form(*rank[1:]) for rank in ranked[: max(_LEAST, _PER_VARIABLE * len(values))]]

    def _form(self, number: int, place: int, facet: int) -> Key:
        known = self.hulls[number]
        form = dict(placed(self.normal, known.shape, known.places[place], known.facets[facet]))
        key = key_of(form)
        self.found[key] = Found(known.places[place], known.shape, known.facets[facet], form[key[0][0]] // key[0][1])
        return key

    def proofs(self, forms: Iterable[Key], lemma: Lemma, limits: Limits) -> list[Lemma]:
        """The lemmas that refute those of the forms that ``lemma`` rests on and that were not refuted before."""
        used = {literal.form for literal in lemma.clause if literal.positive}
        new = [form for form in forms if form in used and form not in self.refuted]
        made: list[Lemma] = []
        for form in new:
            place, shape, facet, content = self.found[form]
            if (shape, facet) not in self.cases:
                self.cases[shape, facet] = leaves(shape, facet, limits)
            made += lemmas(self.normal, place, form, content, self.cases[shape, facet])
        self.refuted.update(new)
        return made
