"""Sorting as an entry: its n results are n steps of the same arguments, which share the comparisons.

Binary insertion: the i-th argument is put into the sorted list of those before it by ceil(lg i) comparisons, in the
worst case, which is counted.  Together S(n) = n ceil(lg n) - 2^ceil(lg n) + 1, the numbers of merge sort: 1, 3, 5, 8,
11, 14, 17 for n = 2, ..., 8.  An argument stays behind its equals (the sort is stable), so the result k of a tie
belongs to the k-th of the equal ones.

An insertion is a choice by outcomes of comparisons, and choices are free: so is the push, which inserts tangents where
values went, and the sweep back, which takes the insertions back from the last to the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from subgrad_hardness.cost_model.primitives import Value
from subgrad_hardness.cost_model.rules import Applied, Entry, Group, Value_
from subgrad_hardness.cost_model.writing import ZERO, Plain, Term


def comparisons(n: int) -> int:
    """S(n).

    >>> [comparisons(n) for n in range(2, 9)]
    [1, 3, 5, 8, 11, 14, 17]
    """
    return sum(i.bit_length() for i in range(1, n))


def sort_group(m: Plain, arguments: Sequence[Term]) -> Group:
    """The sorted values, from the smallest, and all outcomes."""
    results, outcomes = [arguments[0]], []
    for term in arguments[1:]:
        found: list[Term] = []
        for _ in range(len(results).bit_length()):
            found.append(m.sign(term, _pivot(m, found, results)))
        results = _inserted(m, found, results, term)
        outcomes += found
    return Group(tuple(results), tuple(outcomes))


def _middle(low: int, high: int) -> int:
    """The element that is compared with, where the place is one of low..high: what is less goes to low..middle."""
    return (low + high) // 2 if (high - low) % 2 else (low + high - 1) // 2


def _pivot(m: Plain, found: Sequence[Term], values: Sequence[Term]) -> Term:
    """The element for the next comparison; where the place is found already, the last one again."""

    def down(low: int, high: int, last: Term, level: int) -> Term:
        if low == high:
            return last
        middle = _middle(low, high)
        if level == len(found):
            return values[middle]
        left = down(low, middle, values[middle], level + 1)
        right = down(middle + 1, high, values[middle], level + 1)
        return left if left == right else m.pick(found[level], left, right, right)

    return down(0, len(values), values[0], 0)


def _chosen(m: Plain, found: Sequence[Term], high: int, value: Callable[[int, int], Term | None]) -> Term:
    """What ``value`` is for the place; it is asked for a range of places, and answers None if they differ."""

    def down(low: int, high: int, level: int) -> Term:
        known = value(low, high)
        if known is not None:
            return known
        middle = _middle(low, high)
        left, right = down(low, middle, level + 1), down(middle + 1, high, level + 1)
        return left if left == right else m.pick(found[level], left, right, right)

    return down(0, high, 0)


def _inserted(m: Plain, found: Sequence[Term], values: Sequence[Term], new: Term) -> list[Term]:
    """The list with ``new`` at the place that the outcomes say."""

    def at(index: int) -> Term:
        def value(low: int, high: int) -> Term | None:
            if low > index:
                return values[index]
            if high < index:
                return values[index - 1]
            return new if low == high else None

        return _chosen(m, found, len(values), value)

    return [at(index) for index in range(len(values) + 1)]


def _taken_out(m: Plain, found: Sequence[Term], values: Sequence[Term]) -> tuple[list[Term], Term]:
    """The list without what was inserted, and that: the transpose of ``_inserted``."""

    def at(index: int) -> Term:
        def value(low: int, high: int) -> Term | None:
            if low > index:
                return values[index]
            return values[index + 1] if high <= index else None

        return _chosen(m, found, len(values) - 1, value)

    def own(low: int, high: int) -> Term | None:
        return values[low] if low == high else None

    return [at(index) for index in range(len(values) - 1)], _chosen(m, found, len(values) - 1, own)


def route(m: Plain, kept: Sequence[Term], adjoints: Sequence[Term]) -> list[Term]:
    """The adjoints of the results as adjoints of the arguments."""
    ends = [sum(i.bit_length() for i in range(1, n)) for n in range(1, len(adjoints) + 1)]
    values, increments = list(adjoints), list[Term]()
    for size in range(len(adjoints), 1, -1):
        values, own = _taken_out(m, kept[ends[size - 2] : ends[size - 1]], values)
        increments.append(own)
    return [values[0], *reversed(increments)]


def _value(m: Plain, arguments: Sequence[Term], parameter: Value | None) -> Value_:
    group = sort_group(m, arguments)
    return group.results[_rank(parameter)], group.kept


def _rank(parameter: Value | None) -> int:
    assert parameter is not None
    return int(parameter)


def _pull(m: Plain, node: Applied, w: Term) -> Sequence[Term]:
    adjoints = [ZERO] * len(node.arguments)
    adjoints[_rank(node.parameter)] = w
    return route(m, node.kept, adjoints)


def _push(m: Plain, node: Applied, tangents: Sequence[Term]) -> Term:
    results, start = [tangents[0]], 0
    for tangent in tangents[1:]:
        end = start + len(results).bit_length()
        results = _inserted(m, node.kept[start:end], results, tangent)
        start = end
    return results[_rank(node.parameter)]


#: The parameter says which of the sorted values, counted from 0.
SORT = Entry(
    name="sort", arity=None, value=_value, pull=_pull, push=_push, parameter=Fraction(0), group=sort_group, route=route
)
