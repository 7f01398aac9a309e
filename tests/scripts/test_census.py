"""The census's records: kept across runs, with the same options only, and told as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.paths import ROOT

import subgrad_hardness as sh

RECORD: dict[str, Any] = {
    "by": "inputs", "verdict": "conservative", "explained": True, "kinks": 2, "live": 1, "causes": {"terms cancel": 2},
    "where": {"relu": 2}, "nearest": 0.25, "nearest_node": "relu[0,1]", "seconds": 0.5, "right": 0.9,
}  # fmt: skip


def test_a_run_goes_on_where_another_one_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts" / "experiments")
    from counting_kinks.kept import Kept

    path = tmp_path / "census.jsonl"
    with Kept(str(path), {"seed": 0}) as kept:
        kept.add("wine; 0", RECORD)
        kept.add("wine; 1", RECORD)
    with path.open("ab") as file:
        file.write(b'{"census": "wine; 2", "opt')  # kill -9
    with Kept(str(path), {"seed": 0}) as kept:
        assert kept.records == {"wine; 0": RECORD, "wine; 1": RECORD}
        kept.add("wine; 2", RECORD)
    assert len(path.read_bytes().splitlines()) == 3
    with pytest.raises(sh.ParameterError, match="made with other options"):
        Kept(str(path), {"seed": 1})
    path.write_bytes(b"something else\n")
    with pytest.raises(sh.ParameterError, match="no line of a census"):
        Kept(str(path), {"seed": 0})


def test_table_csv_and_claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts" / "experiments")
    import census
    from counting_kinks.shown import table, write_csv
    from counting_kinks.training import Setting

    setting = Setting("wine", "binary", "dense", False)
    shown = table({(setting, "inputs"): [RECORD]}).splitlines()[-1]
    assert shown.startswith("| wine | binary | dense | no | inputs | 1 | 1 | terms cancel 2 | 0.25 |")
    write_csv(str(tmp_path / "c.csv"), [(setting, 3, RECORD)])
    assert (tmp_path / "c.csv").read_text().splitlines()[1].startswith("wine,binary,dense,False,3,inputs,conservative,")
    said = list(census.claims([(setting, 0, {**RECORD, "by": "parameters"})]))
    assert "0 of 1 are Clarke subgradients; 1 points are at a kink; others: conservative 1" in said[1]
