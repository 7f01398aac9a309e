"""Why nodes of a program are at a kink, node by node as it is written, whether the kink matters or not."""

from __future__ import annotations

from collections import Counter

from subgrad_hardness.auditing.traced import Trace

#: A maximum or minimum of zeros; another tie; zero because all that it reads is; zero though what it reads is not; a
#: kink away from zero, as of hardtanh.
TIED_ZEROS, TIED, QUIET, CANCELLED, THRESHOLD = (
    "inactive units tie",
    "equal arguments tie",
    "reads zeros only",
    "terms cancel",
    "on a threshold",
)


def causes(trace: Trace) -> Counter[str]:
    """How many nodes are at a kink for which reason.  Linear in the arguments of these nodes."""
    return Counter(_cause(trace, number) for number in trace.kinks)


def places(trace: Trace) -> Counter[str]:
    """How many nodes are at a kink in which part of the net: their names up to the first bracket."""
    return Counter(part_of(trace.form.nodes[number].id) for number in trace.kinks)


def part_of(name: str) -> str:
    """The part of a net that a node's name tells: ``relu[3,1]`` is in ``relu``, ``layers[2][7]`` in ``layers[2]``."""
    if name.startswith("layers["):
        return name.split("]", maxsplit=1)[0] + "]"
    return name.split("[", maxsplit=1)[0]


def _cause(trace: Trace, number: int) -> str:
    node = trace.form.nodes[number]
    if node.operation in ("max", "min"):
        tied = [node.arguments[piece] for piece in trace.pieces[number]]
        return TIED if any(trace.values[argument] for argument in tied) else TIED_ZEROS
    (argument,) = node.arguments
    if trace.values[argument]:
        return THRESHOLD
    return QUIET if _is_quiet(trace, argument) else CANCELLED


def _is_quiet(trace: Trace, handle: int) -> bool:
    """Whether a value is zero because all that it reads is, its own constant included."""
    if handle < trace.inputs:
        return True
    node = trace.form.nodes[handle - trace.inputs]
    return not any(trace.values[argument] for argument in node.arguments)
