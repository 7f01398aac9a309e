"""The local net with its sums multiplied out: every kink's row over inputs and earlier kinks."""

from __future__ import annotations

import heapq
from typing import NamedTuple

from subgrad_hardness.common.limits import Limits
from subgrad_hardness.local.local_net import Kink, LocalNet, Sum
from subgrad_hardness.normal_form.linear_form import Form

# A sum, which is no variable.
_NONE = -1


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
    """Multiply the sums out by one sparse backward pass a kink and an output.

    A pass touches what lies between its node and the nearest kinks.  Raises LimitReached.
    """
    variables = [*range(net.inputs), *[_NONE] * len(net.nodes)]  # of each slot
    for number, slot in enumerate(net.kinks, start=net.inputs):
        variables[slot] = number

    def form(slot: int) -> Form:
        if limits is not None:
            limits.check()
        if slot < 0:
            return {}
        if variables[slot] != _NONE:
            return {variables[slot]: 1}
        result: Form = {}
        sums: Form = {}  # still to be multiplied out, the last one first
        heap: list[int] = []
        index, weight = slot, 1
        while True:
            node = net.nodes[index - net.inputs]
            assert isinstance(node, Sum)  # kinks are variables
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
        return result

    # Kinks of one argument share one form: in a small graph many kinks may have the same long one.
    forms: dict[int, Form] = {}
    for node in net.nodes:
        if isinstance(node, Kink) and node.argument not in forms:
            forms[node.argument] = form(node.argument)
    kinks = tuple(forms[node.argument] for node in net.nodes if isinstance(node, Kink))
    return FlatNet(net.inputs, kinks, tuple(form(output) for output in net.outputs))
