"""The shipped instances: every one is what its manifest says, and check agrees with the known verdict."""

from __future__ import annotations

import json
import runpy
from typing import Any

import pytest
from support.paths import ROOT

import subgrad_hardness

FOLDER = ROOT / "instances"
MANIFEST: list[dict[str, Any]] = json.loads((FOLDER / "manifest.json").read_bytes())["instances"]


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_known_verdict(entry: dict[str, Any]) -> None:
    program = subgrad_hardness.load(FOLDER / entry["file"])
    assert program.digest == entry["digest"]
    assert program.provenance is not None
    assert {key: program.provenance[key] for key in ("about", "verdict", "known_by")} == {
        key: entry[key] for key in ("about", "verdict", "known_by")
    }
    result = subgrad_hardness.check(program)
    assert result.verdict == entry["verdict"]
    assert not [check for check in result.cross_checks or () if check.agrees is False]
    assert result.certified
    assert result.certificate is not None
    assert subgrad_hardness.verify(FOLDER / entry["file"], result.certificate).verdict == entry["verdict"]


def test_manifest_and_folder_name_the_same_files() -> None:
    files = {path.name for path in FOLDER.glob("*.json")} - {"manifest.json"}
    assert files == {entry["file"] for entry in MANIFEST}
    assert len(files) >= 40
    assert {entry["verdict"] for entry in MANIFEST} == {"distinct", "unique"}


def test_the_script_makes_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts" / "data")
    made = runpy.run_path(str(ROOT / "scripts" / "data" / "make_instances.py"))["files"]()
    assert {name: text.encode("utf-8") for name, text in made.items()} == {
        path.name: path.read_bytes() for path in FOLDER.glob("*.json")
    }


def test_backpropagation_is_wrong_where_the_name_says_so() -> None:
    for entry in MANIFEST:
        if entry["file"].startswith("backprop"):
            result = subgrad_hardness.check(FOLDER / entry["file"])
            assert result.autodiff is not None
            assert result.subgradients is not None
            assert result.autodiff.gradient not in result.subgradients
