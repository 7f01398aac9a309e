"""Brackets of joint spectral radii against products, and their verifier against mutated certificates."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.iterative.spectral_radius.words import largest_words
from subgrad_hardness.iterative.verifying import spectral_format as form
from subgrad_hardness.iterative.verifying.spectral_format import SpectralCertificate, load_spectral_certificate
from subgrad_hardness.iterative.verifying.spectral_radius import characteristic_polynomial
from subgrad_hardness.schemas import schema

SHEARS = [[[1, 1], [0, 1]], [[1, 0], [1, 1]]]
#: One for each kind of norm.
EXAMPLES: dict[str, Any] = {
    "maximum": [[["1/2", "1/4"], ["1/4", "1/2"]], [["1/2", 0], ["-1/4", "1/8"]]],
    "polytope": [[["3/4", "-3/4"], [1, 0]], [["3/2", "-3/4"], [1, 0]]],
    "quadratic": [np.kron(np.eye(5, dtype=int), [[0, 1], [-1, 0]]).tolist()],
}


def _products(matrices: Any, length: int) -> Iterator[tuple[int, Any]]:
    """All products of up to ``length`` matrices, in doubles."""
    floats = [np.array([[float(Fraction(entry)) for entry in row] for row in matrix]) for matrix in matrices]
    for size in range(1, length + 1):
        for word in product(floats, repeat=size):
            total = word[0]
            for matrix in word[1:]:
                total = total @ matrix
            yield size, total


def _agrees(claim: SpectralCertificate, length: int = 6) -> bool:
    """The definition: no product's radius is above the upper bound, and some product's norm is not below the lower."""
    upper = float("inf") if claim.upper is None else float(claim.upper.bound)
    lower = 0.0 if claim.lower is None else float(claim.lower.bound)
    norms = [0.0] * (length + 1)
    for size, total in _products(claim.matrices, length):
        if np.abs(np.linalg.eigvals(total)).max() ** (1 / size) > upper + 1e-3 * (1 + upper):
            return False
        norms[size] = max(norms[size], float(np.linalg.norm(total, 2)))
    return all(norm ** (1 / size) >= lower - 1e-9 for size, norm in enumerate(norms) if size)


def test_the_golden_ratio() -> None:
    found = sh.joint_spectral_radius(SHEARS)
    assert found.lower is not None and found.upper is not None
    golden = (1 + 5**0.5) / 2
    assert found.verdict == "unbounded" and found.word == (0, 1)
    assert golden - 1e-8 < float(found.lower) < golden < float(found.upper) < 1.0026 * golden
    assert found.certificate is not None
    assert sh.verify_spectral_radius(found.certificate).verdict == "unbounded"


@pytest.mark.parametrize(
    ("matrices", "verdict", "lower"),
    [
        ([[[0, 1], [1, 0]], [[1, 0], [0, -1]]], "bounded", 1),
        ([[["1/2"]], [["-3/4"]]], "bounded", Fraction(3, 4)),
        ([[[0, 1], [0, 0]]], "bounded", 0),
        ([[[1, 1], [0, 1]]], "unknown", 1),  # powers grow, though the spectral radius is 1
        ([[[0, 1], [-2, 0]]], "unbounded", None),
        (EXAMPLES["quadratic"], "bounded", 1),
    ],
)
def test_verdicts(matrices: Any, verdict: str, lower: Any) -> None:
    found = sh.joint_spectral_radius(matrices)
    assert found.verdict == verdict and (found.why is None) == (verdict != "unknown")
    assert lower is None or found.lower == lower
    assert found.certificate is not None and _agrees(found.certificate, 4)


def test_each_kind_of_norm_is_used_and_verified() -> None:
    for kind, matrices in EXAMPLES.items():
        found = sh.joint_spectral_radius(matrices)
        assert kind in (found.norm, "quadratic"), found
        assert found.certificate is not None and _agrees(found.certificate, 3)


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 3), st.integers(1, 3), st.integers(0, 10**6))
def test_brackets_of_random_matrices(size: int, number: int, seed: int) -> None:
    stream = Stream(seed, "matrices")
    matrices = [[[Fraction(stream.integer(-3, 3), 4) for _ in range(size)] for _ in range(size)] for _ in range(number)]
    found = sh.joint_spectral_radius(matrices, length=6)
    assert found.certificate is not None and found.lower is not None and found.upper is not None
    assert found.lower <= found.upper
    assert _agrees(found.certificate, 5)
    assert sh.verify_spectral_radius(found.certificate).verdict == found.verdict


def test_words_are_those_that_a_look_at_all_of_them_finds() -> None:
    stream = Stream(3, "words")
    for _ in range(20):
        matrices = np.array([[[stream.integer(-4, 4) / 4 for _ in range(2)] for _ in range(2)] for _ in range(2)])
        best = max(np.abs(np.linalg.eigvals(total)).max() ** (1 / size) for size, total in _products(matrices, 6))
        found = largest_words(matrices, 6)[0]
        assert found.value == pytest.approx(best, abs=1e-6)
        rotations = [found.word[k:] + found.word[:k] for k in range(1, len(found.word))]
        assert all(found.word < rotation for rotation in rotations)  # a Lyndon word


def test_characteristic_polynomials() -> None:
    assert characteristic_polynomial([[1, 2], [3, 4]]) == [-2, -5, 1]
    stream = Stream(5, "polynomials")
    for _ in range(10):
        rows = [[stream.integer(-3, 3) for _ in range(4)] for _ in range(4)]
        found = characteristic_polynomial(rows)
        assert np.allclose([float(entry) for entry in found][::-1], np.poly(np.array(rows)))


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _leaves(each, (*path, index))
    else:
        yield path, value


def _changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    mutant = copy.deepcopy(data)
    inner = mutant
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return mutant


@pytest.mark.parametrize("kind", EXAMPLES)
def test_mutated_certificates_prove_nothing_false(kind: str) -> None:
    matrices = EXAMPLES[kind]
    if kind == "quadratic":  # smaller, and away from the bound's own rounding
        q = ((Fraction(2), Fraction(1, 2)), (Fraction(1, 2), Fraction(1)))
        turn = ((Fraction(1, 2), Fraction(1, 4)), (Fraction(-1, 2), Fraction(1, 4)))
        certificate = SpectralCertificate((turn,), None, form.Upper(Fraction(7, 10), form.Quadratic(q)))
        assert sh.verify_spectral_radius(certificate).verdict == "bounded"
    else:
        found = sh.joint_spectral_radius(matrices).certificate
        assert found is not None
        certificate = found
    data = certificate.to_json()
    stream, accepted, rejected = Stream(1, kind), 0, 0
    places = [
        (path, value)
        for path, value in _leaves(data)
        if path[0] in ("matrices", "lower", "upper") and value is not None
    ]
    for _ in range(120):
        path, value = places[stream.integer(0, len(places) - 1)]
        if isinstance(value, str) and path[-1] == "norm":
            continue
        number = Fraction(value)
        change = [number * Fraction(11, 10), number - Fraction(1, 5), -number, number + 1][stream.integer(0, 3)]
        plain: Any = int(change) if change.denominator == 1 else f"{change.numerator}/{change.denominator}"
        mutant = _changed(data, path, plain)
        try:
            verdict = sh.verify_spectral_radius(mutant)
        except sh.CertificateError:
            rejected += 1
            continue
        if not verdict:
            rejected += 1
            continue
        accepted += 1
        assert _agrees(load_spectral_certificate(mutant), 5), (path, plain)
        # Vertices, factors and what they multiply fit together exactly.
        assert path[:2] not in (("upper", "vertices"), ("upper", "combinations")) or change == number
    assert rejected > accepted / 2


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"lower": {"word": [], "bound": 1}}, "lower: the word is empty"),
        ({"lower": {"word": [2], "bound": 1}}, "lower: the word is empty or names a matrix"),
        ({"lower": {"word": [0], "bound": -1}}, "lower: the bound is negative"),
        ({"lower": {"word": [0, 1], "bound": "1.62"}}, "lower: the product's spectral radius is smaller"),
        ({"upper": {"norm": "maximum", "weights": [1, 1], "bound": "1.9"}}, "upper: matrix 0 is larger"),
        ({"upper": {"norm": "sum", "weights": [1, 0], "bound": 9}}, "upper: not one positive weight"),
        ({"upper": {"norm": "quadratic", "matrix": [[1, 2], [2, 1]], "bound": 9}}, "not positive definite"),
        ({"upper": {"norm": "quadratic", "matrix": [[1, 0], [1, 1]], "bound": 9}}, "no symmetric matrix"),
        ({"upper": {"norm": "quadratic", "matrix": [[1, 0], [0, 1]], "bound": "1.618"}}, "upper: matrix 0 is larger"),
        ({"upper": {"norm": "polytope", "vertices": [[1, 0]], "combinations": [], "bound": 9}}, "do not span"),
        ({"lower": None, "upper": None}, "neither a lower nor an upper bound"),
    ],
)
def test_what_proves_nothing_is_rejected(change: Any, reason: str) -> None:
    data = {"lower": None, "upper": None} | change
    matrices = SHEARS
    claim = {"format": "subgrad_hardness joint spectral radius", "version": 1, "matrices": matrices, **data}
    found = sh.verify_spectral_radius(claim)
    assert not found and found.reason is not None and reason in found.reason


def _polytope(bound: Any, combinations: Any) -> dict[str, Any]:
    return {"norm": "polytope", "vertices": [[1, 0], [0, 1]], "combinations": combinations, "bound": bound}


@pytest.mark.parametrize(
    ("matrix", "upper", "reason"),
    [
        # I - A'A = [[0, -1/2], [-1/2, 11/16]]: a pivot 0 whose row is not.
        ([[1, "1/2"], [0, "1/4"]], {"norm": "quadratic", "matrix": [[1, 0], [0, 1]], "bound": 1}, "matrix 0 is larger"),
        ([["1/2", 0], [0, 9]], {"norm": "quadratic", "matrix": [[1, 0], [0, 0]], "bound": "1/2"}, "positive definite"),
        ([[-9, 0], [0, -9]], _polytope(1, [[[[0, -9]], [[1, -9]]]]), "the factors are too large"),
        ([[9, 0], [0, 1]], _polytope(1, [[[[0, 1]], [[1, 1]]]]), "the combination is another vector"),
        ([[9, 0], [0, 9]], _polytope(1, []), "not one combination for each"),
        ([[1, 0], [0, 9]], _polytope(1, [[[[0, 1]]]]), "not one combination for each"),
        ([[1, 0], [0, 9]], {"norm": "maximum", "weights": [1], "bound": 1}, "not one positive weight"),
        ([[1, 1], [0, 0]], {"norm": "maximum", "weights": [1, 1], "bound": 1}, "matrix 0 is larger"),
        ([[1, 0], [1, 0]], {"norm": "sum", "weights": [1, 1], "bound": 1}, "matrix 0 is larger"),
        ([[1, 1], [0, 0]], {"norm": "sum", "weights": [1, 1], "bound": 1}, None),
        ([[1, 0], [0, "1/2"]], {"norm": "quadratic", "matrix": [[1, 0], [0, 1]], "bound": 1}, None),
        ([[0, -1], [1, 0]], _polytope(1, [[[[1, 1]], [[0, -1]]]]), None),
    ],
)
def test_norms_one_by_one(matrix: Any, upper: Any, reason: str | None) -> None:
    claim = {"format": form.FORMAT, "version": 1, "matrices": [matrix], "lower": None, "upper": upper}
    found = sh.verify_spectral_radius(claim)
    assert found.verdict == ("bounded" if reason is None else None)
    assert reason is None or (found.reason is not None and reason in found.reason)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "format: not a"),
        ({"matrices": []}, "matrices: empty"),
        ({"matrices": [[[1, 2]]]}, "matrices[0]: not a square matrix"),
        ({"upper": {"norm": "round"}}, "upper.norm: unknown; known: maximum, polytope, quadratic, sum"),
        ({"lower": {"word": [0]}}, "lower: no bound"),
        ({"lower": {"word": [True], "bound": 1}}, "lower.word[0]: not the number of one"),
    ],
)
def test_what_is_no_certificate_is_refused(change: Any, message: str) -> None:
    data = {"format": "subgrad_hardness joint spectral radius", "version": 1, "matrices": SHEARS}
    with pytest.raises(sh.CertificateError) as refused:
        sh.verify_spectral_radius(data | {"lower": None, "upper": None} | change)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "matrices: empty"),
        ([[[1, 2]]], "matrices[0]: not a square matrix"),
        ([[[1]], [[1, 0], [0, 1]]], "matrices[1]: not a square matrix"),
        ([[["x"]]], "matrices[0][0][0]"),
    ],
)
def test_what_are_no_matrices_is_refused(given: Any, message: str) -> None:
    with pytest.raises(sh.ParameterError) as refused:
        sh.joint_spectral_radius(given)
    assert message in str(refused.value)


def test_numbers_beyond_doubles_end_in_unknown() -> None:
    found = sh.joint_spectral_radius([[[10**400]], [[1]]])
    assert (found.verdict, found.lower, found.upper) == ("unknown", None, None)


def test_the_command_writes_what_it_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from subgrad_hardness.cli.main import main
    from subgrad_hardness.iterative.writing import to_object

    program = sh.Program.from_text("inputs x y t; u = x - t; g = relu u; f = x + 1/2 u - 3/4 g - 3/4 y; outputs f x")
    net, file = tmp_path / "it.json", tmp_path / "certificate.json"
    net.write_text(json.dumps(to_object(sh.Iteration(program, ["x", "y"], theta=[0]))))
    status = main(["jsr", str(net), "--json", "--certificate", str(file), "--exit-code", "--fixed-point", "0,0"])
    report = json.loads(capsys.readouterr().out)
    Draft202012Validator(schema("jsr")).validate(report)
    assert status == (10 if report["verdict"] == "unbounded" else 20 if report["verdict"] == "bounded" else 3)
    assert main(["jsr", str(net), "--verify", str(file), "--fixed-point", "0,0"]) == 0
    assert f"VERIFIED {report['verdict']}" in capsys.readouterr().out
    assert main(["jsr", str(net), "--time-limit", "0"]) == 3
    assert "time limit" in capsys.readouterr().err
    # Another iteration's Jacobians are others.
    assert main(["jsr", str(net), "--theta", "1", "--fixed-point", "0,0", "--verify", str(file)]) == 2
    capsys.readouterr()
    data = json.loads(file.read_text())
    data["matrices"] = data["matrices"][:1]
    file.write_text(json.dumps(data))
    assert main(["jsr", str(net), "--verify", str(file), "--fixed-point", "0,0"]) == 1
