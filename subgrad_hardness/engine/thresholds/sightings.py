"""Where forms are positive, as far as many sample directions show it.

That a form is at most a maximum's member is seen soon where every other member is seen to be none: of the maximum of
the 252 sums of 5 out of 10 inputs each sum has to be the greatest one at some direction.
"""

from __future__ import annotations

from subgrad_hardness.normal_form.linear_form import Key
from subgrad_hardness.normal_form.normal_form import NormalForm
from subgrad_hardness.normal_form.samples import Packed, Samples

# So many pairs of opposite directions, with so many entries in all; and no fewer pairs than that.
_PAIRS, _ENTRIES, _LEAST = 128, 1 << 13, 8

_NOTHING = Packed(0, 0)


class Sightings:
    """The atoms of a normal form at the samples; nothing is seen to be positive where their values are too large."""

    def __init__(self, normal: NormalForm) -> None:
        samples: Samples | None = Samples(normal.inputs, max(_LEAST, min(_PAIRS, _ENTRIES // normal.inputs)))
        for atom in normal.atoms:
            seen = None if samples is None else samples.at(atom)
            if samples is None or seen is None:
                samples = None
                break
            samples.append(seen, 1)
        self._samples = samples
        self._passed: list[int] = []  # of each atom relu(w) the values of w - relu(w)
        if samples is not None:
            for variable, atom in enumerate(normal.atoms, start=normal.inputs):
                self._passed.append(samples.packed(atom).total - samples.packed({variable: 1}).total)
        self._inputs = normal.inputs

    def of(self, key: Key) -> Packed:
        """The values of a form."""
        return _NOTHING if self._samples is None else self._samples.packed(dict(key))

    def is_positive(self, values: Packed) -> bool:
        """Whether a value is seen to be positive."""
        return self._samples is not None and self._samples.is_positive_somewhere(values)

    def blocked(self, values: Packed, variable: int, entry: int) -> Packed:
        """The values of a form without its atom ``variable``, from its values and the atom's coefficient."""
        if self._samples is None:
            return _NOTHING
        return Packed(values.total - entry * self._samples.packed({variable: 1}).total, values.bound)

    def passed(self, values: Packed, variable: int, entry: int) -> Packed:
        """The values of a form with its atom's argument in its place; an argument has no larger bound than its atom."""
        if self._samples is None:
            return _NOTHING
        return Packed(values.total + entry * self._passed[variable - self._inputs], values.bound)
