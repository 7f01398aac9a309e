"""F'(x0; .) with each layer's integers packed into one, for very many exact passes through one net.

The kinks of one depth make a stage.  Their arguments are linear in the values before them, so with C_v = sum_k c_kv
2^(B k) the one number sum_v x_v C_v holds all arguments of the stage, in fields of B bits, if none is as large as 2^(B
- 1). The same pass with the absolute values of all coefficients says beforehand how large they can be.  The integers'
own multiplication then does what would be a loop over the nonzeros.  (Kronecker's substitution.)  The backward pass
packs the other way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import mul
from struct import unpack

from subgrad_hardness.local.local_net import Rows
from subgrad_hardness.normal_form.flatten import FlatNet
from subgrad_hardness.normal_form.linear_form import Form

_WORD = 64


class _Fields:
    """So many integers in one, each in so many words of 64 bits."""

    def __init__(self, count: int, words: int) -> None:
        self._count, self._words = count, words
        self._halves = sum([1 << (_WORD * words * (number + 1) - 1) for number in range(count)])

    def pack(self, entries: Iterable[tuple[int, int]]) -> int:
        """The integer that has these values in the fields of these numbers."""
        return sum([value << (_WORD * self._words * number) for number, value in entries])

    def unpack(self, packed: int) -> Sequence[int]:
        """All fields."""
        # With half of its range added, each field is nonnegative; the highest bit flipped back, it is a two's
        # complement.
        size = _WORD // 8 * self._words
        data = ((packed + self._halves) ^ self._halves).to_bytes(size * self._count, "little")
        if self._words == 1:
            return unpack(f"<{self._count}q", data)
        # The highest word of each field has the sign, the words below it follow.
        parts = unpack("<" + ("Q" * (self._words - 1) + "q") * self._count, data)
        values = parts[self._words - 1 :: self._words]
        for word in range(self._words - 2, -1, -1):
            values = tuple([high << _WORD | low for high, low in zip(values, parts[word :: self._words], strict=True)])
        return values


def _words(bound: int) -> int:
    """In how many words numbers of at most this size fit with their sign."""
    return bound.bit_length() // _WORD + 1


class _Stage:
    """The kinks of one depth: their numbers, their places among inputs and kinks, their forms, the places in these."""

    def __init__(self, kinks: list[int], inputs: int, forms: list[Form]) -> None:
        self.places = [inputs + kink for kink in kinks]
        self.each = [(kink, 1 << kink, inputs + kink) for kink in kinks]
        self.forms = forms
        self.variables = sorted(set().union(*forms))
        self._columns: dict[int, tuple[_Fields, list[int]]] = {}
        self._rows: tuple[_Fields, list[int]] | None = None

    def arguments(self, values: Sequence[int], words: int) -> Sequence[int]:
        """The kinks' arguments, whose sizes fit into so many words."""
        if words not in self._columns:
            fields = _Fields(len(self.forms), words)
            entries: dict[int, list[tuple[int, int]]] = {variable: [] for variable in self.variables}
            for number, form in enumerate(self.forms):
                for variable, coefficient in form.items():
                    entries[variable].append((number, coefficient))
            self._columns[words] = fields, [fields.pack(entries[variable]) for variable in self.variables]
        fields, columns = self._columns[words]
        return fields.unpack(sum(map(mul, columns, [values[variable] for variable in self.variables])))

    def prepare_back(self, bounds: list[int]) -> None:
        """Pack for the backward pass; ``bounds`` has those of the weights of all places, and is brought up to date."""
        raised = dict.fromkeys(self.variables, 0)
        for place, form in zip(self.places, self.forms, strict=True):
            for variable, coefficient in form.items():
                raised[variable] += bounds[place] * abs(coefficient)
        fields = _Fields(len(self.variables), _words(max(raised.values())))
        number = {variable: index for index, variable in enumerate(self.variables)}
        self._rows = fields, [fields.pack([(number[v], c) for v, c in form.items()]) for form in self.forms]
        for variable, bound in raised.items():
            bounds[variable] += bound

    def pull_back(self, weights: list[int], passing: int) -> None:
        """Add to the weights of the variables what the passing kinks' weights bring them."""
        assert self._rows is not None
        fields, rows = self._rows
        packed = 0
        for (_, bit, place), row in zip(self.each, rows, strict=True):
            if passing & bit:
                packed += weights[place] * row
        if packed:
            for variable, brought in zip(self.variables, fields.unpack(packed), strict=True):
                weights[variable] += brought


class PackedNet:
    """A local net, made ready once: linear in the nonzeros of the net with its sums multiplied out."""

    def __init__(self, flat: FlatNet) -> None:
        self.inputs, self._kinks, self._outputs = flat.inputs, len(flat.kinks), flat.outputs
        depths: list[int] = []
        bounds = [1] * flat.inputs
        stages: dict[int, list[int]] = {}
        for kink, form in enumerate(flat.kinks):
            depths.append(1 + max([depths[place - flat.inputs] for place in form if place >= flat.inputs], default=0))
            bounds.append(sum([abs(coefficient) * bounds[place] for place, coefficient in form.items()]))
            if form:  # what is identically zero never changes its sign
                stages.setdefault(depths[-1], []).append(kink)
        self._stages = [
            _Stage(kinks, flat.inputs, [flat.kinks[kink] for kink in kinks]) for _, kinks in sorted(stages.items())
        ]
        self._bounds = [max([bounds[place] for place in stage.places]) for stage in self._stages]
        back = [0] * (flat.inputs + len(flat.kinks))
        for form in flat.outputs:
            for place, coefficient in form.items():
                back[place] = max(back[place], abs(coefficient))
        for stage in reversed(self._stages):
            stage.prepare_back(back)

    def arguments(self, direction: Sequence[int]) -> tuple[list[int], int, int]:
        """The kinks' arguments at an integer direction; the bits of the positive ones, and of the negative ones."""
        values = [*direction, *[0] * self._kinks]
        found = [0] * self._kinks
        size = max(map(abs, direction))
        up = down = 0
        for stage, bound in zip(self._stages, self._bounds, strict=True):
            levels = stage.arguments(values, _words(bound * size))
            for (kink, bit, place), level in zip(stage.each, levels, strict=True):
                if level > 0:
                    up |= bit
                    values[place] = found[kink] = level
                elif level:
                    down |= bit
                    found[kink] = level
        return found, up, down

    def rows(self, passing: int) -> Rows:
        """The Jacobian before the output scales where exactly the kinks whose bits are set pass (bit k is kink k)."""
        result = []
        for form in self._outputs:
            weights = [0] * (self.inputs + self._kinks)
            for place, coefficient in form.items():
                weights[place] = coefficient
            for stage in reversed(self._stages):
                stage.pull_back(weights, passing)
            result.append(tuple(weights[: self.inputs]))
        return tuple(result)
