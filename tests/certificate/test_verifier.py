"""The verifier: accepts what is true, rejects every mutation for the right reason, trusts nothing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support import oracle, small_nets
from support.checked import checked, entered
from support.conformance import CASES, graph

import subgrad_hardness.certificate.verifier as verifier_module
from subgrad_hardness import CertificateError, check, verify
from subgrad_hardness.certificate.format import Certificate
from subgrad_hardness.certificate.logic import Rejected
from subgrad_hardness.certificate.matrices import DirectionMatrix
from subgrad_hardness.certificate.verifier import verify_certificate
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.derivative.lexicographic import Directions
from subgrad_hardness.net.reading import load

#: max(x, y, z): Jacobians e_x, e_y, e_z.
NET = {"inputs": ["x", "y", "z"], "nodes": [{"id": "m", "op": "max", "args": ["x", "y", "z"]}], "outputs": ["m"]}
GOOD: dict[str, Any] = {
    "format": "subgrad_hardness certificate",
    "version": 1,
    "kind": "distinct",
    "digest": load(NET).digest,
    "directions": [{"leading": [[1, 0, 0]], "complete": [1, 2]}, {"leading": [["1/2", 1, 0]], "complete": [0, 2]}],
}


def directions(*matrices: tuple[list[list[Any]], list[int]]) -> dict[str, Any]:
    return {**GOOD, "directions": [{"leading": leading, "complete": complete} for leading, complete in matrices]}


FIRST: tuple[list[list[Any]], list[int]] = ([[1, 0, 0]], [1, 2])


def test_the_good_one() -> None:
    result = verify(NET, GOOD)
    assert (result.verdict, result.reason, result.verified) == ("distinct", None, True)
    assert result.digest == GOOD["digest"]
    assert repr(result) == "VERIFIED distinct"


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (FIRST, "the same Jacobian"),
        (([[2, 0, 0]], [1, 2]), "the same Jacobian"),
        (([[1, 0, 0], [1, 1, 1]], [1]), "the same Jacobian"),
        (([[1, 0, 0]], [2, 1]), "the same Jacobian"),
        (([[0, 0, 0]], [0, 1]), "directions[1] is singular"),
        (([[1, 0, 0]], [0, 1]), "directions[1] is singular"),
        (([[0, 1, 0], [0, 2, 0]], [0]), "directions[1] is singular"),
        (([[1, 2, 3], [4, 5, 6], [7, 8, 9]], []), "directions[1] is singular"),
        (([["1/3", "2/3", 1], [1, 2, 3], [0, 0, 1]], []), "directions[1] is singular"),
        (([[0, 1, 0]], [0, 0]), "names an input twice"),
        (([[0, 1]], [0, 2]), "directions[1].leading[0] has 2 entries, the net has 3 inputs"),
        (([[0, 1, 0, 0]], [0, 2]), "directions[1].leading[0] has 4 entries"),
        (([[0, 1, 0]], [0, 3]), "directions[1].complete names input 3"),
        (([[0, 1, 0]], [0]), "directions[1] has 2 columns"),
        (([[0, 1, 0]], [0, 1, 2]), "directions[1] has 4 columns"),
        (([], []), "directions[1] has 0 columns"),
    ],
)
def test_false_directions(second: tuple[list[list[Any]], list[int]], reason: str) -> None:
    for matrices, place in (((FIRST, second), "[1]"), ((second, FIRST), "[0]")):
        result = verify(NET, directions(*matrices))
        assert result.verdict is None
        assert reason.replace("[1]", place, 1) in (result.reason or "")
        assert repr(result) == f"REJECTED: {result.reason}"


@pytest.mark.parametrize(
    "second",
    [
        ([[0, 1, 0]], [0, 2]),
        ([[0, 0, 1]], [0, 1]),
        ([], [2, 1, 0]),
        ([[1, 1, 0], [-1, 0, 0]], [2]),
        ([["1e-40", "2e-40", 0]], [0, 2]),
        ([[0, 10**50, 0], [1, 1, 1], [0, 0, "-1/7"]], []),
    ],
)
def test_true_directions(second: tuple[list[list[Any]], list[int]]) -> None:
    assert verify(NET, directions(FIRST, second)).verdict == "distinct"


def test_another_net_or_point() -> None:
    reason = "another net or another point"
    flipped = ("0" if GOOD["digest"][0] != "0" else "1") + GOOD["digest"][1:]
    assert reason in (verify(NET, {**GOOD, "digest": flipped}).reason or "")
    assert reason in (verify({**NET, "outputs": ["m", "m"]}, GOOD).reason or "")
    assert reason in (verify(NET, GOOD, point=[1, 0, 0]).reason or "")
    assert verify({**NET, "name": "another name"}, GOOD).verified
    assert verify(NET, GOOD, point=[0, 0, 0]).verified


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "unique"},
        {"kind": None},
        {"version": 2},
        {"format": "something else"},
        {"digest": "0" * 63},
        {"digest": 5},
        {"directions": []},
        {"directions": [GOOD["directions"][0]]},
        {"directions": [*GOOD["directions"], GOOD["directions"][0]]},
        {"directions": [{"leading": [[1, 0, 0]], "complete": [1, -2]}, GOOD["directions"][1]]},
        {"directions": [{"leading": [[1, 0, True]], "complete": [1, 2]}, GOOD["directions"][1]]},
        {"directions": [{"leading": [[1, 0, "x"]], "complete": [1, 2]}, GOOD["directions"][1]]},
        {"directions": [{"leading": [[1, 0, 0]], "complete": [1, 2.0]}, GOOD["directions"][1]]},
        {"directions": [{"leading": [[1, 0, 0]]}, GOOD["directions"][1]]},
        {"extra": 1},
    ],
)
def test_what_is_no_certificate(change: dict[str, Any]) -> None:
    with pytest.raises(CertificateError):
        verify(NET, {**GOOD, **change})
    for key in GOOD:
        with pytest.raises(CertificateError):
            verify(NET, {other: value for other, value in GOOD.items() if other != key})


@pytest.mark.parametrize("case", [case for case in CASES if case.verdict == "unique"], ids=lambda case: case.name)
def test_nothing_proves_distinct_where_it_is_false(case: Any) -> None:
    """All kinds of direction matrices, on nets with one subgradient only."""
    program = load(case.net)
    size, stream = program.input_count, Stream(1, "forgery")
    for _ in range(40):
        matrices = []
        for _ in range(2):
            count = stream.below(size + 1)
            leading = tuple(tuple(map(Fraction, stream.direction(size, 1))) for _ in range(count))
            matrices.append(DirectionMatrix(leading, tuple(stream.sample(size, size - count))))
        with pytest.raises(Rejected, match=r"the same Jacobian|singular"):
            verify_certificate(program, Certificate("distinct", program.digest, tuple(matrices)))


def test_jacobians_are_those_of_the_oracle() -> None:
    """Random pairs of matrices on the small nets: accepted iff the cells entered differ."""
    stream, answers = Stream(2, "pairs"), []
    for number, mapping in enumerate(small_nets.nets()[::2]):
        program, net = load(mapping), oracle.read(mapping)
        size = program.input_count
        pair: list[Directions] = []
        while len(pair) < 2:
            count = stream.below(size + 1)
            leading = tuple(stream.direction(size, 2) for _ in range(count))
            matrix = Directions(leading, tuple(stream.sample(size, size - count)))
            if nonsingular(matrix.columns(size)):
                pair.append(matrix)
        exact = tuple(DirectionMatrix(tuple(tuple(map(Fraction, c)) for c in m.leading), m.complete) for m in pair)
        claim = Certificate("distinct", program.digest, exact)
        if entered(net, pair[0]) != entered(net, pair[1]):
            assert verify_certificate(program, claim) == "distinct", number
        else:
            with pytest.raises(Rejected, match="the same Jacobian"):
                verify_certificate(program, claim)
        answers.append(entered(net, pair[0]) != entered(net, pair[1]))
    assert min(answers.count(True), answers.count(False)) > 40


def nonsingular(columns: list[tuple[int, ...]]) -> bool:
    """By Fourier-Motzkin: independent iff no column and its negative side with the others leave nothing."""
    size = len(columns)
    return all(
        oracle.positive_point([columns[k]], size, [tuple(s * x for x in c) for c in columns[:k] for s in (1, -1)])
        for k in range(size)
    )


#: relu(x) - relu(-x) = x: one Jacobian, (1, 0).
LINEAR = graph("x y", "m = -1 x; a = relu x; b = relu m; f = a - b", "f")
ALL_UNITS = DirectionMatrix((), (0, 1))


@pytest.mark.parametrize(
    ("kind", "matrices"),
    [
        ("distinct", (DirectionMatrix((), (-1, 1)), ALL_UNITS)),  # e_1 twice: singular
        ("unique", (ALL_UNITS, DirectionMatrix(((Fraction(-1), Fraction(0)),), (1,)))),
        ("distinct", (ALL_UNITS,)),
        ("distinct", ()),
    ],
)
def test_certificates_that_no_file_holds(kind: str, matrices: tuple[DirectionMatrix, ...]) -> None:
    """``verify`` reads Certificate objects like files; the checks behind it trust nothing in them either."""
    net = LINEAR if kind == "distinct" else graph("x y", "f = abs x", "f")
    program = load(net)
    certificate = Certificate(kind, program.digest, matrices)
    with pytest.raises(CertificateError):
        verify(program, certificate)
    with pytest.raises(Rejected):
        verify_certificate(program, certificate)


def mutations(claim: dict[str, Any]) -> list[Callable[[dict[str, Any]], object]]:
    """Changes that always make a true certificate false, singular or foreign."""
    size = len(claim["directions"][0]["leading"]) + len(claim["directions"][0]["complete"])
    return [
        lambda c: c.update(directions=[c["directions"][0]] * 2),
        lambda c: c["directions"].__setitem__(0, c["directions"][1]),
        lambda c: c.update(digest="0" * 64),
        lambda c: c["directions"][0]["leading"].__setitem__(0, ["0"] * size),
        lambda c: c["directions"][1]["leading"].append(c["directions"][1]["leading"][0]),
        lambda c: c["directions"][1]["leading"][0].append("1"),
        lambda c: c["directions"][0]["complete"].append(size),
        lambda c: c["directions"][1]["leading"].pop(),
    ]


def test_mutated_certificates_of_real_answers() -> None:
    distinct = [n for n in range(0, small_nets.COUNT, 7) if checked(n).verdict == "distinct"]
    assert len(distinct) > 20
    for number in distinct:
        certificate = checked(number).certificate
        assert certificate is not None
        for mutate in mutations(certificate.to_json()):
            claim = certificate.to_json()
            mutate(claim)
            assert not verify(small_nets.nets()[number], claim).verified


def test_thin_cones_are_verified() -> None:
    for name in ("needle", "finer needle", "trap"):
        net = next(case.net for case in CASES if case.name == name)
        result = check(net)
        assert result.certificate is not None
        assert verify(net, result.certificate).verdict == "distinct"


CORE = ("verifier", "refutation", "definitions", "logic", "localised", "smooth")
#: What claims about more than two subgradients need besides.
MORE = ("claims", "checked", "derived", "goals", "tree", "chords", "matrices")
#: What sums of maxima and minima need.
SUMS = ("levels", "diagrams")
VERIFIER = (*CORE, *MORE, *SUMS, "argument", "format", "statement")  # the last ones only read and write


@pytest.mark.parametrize("name", VERIFIER)
def test_the_verifier_stands_on_net_alone(name: str) -> None:
    """Its own localisation, the standard library, ``common/`` and ``net/``: engines cannot make it accept."""
    folder = Path(verifier_module.__file__ or "").parent
    source = (folder / f"{name}.py").read_text(encoding="utf-8")
    allowed = (
        "subgrad_hardness.common.",
        "subgrad_hardness.net.",
        *(f"subgrad_hardness.certificate.{other}" for other in VERIFIER),
    )
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").startswith(allowed) or (node.module or "") in sys.stdlib_module_names | {
                "collections.abc"
            }
        if isinstance(node, ast.Import):
            assert all(alias.name in sys.stdlib_module_names for alias in node.names)


def test_the_verifier_is_small() -> None:
    folder = Path(verifier_module.__file__ or "").parent
    for names, most in ((CORE, 660), (MORE, 900), (SUMS, 320)):
        assert sum(len((folder / f"{name}.py").read_text(encoding="utf-8").splitlines()) for name in names) < most
