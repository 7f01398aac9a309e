"""One hidden layer of kinks: decided at once, however thin the cells and however many the kinks."""

from __future__ import annotations

from support import oracle, small_nets
from support.conformance import CASES, layers
from support.posed import pose

from subgrad_hardness import check
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.engine import single_layer
from subgrad_hardness.question.answer import Refutation, Undecided, Witness
from subgrad_hardness.question.session import Session


def test_small_nets() -> None:
    answered = {Witness: 0, Refutation: 0, Undecided: 0}
    nets = [(case.name, case.net, case.verdict) for case in CASES]
    nets += [(f"random {n}", net, small_nets.expected(n)) for n, net in enumerate(small_nets.nets())]
    for name, net, verdict in nets:
        posed = pose(name, net, verdict, 3)
        if not posed.question.net.kinks:
            continue
        answer = single_layer.start(posed.question, Session(posed.question.net))(Limits())
        answered[type(answer)] += 1
        if isinstance(answer, Witness):
            assert verdict == "distinct", name
            assert posed.question.holds(answer.direction)
        elif isinstance(answer, Refutation):
            assert verdict == "unique", name
    assert min(answered.values()) > 10


def test_sixty_kinks_in_ten_dimensions() -> None:
    """sum_k c_k relu(w_k d) with sum_k c_k w_k = 0 and c_k of both signs; then with every line cancelled."""
    stream = Stream(1, "one layer")
    rows = [list(stream.direction(10, 9)) for _ in range(60)]
    signs = [(1, -1)[k % 2] for k in range(60)]
    assert check(layers(rows, [signs])).verdict == "distinct"
    both = rows + [[-2 * entry for entry in row] for row in rows]
    cancelled = [2 * sign for sign in signs] + [-sign for sign in signs]
    result = check(layers(both, [cancelled]))
    assert (result.verdict, result.solver, result.certified) == ("unique", "normal form", True)
    cancelled[7] += 1
    posed = pose("nearly", layers(both, [cancelled]), "distinct", 3)
    answer = single_layer.start(posed.question, Session(posed.question.net))(Limits())
    assert isinstance(answer, Witness)
    assert posed.question.holds(answer.direction)


def test_the_other_kinks_are_stepped_over() -> None:
    """A second hyperplane at an angle of 10^-30: the segment is shorter than that."""
    net = layers([[1, 0], [1, "1e-30"], [-1, "-1e-30"]], [[1, 3, 3]])
    for direction in (3, 8, 15):
        posed = pose("near", net, "distinct", direction)
        answer = single_layer.start(posed.question, Session(posed.question.net))(Limits())
        assert isinstance(answer, Witness)
        g = posed.question.net.scaled(posed.element.rows)
        read = oracle.read(posed.net)
        assert oracle.derivative(read, answer.direction) != oracle.times(g, answer.direction)


def test_kinks_behind_kinks_are_others_business() -> None:
    posed = pose("median", next(case.net for case in CASES if case.name == "median"), "distinct", 3)
    answer = single_layer.start(posed.question, Session(posed.question.net))(Limits())
    assert isinstance(answer, Undecided)
    assert not answer.limited
