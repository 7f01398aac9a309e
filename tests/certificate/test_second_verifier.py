"""Two verifiers, one of them written from docs/certificate.md alone, must agree."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support import second_nets, second_verifier
from support.both_verifiers import both
from support.paths import INSTANCES, ROOT
from support.second_argument import UnreadableError

from subgrad_hardness import load, verify
from subgrad_hardness.api.check import check_within
from subgrad_hardness.api.check_options import CheckOptions
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.net.reading import load_bytes

FILES = [entry["file"] for entry in json.loads((INSTANCES / "manifest.json").read_text(encoding="utf-8"))["instances"]]

#: The first worked example of docs/certificate.md; support/worked_example.py has the second one.
FOLD: dict[str, Any] = {
    "inputs": ["x", "y"],
    "nodes": [
        {"id": "u", "op": "affine", "args": ["x", "y"], "coefficients": [1, "-1/3"]},
        {"id": "v", "op": "abs", "args": ["u"]},
        {"id": "w", "op": "max", "args": ["v", "y", "x"]},
    ],
    "outputs": ["w"],
    "point": [0, 0],
}
FOLD_CERTIFICATE: dict[str, Any] = {
    "format": "subgrad_hardness certificate",
    "version": 1,
    "kind": "distinct",
    "digest": "b0d47658353174f8234579b6a5a8ce1dd2001bf82a946cf811a794e6525983cb",
    "directions": [{"leading": [[-5, 1]], "complete": [1]}, {"leading": [[1, 0], [0, 1]], "complete": []}],
}

Mutation = Callable[[Any], object]


@cache
def certificate_of(file: str) -> bytes | None:
    certificate = check_within(
        INSTANCES / file, Limits.seconds(3), options=CheckOptions(cross_checks=False)
    ).certificate
    return None if certificate is None else certificate.dumps().encode("utf-8")


@pytest.mark.parametrize("file", FILES)
def test_digests(file: str) -> None:
    assert second_nets.digest_of((INSTANCES / file).read_bytes()) == load(INSTANCES / file).digest


@pytest.mark.parametrize(
    "net",
    [
        {
            "inputs": 2,
            "layers": [{"weight": [[0, "2/4"]]}, {"weight": [[1.5]], "activation": "leaky_relu", "slope": 0.1}],
        },
        {"inputs": ["x0"], "layers": [{"weight": {"shape": [2, 1], "entries": [[1, 0, "-3"], [0, 0, 0]]}}]},
        {
            "inputs": ["\U0001f600", "\uff5e", 'q"\\/'],
            "nodes": [
                {"id": "\U0001f601", "op": "affine", "args": ["\uff5e", "\uff5e"], "coefficients": [0, -0.0]},
                {"id": "\uffee", "op": "max", "args": ["\U0001f601", 'q"\\/', "\U0001f600"]},
                {"id": "a\n\t\x01\x7f\u2028é", "op": "affine"},
                {"id": "Z", "op": "leaky_relu", "args": ["\uffee"], "slope": "1e2"},
            ],
            "outputs": ["Z", "a\n\t\x01\x7f\u2028é", "\uff5e"],
            "point": [10**5000, "1e-5000", "0.25"],
        },
    ],
)
def test_digests_of_odd_nets(net: dict[str, Any]) -> None:
    sys_limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    data = json.dumps(net).encode()
    sys.set_int_max_str_digits(sys_limit)
    assert second_nets.digest_of(data) == load_bytes(data, "net.json").digest


def test_enough_instances_of_both_kinds() -> None:
    kinds = [json.loads(certificate)["kind"] for certificate in map(certificate_of, FILES) if certificate is not None]
    assert min(kinds.count("distinct"), kinds.count("unique")) >= 24


@pytest.mark.parametrize("file", FILES)
def test_instances(file: str, tmp_path: Path) -> None:
    certificate = certificate_of(file)
    if certificate is None:
        return
    net = (INSTANCES / file).read_bytes()
    assert both(net, certificate, tmp_path) == "verified"
    value = json.loads(certificate)
    if value["kind"] == "unique":
        _other_matrices(net, value, tmp_path)
    else:
        _other_pairs(net, value, tmp_path)
    if file != "abs.json":
        assert both((INSTANCES / "abs.json").read_bytes(), certificate, tmp_path) == "rejected"


def _other_matrices(net: bytes, value: Any, tmp_path: Path) -> None:
    """Any matrix that is not singular gives the only subgradient, but there has to be exactly one."""
    size = len(value["directions"][0]["complete"]) + len(value["directions"][0]["leading"])
    unit = {"leading": [], "complete": list(range(size))}
    for matrices, answer in (
        ([unit], "verified"),
        ([{**unit, "complete": unit["complete"][::-1]}], "verified"),
        ([{**unit, "complete": unit["complete"][1:]}], "rejected"),
        ([{"leading": [[0] * size], "complete": unit["complete"][1:]}], "rejected"),
        ([unit, *value["directions"]], "unreadable"),
        ([], "unreadable"),
    ):
        assert both(net, json.dumps({**value, "directions": matrices}).encode(), tmp_path) == answer
    other_kind = {**value, "kind": "distinct", "directions": [unit, unit]}
    assert both(net, json.dumps(other_kind).encode(), tmp_path) == "unreadable"


def _other_pairs(net: bytes, value: Any, tmp_path: Path) -> None:
    for other in ([0, 0], [1, 1]):
        same = {**value, "directions": [value["directions"][index] for index in other]}
        assert both(net, json.dumps(same).encode(), tmp_path) == "rejected"
    exchanged = {**value, "directions": value["directions"][::-1]}
    assert both(net, json.dumps(exchanged).encode(), tmp_path) == "verified"
    for matrix in value["directions"]:
        for column in matrix["leading"]:  # rougher directions may or may not enter the same pieces
            column[:] = [(entry > 0) - (entry < 0) if isinstance(entry, int) else entry for entry in column]
    assert both(net, json.dumps(value).encode(), tmp_path) in ("verified", "rejected")


def put(*path: str | int, value: Any) -> Mutation:
    """Set the place at ``path``."""

    def mutate(certificate: Any) -> object:
        for step in path[:-1]:
            certificate = certificate[step]
        certificate[path[-1]] = value
        return None

    return mutate


def directions(one: Any, other: Any) -> Mutation:
    return put("directions", value=[one, other])


ONE, TWO = FOLD_CERTIFICATE["directions"]

MUTATIONS: list[tuple[Mutation, str]] = [
    (put("kind", value="unique"), "unreadable"),
    (put("kind", value=None), "unreadable"),
    (put("version", value=2), "unreadable"),
    (put("version", value=1.0), "unreadable"),
    (put("version", value=True), "unreadable"),
    (put("format", value="subgrad_hardness"), "unreadable"),
    (put("note", value="hello"), "unreadable"),
    (lambda certificate: certificate.pop("digest"), "unreadable"),
    (lambda certificate: certificate["directions"][0].pop("complete"), "unreadable"),
    (put("digest", value=FOLD_CERTIFICATE["digest"].upper()), "unreadable"),
    (put("digest", value=FOLD_CERTIFICATE["digest"] + "\n"), "unreadable"),
    (put("digest", value="c" + FOLD_CERTIFICATE["digest"][1:]), "rejected"),
    (put("directions", value=[ONE]), "unreadable"),
    (put("directions", value=[ONE, TWO, TWO]), "unreadable"),
    (put("directions", value={"0": ONE, "1": TWO}), "unreadable"),
    (put("directions", 0, "complete", value=[-1]), "unreadable"),
    (put("directions", 0, "complete", value=[1.0]), "unreadable"),
    (put("directions", 0, "complete", value=["1"]), "unreadable"),
    (put("directions", 0, "complete", value=[True]), "unreadable"),
    (put("directions", 0, "complete", value=[4194305]), "unreadable"),
    (put("directions", 0, "complete", value=[4194304]), "rejected"),
    (put("directions", 0, "complete", value=[2]), "rejected"),
    (put("directions", 0, "complete", value=[1, 1]), "rejected"),
    (put("directions", 0, "complete", value=[0, 1]), "rejected"),
    (put("directions", 0, "complete", value=[]), "rejected"),
    (put("directions", 0, "leading", value=[-5, 1]), "unreadable"),
    (put("directions", 0, "leading", value=[[]]), "rejected"),
    (put("directions", 0, "leading", value=[[-5]]), "rejected"),
    (put("directions", 0, "leading", value=[[-5, 1, 0]]), "rejected"),
    (put("directions", 0, "leading", value=[[0, 1]]), "rejected"),
    (put("directions", 0, "leading", value=[[0, 0]]), "rejected"),
    (put("directions", 0, "leading", value=[[10**-40, 1]]), "verified"),
    (put("directions", 0, "leading", value=[["-1e-400", 1]]), "verified"),
    (put("directions", 0, "leading", 0, 0, value="-10/2"), "verified"),
    (put("directions", 0, "leading", 0, 0, value=-5.0), "verified"),
    (put("directions", 0, "leading", 0, 0, value="-.5e1"), "verified"),
    (put("directions", 0, "leading", 0, 0, value="1/0"), "unreadable"),
    (put("directions", 0, "leading", 0, 0, value=" 1"), "unreadable"),
    (put("directions", 0, "leading", 0, 0, value="1\n"), "unreadable"),
    (put("directions", 0, "leading", 0, 0, value="1_0"), "unreadable"),
    (put("directions", 0, "leading", 0, 0, value="\u0661"), "unreadable"),
    (put("directions", 0, "leading", 0, 0, value="1e100000"), "unreadable"),
    (put("directions", 0, "leading", 0, 0, value="1e999999999"), "unreadable"),
    (put("directions", 0, "leading", 0, 0, value=None), "unreadable"),
    (put("directions", 0, "leading", 0, 0, value=True), "unreadable"),
    (put("directions", 0, "leading", 0, 0, value=float("nan")), "unreadable"),
    (put("directions", 0, "leading", 0, 0, value=float("inf")), "unreadable"),
    (directions({"leading": [], "complete": []}, TWO), "rejected"),
    (directions({"leading": [[1, 2], ["1/3", "2/3"]], "complete": []}, TWO), "rejected"),
    (directions(TWO, {"leading": [[1, 2], [2, 1], [1, 1]], "complete": []}), "rejected"),
    (directions({"leading": [[-10, 2]], "complete": [1]}, {"leading": [[-5, 1]], "complete": [0]}), "rejected"),
    (directions({"leading": [], "complete": [0, 1]}, {"leading": [], "complete": [1, 0]}), "verified"),
    (directions({"leading": [["1/3", 1]], "complete": [0]}, {"leading": [["1/3", 1]], "complete": [1]}), "rejected"),
    (directions({"leading": [[3, 3]], "complete": [0]}, {"leading": [[3, 3]], "complete": [1]}), "verified"),
]


@pytest.mark.parametrize(("mutate", "answer"), MUTATIONS)
def test_mutations(mutate: Mutation, answer: str, tmp_path: Path) -> None:
    certificate = copy.deepcopy(FOLD_CERTIFICATE)
    mutate(certificate)
    assert both(json.dumps(FOLD).encode(), json.dumps(certificate).encode(), tmp_path) == answer


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 10**5, b'{"kind": 1, "kind": 1}', b'{"version": 1e400}']
)
def test_no_certificates(text: bytes, tmp_path: Path) -> None:
    assert both(json.dumps(FOLD).encode(), text, tmp_path) == "unreadable"


@pytest.mark.parametrize(
    ("mutate", "answer"),
    [
        (put("point", value=[0, "1e-300"]), "rejected"),
        (put("nodes", 0, "coefficients", value=[1, -1 / 3]), "rejected"),
        (put("nodes", 0, "bias", value=1), "rejected"),
        (put("nodes", 1, "op", value="relu"), "rejected"),
        (put("nodes", 2, "args", value=["v", "x", "y"]), "rejected"),
        (put("inputs", value=["x", "z"]), "other"),
        (put("outputs", value=["w", "w"]), "rejected"),
        (put("version", value=1), "verified"),
        (put("name", value="fold"), "verified"),
        (put("provenance", value={"seed": 1}), "verified"),
        (put("nodes", 0, "bias", value="0/7"), "verified"),
        (put("nodes", 0, "coefficients", value=[1.0, "-2/6"]), "verified"),
        (put("point", value=[0.0, "-0"]), "verified"),
        (lambda net: net.pop("point"), "verified"),
        (lambda net: net["nodes"].reverse(), "verified"),
    ],
)
def test_mutated_nets(mutate: Mutation, answer: str, tmp_path: Path) -> None:
    net = copy.deepcopy(FOLD)
    mutate(net)
    if answer == "other":  # an unknown argument: no net at all
        assert second_verifier.verdict(json.dumps(net).encode(), json.dumps(FOLD_CERTIFICATE).encode()) == "unreadable"
        return
    assert both(json.dumps(net).encode(), json.dumps(FOLD_CERTIFICATE).encode(), tmp_path) == answer


def test_another_point() -> None:
    net, certificate = json.dumps(FOLD).encode(), json.dumps(FOLD_CERTIFICATE).encode()
    assert second_verifier.verdict(net, certificate, [Fraction(1), Fraction(0)]) == "rejected"
    assert second_verifier.verdict(net, certificate, [Fraction(0), Fraction(0)]) == "verified"
    assert repr(verify(FOLD, FOLD_CERTIFICATE, [0, 0])) == "VERIFIED distinct"
    assert repr(verify(FOLD, FOLD_CERTIFICATE, [1, 0])).startswith("REJECTED: the certificate is for another net")


def test_the_worked_example_of_the_document(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "certificate.md").read_text(encoding="utf-8")
    blocks = [part.split("```")[0] for part in page.split("```json\n")[1:]]
    assert [json.loads(block) for block in blocks[:2]] == [FOLD, FOLD_CERTIFICATE]
    (tmp_path / "fold.json").write_text(blocks[0], encoding="utf-8")
    result = check_within(tmp_path / "fold.json", Limits())
    assert result.certificate is not None
    assert result.certificate.dumps() == blocks[1]
    assert result.digest == FOLD_CERTIFICATE["digest"]
    net, _ = second_nets.read_net(blocks[0].encode())
    assert json.dumps(net.canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":")) in page


def test_it_stands_alone(tmp_path: Path) -> None:
    script = ROOT / "tests" / "support" / "second_verifier.py"
    for file in script.parent.glob("second_*.py"):
        assert "subgrad_hardness" not in file.read_text(encoding="utf-8").replace('"subgrad_hardness certificate"', "")
    (tmp_path / "net.json").write_text(json.dumps(FOLD), encoding="utf-8")
    (tmp_path / "certificate.json").write_text(json.dumps(FOLD_CERTIFICATE), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(script), "net.json", "certificate.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "verified\n", "")


def test_an_operation_that_the_document_does_not_name_is_refused() -> None:
    """Taken for the identity it would make a proof for x a proof for whatever it is."""
    net = {"inputs": ["x"], "nodes": [{"id": "f", "op": "clip3", "args": ["x"]}], "outputs": ["f"], "point": [3]}
    with pytest.raises(UnreadableError, match="unknown operation 'clip3'"):
        second_nets.read_net(json.dumps(net).encode())


def test_it_takes_a_second_net() -> None:
    script, folder = ROOT / "tests" / "support" / "second_verifier.py", ROOT / "tests" / "certificates" / "claims"
    files = ["nets/saddle.json", "correct/saddle-and-saddle-bent-equal.json", "nets/saddle-bent.json"]
    for given, said in ((files, "verified\n"), (files[:2], "rejected\n")):
        command = [sys.executable, "-I", "-S", str(script), *(str(folder / file) for file in given)]
        assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == said
