"""The local net with its sums multiplied out, as a local net again: fewer numbers, and tighter intervals."""

from __future__ import annotations

from subgrad_hardness.local.local_net import ZERO, Kink, LocalNet, Sum
from subgrad_hardness.normal_form.flatten import FlatNet

#: A net that grows by more than this when it is multiplied out stays as it is.
_GROWTH = 2


def multiplied(net: LocalNet, flat: FlatNet) -> LocalNet:
    """The same function with the same kinks and scales, whose sums read inputs and kinks alone; ``net`` itself where
    that would have many more coefficients."""
    before = sum(len(node.arguments) for node in net.nodes if isinstance(node, Sum))
    if sum(map(len, (*flat.kinks, *flat.outputs))) > _GROWTH * before + net.inputs:
        return net
    nodes: list[Sum | Kink] = []
    slots = list(range(net.inputs))  # of the inputs and kinks
    known: dict[int, int] = {}  # of forms, which kinks of one argument share

    def slot_of(form: dict[int, int]) -> int:
        if id(form) not in known:
            terms = form or {0: 0}
            nodes.append(Sum(tuple([slots[variable] for variable in terms]), tuple(terms.values())))
            known[id(form)] = net.inputs + len(nodes) - 1
        return known[id(form)]

    for form in flat.kinks:
        nodes.append(Kink(slot_of(form)))
        slots.append(net.inputs + len(nodes) - 1)
    outputs = tuple([slot_of(form) if form else ZERO for form in flat.outputs])
    return net._replace(nodes=tuple(nodes), outputs=outputs, kinks=tuple(slots[net.inputs :]))
