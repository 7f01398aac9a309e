"""Restrictions of an arrangement to flats, many at once.

A flat is an intersection of hyperplanes of the arrangement, of dimension q, with coordinates of its own.  Each form is
kept there as a primitive multiple, by a positive factor, of what it is on the flat; a form that vanishes on the flat is
0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.linear.chambers.signs import Floats, Indices, Integers, Signs, fits, largest, wrapped

Bools = NDArray[np.bool_]
Words = NDArray[np.uint64]

# Squares of entries below this, twice, fit into 64 bits.
_ROOM = 2**30
# Odd, so that no entry's bits are lost; anything will do, as what they find alike is compared.
_MULTIPLIERS = np.random.default_rng(1).integers(2**62, size=64) * 2 + 1


class Flats(NamedTuple):
    """B flats of one dimension q, in a space of p dimensions with n forms.

    ``rows`` (B, n, q) are the forms, ``prefix`` (B,) says that only the first so many of them count, ``bases`` (B, p,
    q) are vectors, in the columns, that span the flat, rounded, each flat's up to one positive factor.
    """

    rows: Integers
    prefix: Indices
    bases: Floats

    @property
    def present(self) -> Bools:
        """(B, n): whether the form does not vanish on the flat."""
        found: Bools = (self.rows != 0).any(axis=2)
        return found

    def heads(self) -> Signs:
        """(B, n): the sign of each form's first entry that is not 0."""
        signs = np.zeros(self.rows.shape[:2], dtype=np.int8)
        for column in range(self.rows.shape[2] - 1, -1, -1):
            entries = self.rows[:, :, column]
            signs = np.where(entries != 0, np.sign(entries).astype(np.int8), signs)
        return signs


class Children(NamedTuple):
    """The restrictions of some flats to one of their hyperplanes each.

    ``parents`` (C,) are the flats' numbers.  Of the forms that vanish on the child but not on the parent, ``vanishing``
    (C, W) are the bits, and ``agreeing`` the bits of those that are positive on the side of ``pushes`` (C, p), a vector
    of the parent, rounded, on which the hyperplane's own form is positive.
    """

    flats: Flats
    parents: Indices
    vanishing: Words
    agreeing: Words
    pushes: Floats


class Found(NamedTuple):
    """Representatives of cells of some flats.

    ``owners`` (N,) are the flats' numbers, ``words`` (N, W) the bits of the forms that are positive, of all n,
    ``ladders`` (N, q, p) a vector in the closure of the cell, one by which to leave it, and so on, rounded.
    """

    owners: Indices
    words: Words
    ladders: Floats | None

    def part(self, start: int, stop: int) -> Found:
        """Some of them."""
        each = slice(start, stop)
        return Found(self.owners[each], self.words[each], None if self.ladders is None else self.ladders[each])

    def signs(self, count: int) -> Signs:
        """(N, n): 1 where the form is positive, else -1."""
        bits = np.unpackbits(self.words.astype(">u8").view(np.uint8), axis=1)[:, :count]
        return (2 * bits.astype(np.int8) - 1).astype(np.int8)


def packed(signs: Bools) -> Words:
    """(N, n) as (N, W) words of 64 bits, form 0 the highest bit of the first word: words compare as prefixes do."""
    count = signs.shape[1]
    size = -(-count // 64)
    if count % 64:
        signs = np.concatenate([signs, np.zeros((len(signs), 64 * size - count), dtype=np.bool_)], axis=1)
    words: Words = np.packbits(signs, axis=1).view(">u8").astype(np.uint64)
    return words


def leading(flats: Flats) -> Bools:
    """(B, n): the forms below each flat's prefix that are not 0 there, and no multiple of an earlier one.

    Primitive forms are multiples of one another iff they are equal up to sign.
    """
    rows, present = flats.rows, flats.present
    alike = rows * flats.heads()[:, :, np.newaxis]
    keys = (wrapped(alike) * _MULTIPLIERS[: rows.shape[2]]).sum(axis=2)
    order = np.argsort(keys, axis=1, kind="stable")
    ordered = np.take_along_axis(keys, order, axis=1)
    flat, place = np.nonzero(ordered[:, 1:] == ordered[:, :-1])
    before, after = order[flat, place], order[flat, place + 1]
    first = present.copy()
    first[flat, after] = False
    wrong = (alike[flat, before] != alike[flat, after]).any(axis=1)
    for number in sorted(set(flat[wrong].tolist())):  # a coincidence of keys
        seen: set[tuple[int, ...]] = {(0,) * rows.shape[2]}
        for form, row in enumerate(alike[number].tolist()):
            first[number, form] = tuple(row) not in seen
            seen.add(tuple(row))
    first &= np.arange(rows.shape[1]) < flats.prefix[:, np.newaxis]
    return first


def restrict(flats: Flats, parents: Indices, forms: Indices, primitive: bool = True) -> Children:
    """Restrict flat ``parents[c]`` to the hyperplane of form ``forms[c]``; the first ``forms[c]`` forms count there.

    If they need not be primitive there, time is saved, and numbers are longer.

    Notes
    -----
    Some passes over C n q numbers.
    """
    rows, count = flats.rows[parents], np.arange(len(parents))
    if rows.dtype != object and largest(rows) >= _ROOM:
        rows = rows.astype(object)
    own = rows[count, forms]
    pivot = np.argmax(np.abs(own), axis=1)
    size = rows.shape[2]
    others = np.arange(size - 1) + (np.arange(size - 1) >= pivot[:, np.newaxis])
    head = own[count, pivot]
    sign = np.sign(head)
    kept = np.take_along_axis(rows, others[:, np.newaxis, :], axis=2)
    along = rows[count, :, pivot] * sign[:, np.newaxis]
    rest = np.take_along_axis(own, others, axis=1)
    kept = kept * np.abs(head)[:, np.newaxis, np.newaxis] - along[:, :, np.newaxis] * rest[:, np.newaxis, :]
    bases = flats.bases[parents]
    ratios = (rest / head[:, np.newaxis]).astype(np.float64)
    lifted = bases[count, :, pivot]
    spans = (
        np.take_along_axis(bases, others[:, np.newaxis, :], axis=2)
        - lifted[:, :, np.newaxis] * ratios[:, np.newaxis, :]
    )
    child = Flats(_reduced(kept) if primitive else fits(kept), forms, spans)
    gone = flats.present[parents] & ~child.present
    heads = flats.heads()[parents]
    agreeing = gone & (heads == heads[count, forms][:, np.newaxis])
    pushes = lifted * sign.astype(np.float64)[:, np.newaxis]
    return Children(child, parents, packed(gone), packed(agreeing), pushes)


def _reduced(rows: Integers) -> Integers:
    """Each row divided by the greatest common divisor of its entries."""
    divisors = np.gcd.reduce(rows, axis=2)
    divisors = np.where(divisors == 0, 1, divisors)
    return fits(rows // divisors[:, :, np.newaxis])
