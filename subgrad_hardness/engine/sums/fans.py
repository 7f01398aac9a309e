"""Small fans: the relus of a sum that see only a few inputs, and the inequalities that hold among their values.

Let T be a set of at most three inputs and w_1, ..., w_m forms over them, no two on one line.  Their hyperplanes cut R^T
into a *fan* of cones, on each of which all relus are linear.  So for every x the vector (x, relu(w_1 x), ...,
relu(w_m x)) lies in the cone that its values on the rays of the fan generate, and u v <= 0 holds on it for all facets
u of that cone (``linear.double_description``).  Some of the facets are triangle inequalities.  These are all linear
inequalities that hold among the relus over T: the *hull* of T.

Many sets T have fans of one *shape*, the same forms in other inputs: the facets and their proofs (``facet_proofs``)
are found once for each shape.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from operator import mul
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.linear.double_description import Vector, facets
from subgrad_hardness.linear.elimination import independent
from subgrad_hardness.net.rational import primitive
from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.normal_form.normal_form import NormalForm

#: The largest sets of inputs.
MOST_INPUTS = 3
#: More relus over one set than this, or more facets, are not looked at: the facets become too many.
MOST_LINES, MOST_FACETS = 12, 300
#: More sets than this are no longer looked through.
MOST_PLACES = 20_000

#: The forms of a fan over its inputs, each with a positive first entry, sorted.
Shape = tuple[Vector, ...]


class Place(NamedTuple):
    """A set of inputs, and the atoms over them in the order of the shape's forms."""

    inputs: tuple[int, ...]
    atoms: tuple[int, ...]


def places(normal: NormalForm, atoms: Iterable[int]) -> dict[Shape, list[Place]]:
    """The sets of inputs that are worth a look, by the shape of their fans.

    Two inputs are joined if some atom over at most ``MOST_INPUTS`` inputs sees both.  The sets are the largest ones of
    at most three inputs that are all joined to each other.
    """
    over: dict[tuple[int, ...], list[int]] = {}
    for atom in atoms:
        seen = tuple(sorted(normal.atoms[atom]))
        if len(seen) <= MOST_INPUTS:
            over.setdefault(seen, []).append(atom)
    result: dict[Shape, list[Place]] = {}
    for chosen in _sets(over):
        lines: dict[Vector, int] = {}
        for size in range(1, len(chosen) + 1):
            for seen in combinations(chosen, size):
                for atom in over.get(seen, ()):
                    lines[_line([normal.atoms[atom].get(i, 0) for i in chosen])] = atom
        if 1 < len(lines) <= MOST_LINES:
            shape = tuple(sorted(lines))
            result.setdefault(shape, []).append(Place(chosen, tuple([lines[line] for line in shape])))
    return result


def _sets(over: Iterable[tuple[int, ...]]) -> list[tuple[int, ...]]:
    joined: dict[int, set[int]] = {}
    for seen in over:
        for index in seen:
            joined.setdefault(index, set()).update(seen)
    pairs = [(i, j) for i, others in joined.items() for j in others if i < j]
    triples: list[tuple[int, ...]] = []
    for i, j in sorted(pairs):
        triples += [(i, j, k) for k in sorted(joined[i] & joined[j]) if k > j]
        if len(triples) > MOST_PLACES:
            return sorted(pairs)
    covered = {pair for triple in triples for pair in combinations(triple, 2)}
    return triples + sorted(set(pairs) - covered)


def _line(form: Sequence[int]) -> Vector:
    """The form or its opposite, whichever has a positive first entry."""
    first = next(entry for entry in form if entry)
    return tuple(form) if first > 0 else tuple([-entry for entry in form])


def turned(normal: NormalForm, atom: int) -> bool:
    """Whether the atom's form is the opposite of its line: relu(w) = relu(-w) + w for its line w."""
    form = normal.atoms[atom]
    return form[min(form)] < 0


def hull(shape: Shape, limits: Limits) -> list[Vector]:
    """The facets of a shape, over its inputs and then its relus, without those that are generators; none where they
    would be too many.  Raises LimitReached."""
    size = len(shape[0])
    points = [(*ray, *[max(sum(map(mul, line, ray)), 0) for line in shape]) for ray in rays(shape)]
    found = facets(points, MOST_FACETS, limits) or []
    return [facet for facet in found if sum(map(bool, facet[size:])) > 1]


def rays(shape: Shape) -> list[Vector]:
    """Integer vectors on all rays of the fan, sorted; where the hyperplanes have more than 0 in common they are those
    of a finer fan."""
    size = len(shape[0])
    lines = list(shape)
    if len(independent(shape)) < size:
        lines += [tuple([int(index == k) for index in range(size)]) for k in range(size)]
    if size == 1:
        return [(-1,), (1,)]
    if size == 2:
        found = {primitive((y, -x)) for x, y in lines}
    else:
        crossed = [_cross(one, other) for one, other in combinations(lines, 2)]
        found = {primitive(vector) for vector in crossed if any(vector)}
    return sorted(found | {tuple([-entry for entry in vector]) for vector in found})


def _cross(one: Vector, other: Vector) -> Vector:
    (a, b, c), (x, y, z) = one, other
    return b * z - c * y, c * x - a * z, a * y - b * x


def placed(normal: NormalForm, shape: Shape, place: Place, facet: Vector) -> Key:
    """A facet as a form over the inputs and atoms of a place; it is never positive.

    Not primitive: with the coefficients of the facet.
    """
    size = len(place.inputs)
    form: dict[int, int] = dict(zip(place.inputs, facet[:size], strict=True))
    for line, atom, entry in zip(shape, place.atoms, facet[size:], strict=True):
        form[normal.inputs + atom] = entry
        if turned(normal, atom):
            for index, coefficient in zip(place.inputs, line, strict=True):
                form[index] += entry * coefficient
    return tuple(sorted([(variable, entry) for variable, entry in form.items() if entry]))
