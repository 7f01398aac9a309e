"""``check_many``: the stream of results, its errors, and what a single net may meet."""

from __future__ import annotations

import hashlib
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest
from support.cli_runner import ABS, UNIQUE, WEDGE

from subgrad_hardness import NetError, ParameterError, check, check_many, find_nets, generate, load
from subgrad_hardness.api.cross_checks import Disagreement
from subgrad_hardness.api.results import CheckResult
from subgrad_hardness.batch import deciding
from subgrad_hardness.batch.item import Item, Options
from subgrad_hardness.common.files import OutputError


def test_an_answer_without_the_certificate_asked_for() -> None:
    item = Item("a", "0", b"", Options(certificates="c"))
    assert deciding.answered(item, CheckResult(verdict="unique", uncertified="why")).status == 4
    assert deciding.answered(item, CheckResult(verdict="unknown")).status == 3
    assert deciding.answered(item._replace(options=Options()), CheckResult(verdict="unique")).status == 0


def test_the_library(tmp_path: Path) -> None:
    program = generate("3sat", variables=5, ratio=2, seed=1)
    nets: list[Any] = [ABS, Path(WEDGE), program, {"inputs": 1}, {"inputs": 1, "layers": [{"weight": [[1]]}]}, ABS]
    output = tmp_path / "out.jsonl"
    first = {result.net: result for result in check_many(nets, output=output, jobs=2)}
    assert list(map(len, (first, output.read_text().splitlines()))) == [5, 5]
    assert first["<net 3>"].verdict == check(program).verdict
    assert (first["<net 4>"].status, first["<net 4>"].verdict) == (2, None)
    assert first["<net 4>"].error == "<net>: neither layers nor nodes; a net has one of them"
    alone = first[ABS].result
    assert alone is not None and alone.certificate is not None
    assert repr(first[ABS]) == f"<NetResult: {ABS}: {alone!r}>"
    for result in first.values():
        assert pickle.loads(pickle.dumps(result)) == result
        assert not result.earlier
    second = {result.net: result for result in check_many(iter(nets), output=output)}
    assert all(result.earlier for result in second.values())
    assert {net: result.to_json() for net, result in first.items()} == {
        net: result.to_json() for net, result in second.items()
    }


def test_results_come_while_nets_are_still_made() -> None:
    made: list[int] = []

    def endless() -> Any:
        number = 0
        while True:
            made.append(number)
            yield generate("dense", widths="2-3-1", seed=number)
            number += 1

    results = check_many(endless(), certify=False, cross_checks=False)
    assert [next(results).net for _ in range(3)] == ["<net 1>", "<net 2>", "<net 3>"]
    assert len(made) <= 6
    results.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"solver": "guess"}, "solver: unknown solver 'guess'"),
        ({"time_limit": -1}, "time limit: -1 is not a number of seconds"),
        ({"memory_limit": 5}, "memory limit: 5 is not a number of bytes"),
        ({"threads": 0}, "threads: 0 is not a positive number of threads"),
        ({"jobs": 0}, "jobs: 0 is not a positive number of processes"),
        ({"jobs": True}, "jobs: True is not a positive number of processes"),
        ({"certificates": "c", "certify": False}, "certify: contradicts certificates"),
    ],
)
def test_options_are_looked_at_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        check_many([ABS], **options)
    assert str(caught.value).startswith(message)


def test_standard_input_is_one_net() -> None:
    with pytest.raises(ParameterError, match="-: standard input is one net; a batch takes files"):
        next(check_many(["-"]))


def test_the_disk_fills_up_with_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: str, _: str) -> None:
        raise OutputError(f"{path}: cannot be written: No space left on device")

    output = tmp_path / "out.jsonl"
    monkeypatch.setattr("subgrad_hardness.batch.stream.write_text", full)
    with pytest.raises(OutputError, match="No space left on device"):
        list(check_many([ABS], certificates=tmp_path, output=output))
    monkeypatch.undo()
    assert output.read_bytes() == b""  # no line says that there is a certificate
    (result,) = check_many([ABS], certificates=tmp_path, output=output)
    assert result.certificate is not None and Path(result.certificate).exists()


@pytest.mark.parametrize(
    ("problem", "status", "error", "evidence"),
    [
        (Disagreement("odd", {"net": {}}), 70, "internal error, no verdict: odd", "net"),
        (RuntimeError("two\nlines"), 70, "internal error, please report it: RuntimeError: two lines", "traceback"),
        (MemoryError(), 70, "out of memory", None),
        (NetError("no", file="a"), 2, "a: no", None),
    ],
)
def test_what_deciding_may_meet(
    monkeypatch: pytest.MonkeyPatch, problem: Exception, status: int, error: str, evidence: str | None
) -> None:
    def fail(*_: object, **__: object) -> CheckResult:
        raise problem

    monkeypatch.setattr(deciding, "check_within", fail)
    data = Path(ABS).read_bytes()
    result = deciding.decide(Item("a", hashlib.sha256(data).hexdigest(), data, Options()))
    assert (result.status, result.error) == (status, error)
    assert evidence is None if result.evidence is None else evidence in result.evidence


def test_a_file_that_does_not_fit_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr("subgrad_hardness.batch.items.read_bytes", fail)
    (result,) = check_many([ABS])
    assert (result.status, result.error) == (70, "out of memory")


def test_one_net_or_name_will_do() -> None:
    assert find_nets(ABS) == find_nets(Path(ABS)) == (ABS,)
    for net in (ABS, Path(ABS), load(ABS), {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}):
        assert [result.verdict for result in check_many(net)] == ["distinct"]


def test_a_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "subgrad_hardness.batch.journal", None)
    with pytest.raises(ParameterError, match="output: needs file locks, and this system has none"):
        next(check_many([UNIQUE], output=tmp_path / "out.jsonl"))
