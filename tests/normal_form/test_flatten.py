"""The sums multiplied out: what the forms say is what the net computes, with passes of one target or of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subgrad_hardness.common.limits import LimitReached, Limits
from subgrad_hardness.local.local_net import ZERO, Kink, LocalNet, Sum
from subgrad_hardness.normal_form import flatten as rooms
from subgrad_hardness.normal_form.flatten import flatten
from subgrad_hardness.normal_form.linear_form import Form


@st.composite
def nets(draw: st.DrawFn) -> LocalNet:
    """Sums that many later ones read, few kinks, long coefficients; an output that is an input, a kink or nothing."""
    inputs = draw(st.integers(1, 3))
    nodes: list[Sum | Kink] = []
    coefficient = st.integers(-3, 3) | st.sampled_from((2**70, -(2**70), 127, 128, -128, 255))
    for size in range(inputs, inputs + draw(st.integers(1, 14))):
        slot = st.integers(0, size - 1)
        if draw(st.integers(0, 3)):
            arguments = draw(st.lists(slot, min_size=1, max_size=3))
            nodes.append(Sum(tuple(arguments), tuple([draw(coefficient) for _ in arguments])))
        else:
            nodes.append(Kink(draw(slot)))
    kinks = tuple([number for number, node in enumerate(nodes, start=inputs) if isinstance(node, Kink)])
    outputs = draw(st.lists(st.integers(ZERO, inputs + len(nodes) - 1), min_size=1, max_size=4))
    return LocalNet(inputs, tuple(nodes), tuple(outputs), (), kinks, tuple(range(len(kinks))))


def value(form: Form, values: list[int]) -> int:
    return sum(weight * values[variable] for variable, weight in form.items())


@settings(max_examples=60)
@given(nets(), st.lists(st.integers(-(2**80), 2**80), min_size=3, max_size=3), st.sampled_from([0, 3, 10**9]))
def test_the_forms_are_what_the_net_computes(net: LocalNet, direction: list[int], touched: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rooms, "_TOUCHED", touched)
        patch.setattr(rooms, "_AT_ONCE", 2)
        flat = flatten(net)
    slots = net.values(direction[: net.inputs])
    known = [*direction[: net.inputs], *[slots[kink] for kink in net.kinks]]
    node = dict(enumerate(net.nodes, start=net.inputs))
    for number, (kink, form) in enumerate(zip(net.kinks, flat.kinks, strict=True)):
        read = node[kink]
        assert isinstance(read, Kink)
        assert value(form, known[: net.inputs + number]) == slots[read.argument]
    assert tuple([value(form, known) for form in flat.outputs]) == net.output_values(direction[: net.inputs])
    assert all(weight for form in (*flat.kinks, *flat.outputs) for weight in form.values())


def shared_chain(length: int, kinks: int) -> LocalNet:
    """Kinks and an output that all rest on one long chain of sums."""
    nodes: list[Sum | Kink] = [Sum((0,), (2,)), *[Sum((slot, 0), (1, 1)) for slot in range(1, length)]]
    nodes += [Kink(length)] + [node for slot in range(length - kinks, length) for node in (Sum((slot, 0), (1, 2)),)]
    nodes += [Kink(slot) for slot in range(length + 2, length + 2 + kinks)]
    where = tuple([slot for slot, node in enumerate(nodes, start=1) if isinstance(node, Kink)])
    return LocalNet(1, tuple(nodes), (length,), (), where, tuple(range(len(where))))


def test_what_many_rest_on_is_not_walked_through_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[int] = []
    together = LocalNet.together

    def counted(net: LocalNet, slots: Sequence[int], slopes: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
        passes.append(len(slots))
        return together(net, slots, slopes)

    monkeypatch.setattr(LocalNet, "together", counted)
    flat = flatten(shared_chain(200, 60))
    assert passes == [32, 20]  # after a few one by one
    assert flat.kinks[0] == {0: 201}
    assert [form[0] for form in flat.kinks[1:]] == list(range(143, 203))
    passes.clear()
    flatten(shared_chain(200, 2))
    assert not passes


def test_small_parts_of_a_large_net_are_walked_through_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(net: LocalNet, slots: Sequence[int], slopes: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
        raise AssertionError("a pass over the whole net")

    monkeypatch.setattr(LocalNet, "together", never)
    nodes: list[Sum | Kink] = []
    for block in range(30):
        chain = range(30 + len(nodes), 50 + len(nodes))
        nodes += [Sum((block,), (2,)), *[Sum((slot,), (1,)) for slot in chain[:-1]], *map(Kink, chain)]
    kinks = tuple([slot for slot, node in enumerate(nodes, start=30) if isinstance(node, Kink)])
    flat = flatten(LocalNet(30, tuple(nodes), (-1,), (), kinks, tuple(range(len(kinks)))))
    assert list(flat.kinks[::20]) == [{block: 2} for block in range(30)]


def test_a_limit_stops_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    for touched in (0, 10**9):
        monkeypatch.setattr(rooms, "_TOUCHED", touched)
        with pytest.raises(LimitReached):
            flatten(shared_chain(5, 2), Limits.seconds(-1))
