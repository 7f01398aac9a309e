"""The shipped JSON Schemas against the readers and the writers."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any, NoReturn

import pytest
from jsonschema import Draft202012Validator
from support.malformed_nets import MALFORMED, MalformedNet
from support.paths import INSTANCES, ROOT

from subgrad_hardness import check, dumps, load, to_graph
from subgrad_hardness.api.check import check_within
from subgrad_hardness.api.results import CheckResult
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.schemas import NAMES, schema

MANIFEST = json.loads((INSTANCES / "manifest.json").read_text(encoding="utf-8"))["instances"]
FILES = [entry["file"] for entry in MANIFEST]

#: What JSON Schema cannot say: places that must fit together, names that must exist once, and
#: spellings of a number that one value has (2.0 is an integer to it, 1e400 a number).
BEYOND = {
    "version 1.0": "the spelling of a number",
    "row a real": "the spelling of a number",
    "weight overflows": "the spelling of a number",
    "weight overflows at length": "the spelling of a number",
    "exponent beyond reason": "the size of a number",
    "exponent beyond the limit": "the size of a number",
    "negative exponent beyond the limit": "the size of a number",
    "string of 10^5 + 1 digits": "the size of a number",
    "denominator of 10^5 + 1 digits": "the size of a number",
    "numbers beyond memory": "the size of many numbers",
    "denominators beyond memory": "the size of many numbers",
    "provenance nested 101 deep": "depth",
    "name half a pair": "broken text",
    "half a pair in provenance": "broken text",
    "half a pair as a provenance key": "broken text",
    "row too long": "sizes that must fit together",
    "layers do not fit": "sizes that must fit together",
    "bias too short": "sizes that must fit together",
    "coefficients too short": "sizes that must fit together",
    "shape does not fit": "sizes that must fit together",
    "units beyond reason": "sizes that must fit together",
    "row outside": "sizes that must fit together",
    "entry twice": "a place that must stand once",
    "id of an input": "a name that must stand once",
    "id twice": "a name that must stand once",
    "unknown argument": "a name that must exist",
    "line break in an argument": "a name that must exist",
    "unknown output": "a name that must exist",
    "cycle of one": "a cycle",
    "long cycle": "a cycle",
}


class _NotPlainJson(ValueError):
    """Text that a JSON parser refuses, or whose meaning JSON leaves open."""


def _no_constant(text: str) -> NoReturn:
    raise _NotPlainJson(text)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise _NotPlainJson("duplicate key")
    return dict(pairs)


def parse(data: bytes) -> Any:
    """The JSON value; _NotPlainJson for what never reaches a schema."""
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as problem:
        raise _NotPlainJson(str(problem)) from None


@cache
def validator(name: str) -> Any:
    return Draft202012Validator(schema(name))


def complaints(name: str, value: Any) -> list[str]:
    return [error.message for error in validator(name).iter_errors(value)]


@pytest.mark.parametrize("name", NAMES)
def test_the_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name) is not schema(name)


def test_unknown_schema() -> None:
    with pytest.raises(ValueError, match=f"unknown schema 'nets'; known: {', '.join(NAMES)}"):
        schema("nets")


@pytest.mark.parametrize("file", FILES)
def test_nets(file: str) -> None:
    data = (INSTANCES / file).read_bytes()
    assert complaints("net", parse(data)) == []
    program = load(INSTANCES / file)
    assert complaints("net", parse(dumps(program).encode())) == []
    assert complaints("net", parse(dumps(to_graph(program)).encode())) == []


@pytest.mark.parametrize("net", MALFORMED, ids=lambda net: net.name)
def test_malformed_nets(net: MalformedNet) -> None:
    try:
        value = parse(net.data)
    except _NotPlainJson:
        assert net.name not in BEYOND
        return
    assert bool(complaints("net", value)) == (net.name not in BEYOND)


def test_the_exceptions_are_known_and_few() -> None:
    assert set(BEYOND) <= {net.name for net in MALFORMED}
    assert 3 * len(BEYOND) < len(MALFORMED)


@pytest.mark.parametrize("number", ["1", "+1", "-1/3", "1/03", "0.1", "1.", ".5", "-2e-400", "1E+3", "007", "-0"])
def test_numbers(number: str) -> None:
    net: dict[str, Any] = {"inputs": 1, "layers": [{"weight": [[number]]}]}
    assert complaints("net", net) == []
    load(net)


@cache
def answer(file: str) -> CheckResult:
    return check_within(INSTANCES / file, Limits.seconds(2))


@pytest.mark.parametrize("file", FILES)
def test_reports_and_certificates(file: str) -> None:
    result = answer(file)
    report = json.loads(json.dumps(result.to_json()))
    assert complaints("report", report) == []
    assert result.certificate is not None
    assert complaints("certificate", parse(result.certificate.dumps().encode())) == []


@pytest.mark.parametrize(
    "result",
    [
        lambda: check(INSTANCES / "abs-identity.json", solver="search"),
        lambda: check(INSTANCES / "abs.json", time_limit=0),
        lambda: check(INSTANCES / "abs.json", cross_checks=False),
        lambda: check(INSTANCES / "sorting.json", point=["1/3", 0.1]),
        lambda: CheckResult(verdict="unknown", why="time limit"),
    ],
)
def test_reports_of_other_ends(result: Any) -> None:
    assert complaints("report", result().to_json()) == []


SPEC_KEYS = {
    "verdict",
    "digest",
    "point",
    "kinks",
    "kink_names",
    "nearest_kink",
    "subgradients",
    "directions",
    "separating_direction",
    "autodiff",
    "cross_checks",
    "solver",
    "certified",
    "believed",
    "seconds",
}


def test_a_report_has_exactly_its_keys() -> None:
    report = answer("abs.json").to_json()
    assert (
        set(schema("report")["required"])
        == set(report)
        == SPEC_KEYS | {"why", "effort", "statement", "outer", "version"}
    )
    for key in report:
        assert complaints("report", {other: value for other, value in report.items() if other != key})
    assert complaints("report", {**report, "more": None})


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "maybe"},
        {"verdict": "unique"},
        {"verdict": "unknown"},
        {"digest": "ABC"},
        {"point": [0]},
        {"point": ["0.5"]},
        {"point": ["-0"]},
        {"point": ["1/1"]},
        {"point": ["1\n"]},
        {"kinks": -1},
        {"kinks": True},
        {"kink_names": "u"},
        {"nearest_kink": {"distance": "0", "node": "u"}},
        {"subgradients": None},
        {"subgradients": [[["1"]]]},
        {"subgradients": [[["1"]], [["1"]]]},
        {"separating_direction": None},
        {"autodiff": {"gradient": [["0"]]}},
        {"cross_checks": [{"method": "cells", "agrees": True}]},
        {"certified": None},
        {"believed": {"verdict": "unknown", "by": "SCIP"}},
        {"seconds": -1},
        {"why": 1},
    ],
)
def test_wrong_reports(change: dict[str, Any]) -> None:
    assert complaints("report", {**answer("abs.json").to_json(), **change})


#: Faults that JSON Schema cannot say: an even length, the size or the spelling of a number.
_NO_SCHEMA = ("odd", "long-number", "a-double")


def test_certificates_with_thresholds() -> None:
    """The corpus's: what can be read passes, true or not, and what cannot does not, as far as a schema can say."""
    folder = ROOT / "tests" / "certificates"
    for kind, files in (("correct", "*-ways*.json"), ("incorrect", "*threshold*.json")):
        for file in folder.glob(f"{kind}/{files}"):
            assert complaints("certificate", parse(file.read_bytes())) == [], file.name
    refused = [file for file in folder.glob("unreadable/threshold-*.json") if not file.stem.endswith(_NO_SCHEMA)]
    refused.append(folder / "unreadable" / "distinct-key-that-the-other-kind-may-have.json")
    assert len(refused) > 15
    for file in refused:
        assert complaints("certificate", parse(file.read_bytes())), file.name


#: What JSON Schema cannot say of claims: an even length, the spelling of an integer, a zero denominator, integers and
#: other numbers in turn, the size of a number.
_NO_SCHEMA_OF_CLAIMS = (
    *("slopes-odd", "form-odd", "closed-by-half-a-pair", "closed-by-a-pair-and-a-half", "relu-a-whole-double"),
    *("long-number", "relu-a-double", "autodiff--relu-a-string"),
)


def test_claims() -> None:
    """The corpus's: what can be read passes, true or not, and what cannot does not, as far as a schema can say."""
    folder = ROOT / "tests" / "certificates" / "claims"
    for kind in ("correct", "incorrect"):
        for file in sorted(folder.glob(f"{kind}/*.json"))[::3]:
            assert complaints("certificate", parse(file.read_bytes())) == [], file.name
    refused = [path for path in folder.glob("unreadable/*.json") if not path.stem.endswith(_NO_SCHEMA_OF_CLAIMS)]
    assert len(refused) > 150
    for file in refused:
        assert complaints("certificate", parse(file.read_bytes())), file.name


def _certificate(path: list[str | int], value: Any) -> dict[str, Any]:
    certificate = copy.deepcopy(json.loads(answer("abs.json").certificate.dumps()))  # type: ignore[union-attr]
    place = certificate
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return dict(certificate)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format"], "certificate"),
        (["version"], 2),
        (["kind"], "unique"),
        (["digest"], "0" * 63),
        (["digest"], "0" * 64 + "\n"),
        (["directions"], []),
        (["directions", 0, "leading", 0, 0], "1/0"),
        (["directions", 0, "leading", 0, 0], None),
        (["directions", 1, "complete"], [-1]),
        (["directions", 1, "complete"], None),
        (["directions", 1, "columns"], []),
        (["name"], "x"),
    ],
)
def test_wrong_certificates(path: list[str | int], value: Any) -> None:
    assert complaints("certificate", _certificate(path, value))
