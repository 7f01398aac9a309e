"""Which numbers and texts can be read: docs/certificate.md, section 1, by both verifiers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support import second_nets, second_verifier

from subgrad_hardness import CertificateError, NetError, verify
from subgrad_hardness.net import json_text
from subgrad_hardness.net.reading import load_bytes

NET: dict[str, Any] = {"inputs": ["x"], "nodes": [{"id": "f", "op": "abs", "args": ["x"]}], "outputs": ["f"]}
DIGITS = 10**5


def claim(number: str) -> bytes:
    """A certificate of |x| with the JSON text ``number`` as the one entry of a direction."""
    digest = second_nets.digest_of(json.dumps(NET).encode())
    head = f'"format": "subgrad_hardness certificate", "version": 1, "kind": "distinct", "digest": "{digest}"'
    other = '{"leading": [[-1]], "complete": []}'
    return f'{{{head}, "directions": [{{"leading": [[{number}]], "complete": []}}, {other}]}}'.encode()


def both(net: bytes, certificate: bytes, folder: Path) -> str:
    file = folder / "certificate.json"
    file.write_bytes(certificate)
    try:
        first = "verified" if verify(load_bytes(net, "net.json"), file) else "rejected"
    except (CertificateError, NetError):
        first = "unreadable"
    assert second_verifier.verdict(net, certificate) == first
    return first


ZEROS = "0" * DIGITS

ROWS = [
    ("1", "verified"),
    ("1e0", "verified"),
    ("-1", "rejected"),
    ("0.1" + ZEROS, "verified"),  # binary64, whatever its length
    ("1e-400", "rejected"),  # which is 0: singular
    ("1e400", "unreadable"),
    ("1" + ZEROS[1:], "verified"),
    ("1" + ZEROS, "unreadable"),
    ('"1"', "verified"),
    ('"+1"', "verified"),
    ('"1."', "verified"),
    ('".5"', "verified"),
    ('"."', "unreadable"),
    ('""', "unreadable"),
    ('"e5"', "unreadable"),
    ('"+"', "unreadable"),
    ('".e5"', "unreadable"),
    ('"1e"', "unreadable"),
    ('"1/2/3"', "unreadable"),
    ('"1.5/2"', "unreadable"),
    ('"1/-2"', "unreadable"),
    ('"1/00"', "unreadable"),
    ('"1e99999"', "verified"),
    ('"1e100000"', "unreadable"),
    ('"1e-99999"', "verified"),
    ('"1e-100000"', "unreadable"),
    ('"10e-99999"', "verified"),
    ('"10e-100000"', "unreadable"),  # counted before it is reduced
    ('"1.0e-99998"', "verified"),
    ('"1.0e-99999"', "unreadable"),
    (f'"1.{ZEROS[1:]}"', "verified"),
    (f'"1.{ZEROS}"', "unreadable"),
    (f'"0.{ZEROS[2:]}1"', "verified"),
    (f'"0.{ZEROS[1:]}1"', "unreadable"),
    (f'"2{ZEROS[1:]}/4{ZEROS[1:]}"', "verified"),
    (f'"2{ZEROS}/4{ZEROS}"', "unreadable"),
    (f'"{ZEROS}1/{ZEROS}2"', "verified"),  # leading zeros are no digits
    (f'"{ZEROS}1e5"', "verified"),
    ('"1e0000000000005"', "verified"),
    ('"1e1000000"', "unreadable"),
    ('"0e99999999999999999999"', "rejected"),  # 0: singular
    ('"0.00e-99999999999999999999"', "rejected"),
    (f'"0.{"0" * 1_000_000}1e1000000"', "unreadable"),  # 1, but the exponent has 7 digits
    (f'"0.{"0" * 999_998}1e999999"', "verified"),
    ('"\\ud800"', "unreadable"),
]


@pytest.mark.parametrize(("number", "outcome"), ROWS, ids=[f"{text[:12]}...{len(text)}" for text, _ in ROWS])
def test_numbers(number: str, outcome: str, tmp_path: Path) -> None:
    assert both(json.dumps(NET).encode(), claim(number), tmp_path) == outcome


@pytest.mark.parametrize("bad", ["1.0", '"1"', "1e0", "true", "null", "10e-1"])
def test_versions_and_indices_are_integers(bad: str, tmp_path: Path) -> None:
    net = json.dumps(NET).encode()
    good = claim("1").decode()
    assert both(net, good.replace('"version": 1', f'"version": {bad}').encode(), tmp_path) == "unreadable"
    whole = good.replace('[[1]], "complete": []', '[], "complete": [0]', 1)
    assert both(net, whole.encode(), tmp_path) == "verified"
    assert both(net, whole.replace("[0]", f"[{bad}]").encode(), tmp_path) == "unreadable"


@pytest.mark.parametrize("text", [b"", b" \n", b"\xef\xbb\xbf", b"\xff", b"{}", b"[" * 200, b'"\\ud800"', b"1"])
def test_texts_that_are_no_certificate(text: bytes, tmp_path: Path) -> None:
    assert both(json.dumps(NET).encode(), text, tmp_path) == "unreadable"


@pytest.mark.parametrize("name", ["\ud800", "a\udfff"])
def test_half_a_surrogate_pair_has_no_digest(name: str, tmp_path: Path) -> None:
    net = {**NET, "inputs": [name], "nodes": [{**NET["nodes"][0], "args": [name]}]}
    assert both(json.dumps(net).encode(), claim("1"), tmp_path) == "unreadable"


def test_a_whole_pair_is_a_character(tmp_path: Path) -> None:
    net = {**NET, "inputs": ["\U0001f600"], "nodes": [{**NET["nodes"][0], "args": ["\U0001f600"]}]}
    assert both(json.dumps(net).encode(), claim("1"), tmp_path) == "rejected"  # another net, but a net


def test_all_numbers_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound made 2^20 bits, for speed: three numbers of 332,190 bits and 1 for the denominator fit, four do not."""
    assert json_text.MAX_BITS == second_nets.MOST_BITS == 2**30
    monkeypatch.setattr(json_text, "MAX_BITS", 2**20)
    monkeypatch.setattr(second_nets, "MOST_BITS", 2**20)
    for count, outcome in ((4, "unreadable"), (3, "rejected")):
        column = ", ".join(['"1e99999"'] * count)
        assert both(json.dumps(NET).encode(), claim(column), tmp_path) == outcome


def test_the_document_says_so() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "certificate.md").read_text(encoding="utf-8")
    for words in ("before anything is reduced", '"10e-100000"', "2^30 bits", "half of a surrogate pair", "4194304"):
        assert words in page
