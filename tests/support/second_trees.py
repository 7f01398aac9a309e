"""Trees over the kinks: docs/certificate.md, section 10, "Trees".

Written from the document alone; the standard library and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from support.second_argument import Form, Local, as_form, combination, negative, primitive, reject
from support.second_nets import Matrix

#: Kink -> True if it passes, False if it is 0; those that are missing are undecided.
Branches = dict[int, bool]


class Leaf(NamedTuple):
    """The branches on the path, and in a tree by sign the values of their kinks over the inputs."""

    branches: Branches
    values: dict[int, Form]


class Walk:
    """One walk through a tree in preorder; ``at_leaf`` rejects a leaf at which something does not hold."""

    def __init__(self, tree: list[list[int]], local: Local, at_leaf: Callable[[Leaf], None]) -> None:
        self.steps: Iterator[list[int]] = iter(tree)
        self.local, self.at_leaf = local, at_leaf

    def next(self) -> list[int]:
        return next(self.steps, None) or reject("the tree ends too early")

    def finish(self) -> None:
        if next(self.steps, None) is not None:
            reject("something behind the tree")

    def undecided(self, kink: int, branches: Branches) -> None:
        if kink not in self.local.kinks or kink in branches:
            reject("no kink, or one that is decided already")

    def by_slope(self, branches: Branches) -> None:
        kink = self.next()[0]
        if kink == -1:
            reject("a closed branch in a tree by slope")
        if kink == -2:
            self.at_leaf(Leaf(branches, {}))
            return
        self.undecided(kink, branches)
        self.by_slope(branches | {kink: True})
        self.by_slope(branches | {kink: False})

    def by_sign(self, leaf: Leaf, positive: list[Form]) -> None:
        """``positive``: the form of each branch on the path, primitive; the zero form where there was one subtree."""
        kink, *pairs = self.next()
        if kink == -1:
            closed(positive, pairs)
            return
        if kink == -2:
            self.at_leaf(leaf)
            return
        self.undecided(kink, leaf.branches)
        form = over_inputs(self.local, self.local.kinks[kink], leaf.values)
        for passes in (True, False) if form else (False,):
            shape: Form = {}
            if form:
                whole = primitive(form)[1]
                shape = as_form(whole if passes else negative(whole))
            below = Leaf(leaf.branches | {kink: passes}, leaf.values | {kink: form if passes else {}})
            self.by_sign(below, [*positive, shape])


def closed(positive: list[Form], pairs: list[int]) -> None:
    """A sum of positive forms that is zero."""
    places, multipliers = pairs[::2], pairs[1::2]
    if not pairs or any(multiplier <= 0 for multiplier in multipliers):
        reject("no forms, or a multiplier that is not positive")
    if any(not 0 <= place < len(positive) or not positive[place] for place in places):
        reject("no such branch on the path")
    if combination((positive[place], multiplier) for place, multiplier in zip(places, multipliers, strict=True)):
        reject("the sum is not zero")


def over_inputs(local: Local, form: Form, values: dict[int, Form]) -> Form:
    """The form with the values of the decided kinks put in; RejectedError if others are left."""
    total = combination(
        (values.get(variable - local.inputs, {variable: Fraction(1)}), factor) for variable, factor in form.items()
    )
    if any(variable >= local.inputs for variable in total):
        reject("it rests on an undecided kink")
    return total


def leaf_jacobian(local: Local, leaf: Leaf) -> Matrix:
    """The Jacobian at a leaf at which all outputs are decided."""
    rows = [over_inputs(local, output, leaf.values) for output in local.outputs]
    return [[row.get(j, Fraction(0)) for j in range(local.inputs)] for row in rows]


def check_by_sign(tree: list[list[int]], local: Local, at_leaf: Callable[[Leaf], None]) -> None:
    walk = Walk(tree, local, at_leaf)
    walk.by_sign(Leaf({}, {}), [])
    walk.finish()


def check_by_slope(tree: list[list[int]], local: Local, at_leaf: Callable[[Leaf], None]) -> None:
    walk = Walk(tree, local, at_leaf)
    walk.by_slope({})
    walk.finish()


def leaf_bound(local: Local, functional: Matrix, branches: Branches) -> Fraction:
    """What the functional cannot exceed: the lesser of two bounds over the inputs and the undecided kinks."""
    size = local.inputs
    written: dict[int, Form] = {}  # of each kink its value over inputs and undecided kinks

    def over_undecided(form: Form) -> Form:
        return combination((value_of(variable), factor) for variable, factor in form.items())

    def value_of(variable: int) -> Form:
        kink = variable - size
        if kink < 0 or branches.get(kink) is None:
            return {variable: Fraction(1)}
        if kink not in written:
            written[kink] = over_undecided(local.kinks[kink]) if branches[kink] else {}
        return written[kink]

    return sum(
        (
            output_bound(over_undecided(output), row, lambda kink: over_undecided(local.kinks[kink]))
            for output, row in zip(local.outputs, functional, strict=True)
        ),
        Fraction(0),
    )


def output_bound(output: Form, row: list[Fraction], preactivation: Callable[[int], Form]) -> Fraction:
    """The lesser of the bounds by intervals and by lines of one output in one direction."""
    size = len(row)
    ends: dict[int, tuple[Fraction, Fraction]] = {j: (entry, entry) for j, entry in enumerate(row)}

    def interval(form: Form) -> tuple[Fraction, Fraction]:
        scaled = [sorted(factor * end for end in interval_of(each)) for each, factor in form.items()]
        return sum((low for low, _ in scaled), Fraction(0)), sum((high for _, high in scaled), Fraction(0))

    def interval_of(variable: int) -> tuple[Fraction, Fraction]:
        if variable not in ends:
            low, high = interval(preactivation(variable - size))
            ends[variable] = min(low, Fraction(0)), max(high, Fraction(0))
        return ends[variable]

    highest = interval(output)[1]
    rest, constant = dict(output), Fraction(0)
    while (last := max(rest, default=0)) >= size:  # a kink rests on those with smaller numbers
        factor, (low, high) = rest.pop(last), ends[last]
        slope = Fraction((high * 2**20 / (high - low)).__floor__(), 2**20) if high > low else Fraction(0)
        constant += abs(factor) * (1 - slope) * high
        line = slope if factor > 0 else 1 - slope
        rest = combination([(rest, Fraction(1)), (preactivation(last - size), factor * line)])
    return min(highest, constant + sum((factor * row[j] for j, factor in rest.items()), Fraction(0)))
