"""What torch does at the kinks of a module, asked of the installed torch: one operation after the other.

The module's graph is run by torch, so that each operation with kinks is met with the numbers that it is given, and is
differentiated alone, by torch, at exactly these.  What is passed on to each argument are the *choices*; with them the
backward pass of the whole module is repeated exactly.  No table of conventions is trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from subgrad_hardness.auditing.pieces import Active, active
from subgrad_hardness.auditing.traced import Choices, Trace
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.models.tensors import ABSENT, Extremum
from subgrad_hardness.models.torch_module import Kinked, TorchProgram

#: So many different things that an operation did are told.
_MOST_SAID = 6


class Asked(NamedTuple):
    """``choices`` and the active ``pieces`` that torch saw, by node; ``said``: at kinks, by operation, what it did."""

    choices: Choices
    pieces: Mapping[int, Active]
    said: Mapping[str, str]


def asked_torch(module: TorchProgram, trace: Trace, limits: Limits = NO_LIMITS) -> Asked:
    """Ask torch about every operation with kinks.

    One forward pass of the module; a backward pass of each operation alone, of a pool or reduction one for each tie.
    Raises LimitReached.
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
        step = module.program.steps[steps[kinked.steps[0]]]
        units = [nodes.get(name, []) for name in kinked.steps]
        if not units[0]:  # dead code, of which the program has nothing
            continue
        if isinstance(step, Extremum) and len(tensors) == 1 and not _entrywise(kinked):
            found = _windows(kinked, tensors[0], step, trace, units[0], limits=limits)
        else:
            found = _entries(kinked, tensors, trace, units)
        for number, active_pieces, passed, words in found:
            pieces[number] = active_pieces
            choices[number] = passed
            if len(active_pieces) > 1 or len(trace.pieces[number]) > 1:
                said.setdefault(kinked.operation, {}).setdefault(words)
    return Asked(choices, pieces, {name: "; ".join(list(words)[:_MOST_SAID]) for name, words in said.items()})


def _nodes_of_steps(trace: Trace) -> dict[str, list[int]]:
    """The nodes that each step of the program became, in the order of its entries."""
    found: dict[str, list[int]] = {}
    for number, node in enumerate(trace.form.nodes):
        if node.row is None:
            found.setdefault(node.id.split("[")[0], []).append(number)
    return found


def _entrywise(kinked: Kinked) -> bool:
    """Whether the operation acts on each entry alone, with constants."""
    return kinked.operation.split(".")[0].split("(")[0] in {
        "clamp", "clip", "clamp_min", "clamp_max", "hardtanh", "relu6", "hardsigmoid", "maximum", "minimum", "fmax",
        "fmin", "where",
    } or kinked.operation in ("max.other", "min.other")  # fmt: skip


#: A node, the pieces that torch saw, what it passed on, and that in words.
Found = Iterator[tuple[int, Active, tuple[Fraction, ...], str]]


def _entries(kinked: Kinked, tensors: Sequence[Any], trace: Trace, units: Sequence[Sequence[int]]) -> Found:
    """An operation on each entry: all its partial derivatives come from one backward pass."""
    import torch

    shape = kinked.compute(*tensors).shape
    leaves = [tensor.detach().expand(shape).clone().requires_grad_() for tensor in tensors]
    made = torch.autograd.grad(kinked.compute(*leaves).sum(), leaves, allow_unused=True)
    flat = [
        [0.0] * leaf.numel() if grad is None else grad.double().reshape(-1).tolist()
        for leaf, grad in zip(leaves, made, strict=True)
    ]
    scale = 6 if kinked.operation == "hardsigmoid" else 1  # its clip is of x + 3, and is divided by 6
    given = [leaf.detach().double().reshape(-1).tolist() for leaf in leaves]
    for place in range(len(units[0])):
        passed = [_share(entries[place], scale) for entries in flat]
        seen = [entries[place] for entries in given]
        words = _words(passed, seen)
        if scale == 6:
            seen = [seen[0] + 3]
        for part, numbers in enumerate(units):
            number, node = numbers[place], trace.form.nodes[numbers[place]]
            if number not in trace.pieces:
                continue
            # Constants are exact; the bound above is read behind that below, which has the derivative already.
            read: list[float] = [float(trace.values[argument]) for argument in node.arguments]
            shares = [Fraction(0)] * len(read)
            for where, value, share in zip((0,) if part else kinked.places, seen, passed, strict=False):
                read[where], shares[where] = value, Fraction(1) if part else share
            yield number, active(node, read), tuple(shares), words
            seen = [max(read) if node.operation == "max" else min(read)]


def _words(passed: Sequence[Fraction], seen: Sequence[float]) -> str:
    """What was passed on, by an operation on each entry."""
    if len(passed) > 1:
        return f"ties: {', '.join(map(str, passed))}"
    return f"derivative {passed[0]} at {seen[0]:g}"


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
    kinked: Kinked, tensor: Any, step: Extremum, trace: Trace, numbers: Sequence[int], *, limits: Limits
) -> Found:
    """A pool or a reduction: a backward pass for each entry that ties, exactly or as torch sees it."""
    import torch

    leaf = tensor.detach().clone().requires_grad_()
    out = kinked.compute(leaf).reshape(-1)
    given = leaf.detach().double().reshape(-1).tolist()
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
        (grad,) = torch.autograd.grad(out[index], leaf, retain_graph=True)
        flat = grad.reshape(-1)
        passed = tuple([_even(float(flat[place]), len(pieces)) for place in places])
        yield number, pieces, passed, _shared([passed[piece] for piece in pieces])


def _even(value: float, ties: int) -> Fraction:
    """A share, which is rounded where torch splits among three, say: the rational that is meant."""
    nearest = Fraction(round(value * ties), ties)
    return nearest if abs(float(nearest) - value) <= abs(value) / 2**7 else Fraction(value)
