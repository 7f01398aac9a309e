"""Kinks that no direction has moved: are their rows zero?  All of them in a few backward passes.

Statement.  Let some kinks of a local net have a branch, the others (the *ties*) none, and let r_k be the row of tie
k's preactivation in the inputs while all ties are blocked.  If every r_k is zero, every tie is identically zero under
the branches of the others.  Else the first tie with r_k != 0 has this row whatever becomes of the later ones, and
those before it are identically zero.
Proof.  In topological order: the row of a tie depends on earlier kinks alone, and an earlier tie that is identically
zero passes nothing, whether it is blocked or not.

One backward pass of integers finds it out.  Let s_k be the value that the net of absolute coefficients gives to the
preactivation of tie k at (1, ..., 1), so that every entry of r_k is at most s_k in size.  Take b_k with s_k < 2^(b_k),
and offsets o_k = b_1 + ... + b_(k-1).  The pass that starts with 2^(o_k) at the preactivation of tie k, for all k at
once, gives R = sum of 2^(o_k) r_k.  If r_k is the first row that is not zero, R = 2^(o_k) (r_k + a multiple of
2^(b_k)), and no entry of r_k but 0 is a multiple of 2^(b_k).  So R is zero iff every r_k is, and the lowest bit that
is set in an entry of R lies in the place of the first r_k that is not zero.
Source: the packing of several small integers into one (Kronecker substitution), here in reverse mode.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import mul
from typing import NamedTuple

from subgrad_hardness.local.local_net import Kink, LocalNet

#: The most bits that one pass packs: with more, products of long numbers would cost more than another pass does.
_MOST_BITS = 1 << 12


class _Place(NamedTuple):
    """Where one pass has the row of a tie: the kink's number, the slot of its preactivation, the offset o_k in bits."""

    kink: int
    slot: int
    offset: int


def first_moving_tie(net: LocalNet, branches: Sequence[bool | None]) -> tuple[int, list[int]] | None:
    """The first tie that is not identically zero, and its row in the inputs; None where all of them are.

    Parameters
    ----------
    branches : for each kink True (it passes), False (it is blocked), or None: a tie.

    Notes
    -----
    A forward pass for the bounds and a backward pass for each 2^12 bits of them; one more for the row.
    """
    slopes = [bool(branch) for branch in branches]
    for places in _passes(net, branches):
        row = net.combined_row({place.slot: 1 << place.offset for place in places}, slopes)
        if any(row):
            lowest = min((entry & -entry).bit_length() - 1 for entry in row if entry)
            place = places[bisect_right(places, lowest, key=lambda place: place.offset) - 1]
            return place.kink, net.gradient_row(place.slot, slopes)
    return None


def _passes(net: LocalNet, branches: Sequence[bool | None]) -> Iterator[list[_Place]]:
    """The ties in their order, as many in one pass as have room; without those that no input reaches."""
    sizes = _sizes(net, branches)
    places: list[_Place] = []
    offset, placed = 0, set[int]()
    for kink, (position, branch) in enumerate(zip(net.kinks, branches, strict=True)):
        if branch is not None:
            continue
        node = net.nodes[position - net.inputs]
        assert isinstance(node, Kink)
        slot = node.argument
        if not sizes[slot] or slot in placed:  # kinks of one preactivation have one row
            continue
        if offset > _MOST_BITS:
            yield places
            places, offset = [], 0
        places.append(_Place(kink, slot, offset))
        placed.add(slot)
        offset += sizes[slot].bit_length()
    if places:
        yield places


def _sizes(net: LocalNet, branches: Sequence[bool | None]) -> list[int]:
    """The bound s of every slot: its value at (1, ..., 1) in the net of absolute coefficients, all ties blocked."""
    sizes = [1] * net.inputs
    branch = iter(branches)
    for node in net.nodes:
        if isinstance(node, Kink):
            sizes.append(sizes[node.argument] if next(branch) else 0)
        else:
            sizes.append(sum(map(mul, map(abs, node.coefficients), map(sizes.__getitem__, node.arguments))))
    return sizes
