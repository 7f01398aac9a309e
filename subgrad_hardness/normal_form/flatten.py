"""The local net with its sums multiplied out: every kink's row over inputs and earlier kinks."""

from __future__ import annotations

import heapq
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import ZERO, Kink, LocalNet, Sum
from subgrad_hardness.normal_form.linear_form import Form

# A sum, which is no variable.
_NONE = -1

# Passes for one target each may touch so many times the nodes of the net, then the rest is done in passes of so many
# targets, which look at all nodes; a pass that touches less than a part of the nodes does not count, for it is cheaper.
_TOUCHED, _AT_ONCE, _PART = 3, 32, 8


class FlatNet(NamedTuple):
    """Kink k is relu of ``kinks[k]``, a form over the inputs and the kinks before k.

    Kinks with the same argument hold the same form, one object; nobody changes it.
    ``outputs`` are forms too (before the local net's scales).  These coefficients are the *gains*
    of [B22]: they sum exactly all paths that run through fixed units only.
    """

    inputs: int
    kinks: tuple[Form, ...]
    outputs: tuple[Form, ...]


def flatten(net: LocalNet, limits: Limits | None = None) -> FlatNet:
    """Multiply the sums out by sparse backward passes, one a kink and an output.

    A pass touches what lies between its node and the nearest kinks.  Where these parts overlap much, as in a large
    graph with few kinks, many targets share a pass.  Raises LimitReached.
    """
    limits = limits or Limits()
    # Kinks of one argument share one form: in a small graph many kinks may have the same long one.
    reads = [node.argument for node in net.nodes if isinstance(node, Kink)]
    targets = list(dict.fromkeys((*reads, *net.outputs)))
    variables = [*range(net.inputs), *[_NONE] * len(net.nodes)]  # of each slot
    for number, slot in enumerate(net.kinks, start=net.inputs):
        variables[slot] = number
    forms: dict[int, Form] = {}
    left = _TOUCHED * len(net.nodes)
    while len(forms) < len(targets) and left >= 0:
        limits.check()
        target = targets[len(forms)]
        forms[target], touched = _multiplied_out(net, target, variables)
        left -= max(touched - len(net.nodes) // _PART, 0)
    for start in range(len(forms), len(targets), _AT_ONCE):
        limits.check()
        group = targets[start : start + _AT_ONCE]
        columns = net.together(group, {})
        for place, target in enumerate(group):
            forms[target] = {variables[slot]: column[place] for slot, column in columns.items() if column[place]}
    return FlatNet(net.inputs, tuple([forms[slot] for slot in reads]), tuple([dict(forms[o]) for o in net.outputs]))


def _multiplied_out(net: LocalNet, target: int, variables: list[int]) -> tuple[Form, int]:
    """The form of one slot, and how many nodes were touched."""
    if target == ZERO:
        return {}, 0
    if variables[target] != _NONE:
        return {variables[target]: 1}, 0
    result: Form = {}
    sums: Form = {}  # still to be multiplied out, the last one first
    heap: list[int] = []
    index, weight, touched = target, 1, 0
    while True:
        node = net.nodes[index - net.inputs]
        assert isinstance(node, Sum)  # kinks are variables
        touched += 1
        for argument, coefficient in zip(node.arguments, node.coefficients, strict=True):
            variable = variables[argument]
            if variable != _NONE:
                result[variable] = result.get(variable, 0) + weight * coefficient
            elif argument in sums:
                sums[argument] += weight * coefficient
            else:
                sums[argument] = weight * coefficient
                heapq.heappush(heap, -argument)
        if not heap:
            break
        index = -heapq.heappop(heap)
        weight = sums.pop(index)
    if 0 in result.values():
        result = {variable: weight for variable, weight in result.items() if weight}
    return result, touched
