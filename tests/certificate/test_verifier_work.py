"""Small files ask for little work: what the verifier does grows with what it reads, not with its square.

Sizes are multiplied by 8 (for time; quadratic work takes 64 times as long) or 4 (for memory), and the growth has to
stay under half way in between.  Times are those of this process alone, the best of three.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from subgrad_hardness import verify
from subgrad_hardness.certificate.format import Certificate, load_certificate
from subgrad_hardness.certificate.logic import Logic, Rejected, key_of
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import load

Asked = tuple[Program, Certificate]
#: Python's hash of an integer is its remainder by this number.
HASH = 2**61 - 1


def unique(net: dict[str, Any], **keys: Any) -> Asked:
    """An argument about ``net`` that has these steps only."""
    program = load(net)
    empty: dict[str, Any] = {"kinks": [], "signs": [], "half": None, "forms": [], "rules": [], "lemmas": []}
    claim = {
        "format": "subgrad_hardness certificate",
        "version": 1,
        "kind": "unique",
        "digest": program.digest,
        "directions": [{"leading": [], "complete": list(range(program.input_count))}],
        **empty,
        "derivation": [],
        **keys,
    }
    certificate = load_certificate(claim)
    assert isinstance(certificate, Certificate)
    return program, certificate


def zero(rows: int = 1, inputs: int = 2, activation: str = "identity") -> dict[str, Any]:
    """A net of zeros."""
    weight = {"shape": [rows, inputs], "entries": []}
    return {"inputs": inputs, "layers": [{"weight": weight, "activation": activation}]}


def run(asked: Asked) -> None:
    try:
        verify_certificate(*asked)
    except Rejected as reason:
        assert str(reason)


def zero_outputs(size: int) -> Asked:
    return unique(zero(size))


def zero_inputs_and_outputs(size: int) -> Asked:
    return unique(zero(size, size))


def zero_relus(size: int) -> Asked:
    return unique(zero(size, activation="relu"))


def one_output_many_times(size: int) -> Asked:
    names = [f"x{number}" for number in range(size)]
    return unique({"inputs": size, "nodes": [{"id": "z", "op": "affine", "args": names}], "outputs": ["z"] * size})


def one_output_twice_told(size: int) -> Asked:
    program, claim = one_output_many_times(size)
    matrix = claim.directions[0]
    return program, claim._replace(kind="distinct", directions=(matrix, matrix), argument=None)


def relus_of_one_opposite_row(size: int) -> Asked:
    """One long sum, and as many relus of its negative."""
    names, relus = [f"x{number}" for number in range(size)], [f"t{number:06}" for number in range(size)]
    nodes: list[dict[str, Any]] = [
        {"id": "s", "op": "affine", "args": names},
        {"id": "r", "op": "relu", "args": ["s"]},
        {"id": "m", "op": "affine", "args": ["s"], "coefficients": [-1]},
        *({"id": name, "op": "relu", "args": ["m"]} for name in relus),
        {"id": "z", "op": "affine", "args": relus, "coefficients": [(-1) ** number for number in range(size)]},
    ]
    return unique({"inputs": size, "nodes": nodes, "outputs": ["z"]}, kinks=list(range(size + 1)))


def relus_of_equal_rows(size: int) -> Asked:
    """The same in layers, where every relu has a row of its own; their values are kept, not their rows."""
    entries = [[row, 0, -1 if row else 1] for row in range(size + 1)]
    layers = [
        {"weight": {"shape": [1, size], "entries": [[0, column, 1] for column in range(size)]}},
        {"weight": {"shape": [size + 1, 1], "entries": entries}, "activation": "relu"},
        {"weight": {"shape": [1, size + 1], "entries": [[0, 1, 1], [0, 2, -1]]}},
    ]
    return unique({"inputs": size, "layers": layers}, kinks=list(range(size + 1)))


def positive_values(size: int) -> Asked:
    """Relus of a - w, which a sign step shows to be itself, w long."""
    names, relus = [f"x{number}" for number in range(size)], [f"t{number:06}" for number in range(size)]
    nodes: list[dict[str, Any]] = [
        {"id": "s", "op": "affine", "args": names},
        {"id": "r", "op": "relu", "args": ["s"]},
        {"id": "m", "op": "affine", "args": ["r", "s"], "coefficients": [1, -1]},
        *({"id": name, "op": "relu", "args": ["m"]} for name in relus),
        {"id": "z", "op": "affine", "args": relus[:2], "coefficients": [1, -1]},
    ]
    signs = [{"kink": number + 1, "sign": 1, "generators": [0, 1, 1]} for number in range(size)]
    net = {"inputs": size, "nodes": nodes, "outputs": ["z"]}
    return unique(net, kinks=list(range(size + 1)), signs=signs)


def forms_of_one_hash(size: int) -> Asked:
    return unique(zero(), forms=[[0, 1, 1, 1 + number * HASH] for number in range(size)])


def variables_of_one_hash(size: int) -> Asked:
    return unique(zero(), forms=[[part for number in range(size) for part in (number * HASH, 1)]])


def signs_of_one_hash(size: int) -> Asked:
    return unique(zero(), signs=[{"kink": (number + 1) * HASH, "sign": 1, "generators": []} for number in range(size)])


def atoms_of_one_hash(size: int) -> Asked:
    rows = [[1, 1 + number * HASH] for number in range(size)]
    last = {"shape": [1, size], "entries": []}
    layers = [{"weight": rows, "activation": "relu"}, {"weight": last}]
    return unique({"inputs": 2, "layers": layers}, kinks=list(range(size)))


def repeated_hints(size: int) -> Asked:
    """One clause of many literals, named again and again."""
    literals = list(range(1, size + 1))
    lemma = {"clause": [1, -1, *literals[1:]], "multipliers": [1, 1, *[0] * (size - 1)], "generators": []}
    forms = [[0, 1, 1, number] for number in literals]
    return unique(zero(), forms=forms, lemmas=[lemma], derivation=[[*literals, 0, *[2] * size]])


def repeated_generators(size: int) -> Asked:
    """One atom with a long form, named again and again, in a lemma and in a sign step."""
    weight = [[1] * size, [-1] * size]
    layers = [{"weight": weight, "activation": "relu"}, {"weight": [[0, 0]]}]
    generators = [0, 1, 1] * size
    lemma = {"clause": [], "multipliers": [], "generators": generators}
    return unique({"inputs": size, "layers": layers}, kinks=[0, 1], lemmas=[lemma])


def repeated_literals(size: int) -> Asked:
    """One long literal, named again and again in a lemma."""
    form = [part for number in range(size) for part in (number, 1)]
    lemma = {"clause": [1] * size, "multipliers": [1] * size, "generators": []}
    return unique(zero(1, size), forms=[form], lemmas=[lemma])


def many_thresholds(size: int) -> Asked:
    """Each under the one before it."""
    entries = [{"form": [-number, 1, 0, 1], "part": [-number, 2]} for number in range(1, size)]
    return unique(zero(), thresholds=[{"form": [0, 1], "part": []}, *entries])


def a_long_threshold(size: int) -> Asked:
    """One entry over many thresholds, inputs and atoms."""
    form = [part for number in range(-size, 2 * size) for part in (number, 2 * number + 1)]
    weight = {"shape": [size, size], "entries": [[row, row, 1] for row in range(size)]}
    layers = [{"weight": weight, "activation": "relu"}, {"weight": {"shape": [1, size], "entries": []}}]
    entries = [{"form": [0, 1], "part": []}] * size
    net = {"inputs": size, "layers": layers}
    return unique(net, kinks=list(range(size)), thresholds=[*entries, {"form": form, "part": form}])


def thresholds_of_one_hash(size: int) -> Asked:
    entries = [{"form": [0, 1, 1, 1 + number * HASH], "part": [1, 1 + number * HASH]} for number in range(size)]
    return unique(zero(), thresholds=entries)


def threshold_variables_of_one_hash(size: int) -> Asked:
    form = [part for number in range(size) for part in (-number * HASH, 1)]
    return unique(zero(), thresholds=[{"form": form, "part": form}])


def seconds(asked: Asked) -> float:
    times = []
    for _ in range(3):
        asked[0].__dict__.pop("lowered", None)
        start = time.process_time()
        run(asked)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (zero_outputs, 1000),
        (zero_inputs_and_outputs, 1000),
        (zero_relus, 500),
        (one_output_many_times, 1000),
        (one_output_twice_told, 1000),
        (relus_of_one_opposite_row, 200),
        (forms_of_one_hash, 500),
        (variables_of_one_hash, 1000),
        (signs_of_one_hash, 1000),
        (atoms_of_one_hash, 250),
        (repeated_hints, 500),
        (repeated_generators, 500),
        (repeated_literals, 500),
        (many_thresholds, 500),
        (a_long_threshold, 300),
        (thresholds_of_one_hash, 250),
        (threshold_variables_of_one_hash, 1000),
    ],
)
def test_time_is_linear(make: Callable[[int], Asked], size: int) -> None:
    small, large = make(size), make(8 * size)
    assert seconds(large) < 28 * max(seconds(small), 0.001)


def peak(call: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (relus_of_one_opposite_row, 150),
        (relus_of_equal_rows, 100),
        (positive_values, 100),
        (one_output_twice_told, 500),
        (many_thresholds, 500),
    ],
)
def test_memory_is_linear(make: Callable[[int], Asked], size: int) -> None:
    small, large = make(size), make(4 * size)
    assert peak(lambda: run(large)) < 9 * peak(lambda: run(small))


def test_rules_on_a_long_form_take_what_their_forms_take() -> None:
    """A rule writes two forms out, each as long as its literal's; an entry of a form takes 10 bytes."""
    size = 400
    weight = {"shape": [size, size], "entries": [[row, row, 1] for row in range(size)]}
    layers = [{"weight": weight, "activation": "relu"}, {"weight": {"shape": [1, size], "entries": []}}]
    form = [part for variable in range(2 * size) for part in (variable, 1)]
    rules = [[1, atom] for atom in range(size)]
    asked = unique({"inputs": size, "layers": layers}, kinks=list(range(size)), forms=[form], rules=rules)
    assert peak(lambda: run(asked)) < 12 * size * 2 * (2 * size) + 3_000_000


def test_forms_come_back_from_their_keys() -> None:
    """Coefficients of any size and sign, and different keys for different forms."""
    logic = Logic(3, [])
    forms = [{0: 1, 1: value} for bits in range(0, 200, 7) for value in (2**bits, -(2**bits), 2**bits + 1)]
    forms += [{0: 1, 2: 10**5000}, {0: 1, 1: 10**5000}, {0: 2, 1: 10**5000 + 1}, {0: 1}, {1: 1}, {2: 1}]
    literals = [logic.literal(form) for form in forms]
    assert [dict(logic.form(literal)) for literal in literals] == forms
    assert len(set(literals)) == len({tuple(sorted(form.items())) for form in forms})
    assert [logic.literal({variable: 3 * entry for variable, entry in form.items()}) for form in forms] == literals
    assert [logic.literal({variable: -entry for variable, entry in form.items()}) for form in forms] == [
        -literal for literal in literals
    ]


def test_keys_do_not_depend_on_which_objects_hold_the_numbers() -> None:
    for large in (5, 2**40, -(10**400)):
        again = int(str(large))
        assert key_of(((0, large), (1, large))) == key_of(((0, large), (1, again)))
        assert key_of(((0, large), (1, large))) != key_of(((0, large), (1, large + 1)))


def test_a_hint_that_stands_twice_says_the_same() -> None:
    """So it changes nothing, and is not the end either."""
    for hints, verdict in (([1, 1, 2], "verified"), ([1, 2, 2], "leaves 0"), ([1, 3, 1], "do not end")):
        logic = Logic(2, [])
        for form in ({0: 1}, {1: 1}):
            logic.literal(form)
        logic.state([1, 2])  # clause 1
        logic.state([-1, 2])  # clause 2
        logic.state([-1, -2])  # clause 3
        try:
            logic.derive([2], hints, "derivation[0]")
            found = "verified"
        except Rejected as reason:
            found = str(reason)
        assert verdict in found


def test_equal_outputs_are_one() -> None:
    """Twice the same output proves as much as once, and no less."""
    net = {"inputs": ["x"], "nodes": [{"id": "f", "op": "abs", "args": ["x"]}], "outputs": ["f", "f"]}
    matrices = [{"leading": [], "complete": [0]}, {"leading": [[-1]], "complete": []}]
    claim = {
        "format": "subgrad_hardness certificate",
        "version": 1,
        "kind": "distinct",
        "digest": load(net).digest,
        "directions": matrices,
    }
    assert verify(net, claim).verdict == "distinct"
    assert not verify(net, {**claim, "directions": matrices[:1] * 2})
