"""The curated benchmark set: what its manifest says is so, and the script makes it byte for byte."""

from __future__ import annotations

import json
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.paths import ROOT

import subgrad_hardness
from subgrad_hardness.local.localise import localise

FOLDER = ROOT / "instances" / "benchmark"
MANIFEST: list[dict[str, Any]] = json.loads((FOLDER / "manifest.json").read_bytes())["instances"]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "data" / "make_benchmark_set.py"))

#: One small net of each family and of each stack of obfuscations; ``--decide`` of the script decides all of them.
SAMPLE = list(
    {
        (entry["family"], entry["verdict"], *entry["obfuscated"]): entry
        for entry in sorted(MANIFEST, key=lambda entry: -entry["kinks"])
        if entry["kinks"] <= 1000
    }.values()
)


def test_the_manifest_names_the_files() -> None:
    files = {path.name: path.stat().st_size for path in FOLDER.iterdir() if path.name != "manifest.json"}
    assert files == {entry["file"]: entry["bytes"] for entry in MANIFEST}
    assert len(files) >= 200
    assert sum(files.values()) <= 30_000_000


def test_it_is_varied() -> None:
    families = {entry["family"] for entry in MANIFEST}
    assert families == {family.name for family in subgrad_hardness.families()}
    verdicts = Counter(entry["verdict"] for entry in MANIFEST)
    assert set(verdicts) == {"distinct", "unique"}  # none is unknown
    assert min(verdicts.values()) >= len(MANIFEST) // 3
    assert all(entry["known_by"] for entry in MANIFEST)


def test_no_engine_of_ours_is_the_source_of_a_verdict() -> None:
    for entry in MANIFEST:
        assert not any(engine in entry["known_by"] for engine in (" phase", " circuit", "our engine"))


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_the_net_is_the_one_described(entry: dict[str, Any]) -> None:
    program = subgrad_hardness.load(FOLDER / entry["file"])
    assert program.digest == entry["digest"]
    assert program.input_count == entry["inputs"]
    assert len(localise(program).kink_units) == entry["kinks"]
    facts = program.provenance
    assert facts is not None
    assert (facts["family"], facts["verdict"], facts["known_by"]) == (
        entry["family"],
        entry["verdict"],
        entry["known_by"],
    )


@pytest.mark.parametrize("entry", SAMPLE, ids=lambda entry: entry["file"])
def test_known_verdict(entry: dict[str, Any]) -> None:
    result = subgrad_hardness.check(FOLDER / entry["file"], time_limit=60)
    assert result.verdict == entry["verdict"]
    assert result.certified


def small(**changes: Any) -> dict[str, Any]:
    group = {"family": "partition", "parameters": {"count": [3, 4], "bits": [2, 5]}, "seeds": [0]}
    return {"sets": [{**group, **changes}]}


def test_lists_of_values_are_combined() -> None:
    names = [entry.name for entry in SCRIPT["entries"](small(seeds=[3, 4]))]
    assert len(names) == len(set(names)) == 8
    assert names[0] == "partition-3-2-s3"
    assert names[-1] == "partition-4-5-s4"


def test_write_check_and_decide(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = SCRIPT["main"]
    specification = tmp_path / "small.json"
    specification.write_text(json.dumps(small()), encoding="utf-8")
    folder = tmp_path / "set"
    options = ["--from", str(specification), "--folder", str(folder)]
    assert main(options) == 0
    assert len(list(folder.iterdir())) == 5
    assert main([*options, "--check"]) == 0
    assert main([*options, "--decide"]) == 0
    assert "4 nets: 4 right, 4 certified, 0 undecided, 0 wrong" in capsys.readouterr().out
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["instances"][2]["verdict"] = {"distinct": "unique", "unique": "distinct"}[
        manifest["instances"][2]["verdict"]
    ]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert main([*options, "--decide"]) == 1
    assert main([*options, "--check"]) == 1
    assert "not as the script makes them: manifest.json\n" in capsys.readouterr().err


def test_nothing_is_written_of_a_set_with_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, folder = tmp_path / "set.json", tmp_path / "set"
    options = ["--from", str(file), "--folder", str(folder)]
    sorting = {"family": "sorting", "parameters": {"inputs": 3}, "seeds": [1, 2]}
    for fault in ({"family": "thincone", "parameters": {"levels": 2}, "seeds": [1]}, sorting):
        file.write_text(json.dumps({"sets": [*small()["sets"], fault]}), encoding="utf-8")
        assert SCRIPT["main"](options) == 2
        assert not folder.exists()
    assert "sorting-3-s2: the same net as sorting-3-s1: the seed changes nothing" in capsys.readouterr().err
    assert SCRIPT["main"]([*options, "--decide"]) == 2
    assert capsys.readouterr().err == f"{folder}: no manifest.json there: make the set first, without --decide\n"


@pytest.mark.parametrize(
    "specification",
    [
        small(family="no such family"),
        small(colour=1),
        small(parameters={"count": 0}),
        small(seeds=[1, 1]),
        {"sets": [{}]},
        {},
    ],
)
def test_bad_specifications(specification: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(specification), encoding="utf-8")
    assert SCRIPT["main"](["--from", str(file), "--folder", str(tmp_path / "set")]) == 2
    message = capsys.readouterr().err
    assert message.count(str(file)) == 1
