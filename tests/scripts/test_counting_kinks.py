"""The script's census: its records told as a table, and the claims beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.paths import ROOT

RECORD: dict[str, Any] = {
    "by": "inputs", "verdict": "conservative", "explained": True, "kinks": 2, "live": 1, "causes": {"terms cancel": 2},
    "where": {"relu": 2}, "nearest": 0.25, "nearest_node": "relu[0,1]", "seconds": 0.5, "right": 0.9,
}  # fmt: skip


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
