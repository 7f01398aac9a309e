"""What a framework does at the kinks of a program, asked of what is installed: one operation after the other.

The program is run by the framework, so that each operation with kinks is met with the numbers that it is given, and is
differentiated alone, by the framework, at exactly these.  What is passed on to each argument are the *choices*; with
them the backward pass of the whole program is repeated exactly.  No table of conventions is trusted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from subgrad_hardness.auditing.frameworks import Framework, Shares
from subgrad_hardness.auditing.pieces import Active, active
from subgrad_hardness.auditing.traced import Choices, Trace
from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.models.framework import FrameworkProgram, Kinked
from subgrad_hardness.models.tensors import ABSENT, Extremum
from subgrad_hardness.net.operations import OPERATIONS

#: So many different things that an operation did are told.
_MOST_SAID = 6


class Asked(NamedTuple):
    """``choices`` and active ``pieces`` as the framework had them, by node; ``said``: by operation, its kinks."""

    choices: Choices
    pieces: Mapping[int, Active]
    said: Mapping[str, str]


def asked(module: FrameworkProgram, trace: Trace, framework: Framework, limits: Limits = NO_LIMITS) -> Asked:
    """Ask the framework about every operation with kinks.

    One forward pass of the program; a derivative of each operation alone, of a pool or reduction one for each tie.
    Raises LimitReached; NetError where an operation is given what is not a number.
    """
    values = module.run()
    steps = {name: number for number, name in enumerate(module.program.names)}
    nodes = _nodes_of_steps(trace)
    choices: dict[int, tuple[Fraction, ...]] = {}
    pieces: dict[int, Active] = {}
    said: dict[str, dict[str, None]] = {}
    for kinked in module.kinked:
        limits.check()
        tensors = [values[name] for name in kinked.read]
        if any(math.isnan(entry) for tensor in tensors for entry in framework.entries(tensor)):
            why = f"{framework.name} computes what is not a number, and has no gradient to audit"
            raise NetError(why, file=framework.place, place=kinked.node)
        step = module.program.steps[steps[kinked.steps[0]]]
        units = [nodes.get(name, []) for name in kinked.steps]
        if not units[0]:  # dead code, of which the program has nothing
            continue
        if kinked.windows:
            assert isinstance(step, Extremum)
            rows = framework.rows(kinked.compute, tensors[0])
            found = _windows(rows, step, trace, units[0], limits)
        else:
            found = _entries(kinked, framework.partials(kinked.compute, tensors), trace, units)
        for number, active_pieces, passed, words in found:
            pieces[number] = active_pieces
            choices[number] = passed
            if len(active_pieces) > 1 or len(trace.pieces[number]) > 1:
                said.setdefault(kinked.operation, {}).setdefault(words)
    assert choices.keys() == trace.pieces.keys(), "a node with kinks that the framework was not asked about"
    return Asked(choices, pieces, {name: "; ".join(list(words)[:_MOST_SAID]) for name, words in said.items()})


def _nodes_of_steps(trace: Trace) -> dict[str, list[int]]:
    """The nodes that each step of the program became, in the order of its entries."""
    found: dict[str, list[int]] = {}
    for number, node in enumerate(trace.form.nodes):
        if node.operation in OPERATIONS and node.row is None:
            found.setdefault(node.id.split("[")[0].rstrip("'"), []).append(number)
    return found


#: A node, the pieces that the framework saw, what it passed on, and that in words.
Found = Iterator[tuple[int, Active, tuple[Fraction, ...], str]]


def _entries(
    kinked: Kinked,
    partials: Sequence[tuple[list[float], list[float]]],
    trace: Trace,
    units: Sequence[Sequence[int]],
) -> Found:
    """An operation on each entry: all its partial derivatives come together."""
    scale = 6 if kinked.operation == "hardsigmoid" else 1  # its clip is of x + 3, and is divided by 6
    for place in range(len(units[0])):
        passed = [_share(derivatives[place], scale) for _, derivatives in partials]
        seen: list[float | Fraction] = [entries[place] for entries, _ in partials]
        words = _words(passed, seen)
        if scale == 6:
            seen = [Fraction(seen[0]) + 3 if math.isfinite(seen[0]) else seen[0]]
        for part, numbers in enumerate(units):
            number, node = numbers[place], trace.form.nodes[numbers[place]]
            if number not in trace.pieces:
                continue
            # Constants are exact; the bound above is read behind that below, which has the derivative already.
            read: list[float | Fraction] = [trace.values[argument] for argument in node.arguments]
            shares = [Fraction(0)] * len(read)
            for where, value, share in zip((0,) if part else kinked.places, seen, passed, strict=False):
                read[where], shares[where] = value, Fraction(1) if part else share
            yield number, active(node, read), tuple(shares), words
            seen = [max(read) if node.operation == "max" else min(read)]


def _words(passed: Sequence[Fraction], seen: Sequence[float | Fraction]) -> str:
    """What was passed on, by an operation on each entry."""
    if len(passed) > 1:
        return f"ties: {', '.join(map(str, passed))}"
    return f"derivative {passed[0]} at {float(seen[0]):g}"


def _shared(shares: Sequence[Fraction]) -> str:
    """How a tie was shared."""
    rest = {"first": shares[1:], "last": shares[:-1]}
    for name, others in rest.items():
        if sum(shares) == 1 and not any(others):
            return f"ties: all to the {name}"
    return "ties: split evenly" if len(set(shares)) == 1 else f"ties: {', '.join(map(str, shares))}"


def _share(value: float, scale: int) -> Fraction:
    """The derivative as a rational; of a hardsigmoid, whose rounded sixths are meant as such, that of its clip."""
    return Fraction(value) if scale == 1 else Fraction(value * scale).limit_denominator(64)


def _windows(
    asking: tuple[list[float], Shares],
    step: Extremum,
    trace: Trace,
    numbers: Sequence[int],
    limits: Limits,
) -> Found:
    """A pool or a reduction: each entry that ties, exactly or as the framework sees it, is differentiated alone."""
    given, derivatives = asking
    rows = step.places.tolist()
    for index, (number, row) in enumerate(zip(numbers, rows, strict=True)):
        if number not in trace.pieces:
            continue
        places = [place for place in row if place != ABSENT]
        pieces = active(trace.form.nodes[number], [given[place] for place in places])
        if len(pieces) == 1 and len(trace.pieces[number]) == 1:
            yield number, pieces, tuple([Fraction(int(place == pieces[0])) for place in range(len(places))]), ""
            continue
        limits.check()
        passed = tuple([_even(share, len(pieces)) for share in derivatives(index, places)])
        yield number, pieces, passed, _shared([passed[piece] for piece in pieces])


def _even(value: float, ties: int) -> Fraction:
    """A share, which is rounded where a framework splits among three, say: the rational that is meant."""
    nearest = Fraction(round(value * ties), ties)
    return nearest if abs(float(nearest) - value) <= abs(value) / 2**7 else Fraction(value)
