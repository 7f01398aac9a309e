"""Decision trees over kinks: what all Jacobians of a set have in common, case by case (SPEC 7).

In the Clarke and lexicographic sets a branch is the sign of the form that a kink reads.  A direction off the
hyperplanes of all these forms goes one way at each branch, so its Jacobian is that of a leaf; a branch whose forms have
a nonnegative, nonzero combination that vanishes is closed, for no direction goes there (Gordan).  A kink whose form is
zero where the tree has come to passes nothing on, whatever its slope.  In the autodiff set a branch is the choice of
the slope 1 or 0, as results are affine in each slope and so greatest at choices of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from subgrad_hardness.certificate.chords import most
from subgrad_hardness.certificate.localised import Localised
from subgrad_hardness.certificate.logic import Form, Rejected, add, primitive
from subgrad_hardness.net.json_text import Reader, show_int
from subgrad_hardness.net.rational import common_denominator

#: In preorder: (n,) branches on relu n, (CLOSED, place, multiplier, ...) ends an empty branch, (LEAF,) any other one.
Tree = tuple[tuple[int, ...], ...]
CLOSED, LEAF = -1, -2


def read_tree(reader: Reader, value: Any, place: str) -> Tree:
    """A tree of a certificate file; complaints go through ``reader``."""
    steps = []
    for index, entry in enumerate(reader.sequence(value, place, "a list of steps")):
        where = f"{place}[{index}]"
        step = reader.sequence(entry, where, "a list of integers")
        for position, number in enumerate(step):
            reader.integer(number, f"{where}[{position}]")
        if not step or step[0] < LEAF or (len(step) % 2 == 0 if step[0] == CLOSED else len(step) != 1):
            reader.fail(where, "neither [relu], nor [-1, place, multiplier, ...], nor [-2]")
        steps.append(tuple(step))
    return tuple(steps)


def leaves(
    localised: Localised, relus: Sequence[int], tree: Tree, *, by_sign: bool
) -> Iterator[tuple[str, Mapping[int, bool]]]:
    """Of each leaf its place, and which relus pass there; those without an entry are undecided.

    ``relus`` are the nodes by their numbers; ``by_sign`` says what a branch is: a sign (True), a slope (False).
    Raises Rejected for a tree that is none, or whose closed branches are not shown to be empty.  A backward pass a
    branch by sign.
    """
    passing = dict(localised.fixed)
    path: list[tuple[int, Form]] = []  # the node of each branch, and the primitive form that is positive there
    other: list[int] = []  # lengths of the path at branches whose second side is to come
    for number, step in enumerate(tree):
        place = f"tree[{number}]"
        if number and not other and not path:
            raise Rejected(f"{place} stands behind the end of the tree")
        if step[0] >= 0:
            node = _branched(localised, relus, step[0], passing, place)
            form = dict(primitive(_form(localised, localised.kinks[node], passing, place))) if by_sign else {}
            path.append((node, form))
            passing[node] = bool(form) or not by_sign
            if passing[node]:
                other.append(len(path))
            continue
        if step[0] == CLOSED:
            _require_empty([form for _, form in path], step, place)
        else:
            yield place, passing
        length = other.pop() if other else 0
        for node, _ in path[length:]:
            del passing[node]
        del path[length:]
        if length:
            node, form = path[-1]
            passing[node] = False
            path[-1] = node, {variable: -entry for variable, entry in form.items()}
    if path or not tree:
        raise Rejected("tree ends before all its branches do")


def _branched(localised: Localised, relus: Sequence[int], number: int, passing: Mapping[int, bool], place: str) -> int:
    if number >= len(relus) or relus[number] not in localised.kinks:
        raise Rejected(f"{place}: relu {show_int(number)} is no kink at the point")
    if relus[number] in passing:
        raise Rejected(f"{place}: kink {number} is decided already")
    return relus[number]


def _form(localised: Localised, target: int, passing: Mapping[int, bool], place: str) -> Form:
    """What a node is where the tree has come to: a form over the inputs."""
    form = localised.gradient(target, passing)
    if any(variable >= localised.size for variable in form):
        raise Rejected(f"{place} rests on a kink that is not decided yet")
    return form


def _require_empty(forms: Sequence[Form], step: tuple[int, ...], place: str) -> None:
    """Positive multiples of some of the forms, all of which are positive there, add up to zero."""
    total: Form = {}
    for which, multiplier in zip(step[1::2], step[2::2], strict=True):
        if not 0 <= which < len(forms) or not forms[which]:
            raise Rejected(f"{place} names branch {show_int(which)}, which has no sign here")
        if multiplier <= 0:
            raise Rejected(f"{place} has a multiplier that is not positive")
        add(total, forms[which].items(), multiplier)
    if total or len(step) < 3:
        raise Rejected(f"{place} does not sum to zero")


def jacobian(localised: Localised, outputs: Sequence[int], passing: Mapping[int, Any], place: str) -> list[Form]:
    """The rows of the outputs under these slopes, each times the scale of its output (``localised.scales``).

    Raises Rejected where they rest on an undecided kink.  A backward pass an output.
    """
    return [_form(localised, output, passing, place) for output in outputs]


def greatest(localised: Localised, node: int, direction: Sequence[Fraction], passing: Mapping[int, bool]) -> Fraction:
    """A bound on the derivative of a node in a direction, whatever slope in [0, 1] each undecided kink has.

    By intervals and by lines (``chords``).  Exact where no kink is undecided.  A backward pass for each kink that the
    node rests on and that rests on kinks itself.
    """
    whole = localised.gradient(node, passing)
    forms: dict[int, Form] = {}  # of the undecided kinks
    stack = [whole]
    while stack:
        for variable in stack.pop():
            if variable >= localised.size and variable not in forms:
                read = localised.kinks[variable]
                forms[variable] = localised.straight.get(read) or localised.gradient(read, passing)
                if not localised.ways[1][read]:
                    localised.straight[read] = forms[variable]
                stack.append(forms[variable])
    ahead, times = common_denominator(direction)
    inputs = {index: (entry, entry) for index, entry in enumerate(ahead)}
    return most(whole, forms, inputs) / times / localised.scales[node]
