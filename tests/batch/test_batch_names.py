"""The nets of a batch by name: files, folders, globs, manifests."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.paths import INSTANCES

from subgrad_hardness import NetError, ParameterError, find_nets


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with nets in it and below."""
    monkeypatch.chdir(tmp_path)
    for name in ("b.json", "a.json", "deep/c.json", "deep/er/d.json", "manifest.json", "deep/manifest.json", "e.txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("nets", "found"),
    [
        (["."], ["a.json", "b.json", "deep/c.json", "deep/er/d.json"]),
        (["deep", "a.json"], ["deep/c.json", "deep/er/d.json", "a.json"]),
        (["deep/"], ["deep/c.json", "deep/er/d.json"]),
        (["*.json"], ["a.json", "b.json"]),
        (["**/*.json"], ["a.json", "b.json", "deep/c.json", "deep/er/d.json"]),
        (["*"], ["a.json", "b.json", "e.txt"]),
        (["?.json", "."], ["a.json", "b.json", "deep/c.json", "deep/er/d.json"]),
        (["b.json", "./b.json", "a.json", "b.json"], ["b.json", "a.json"]),
        (["missing.json", "e.txt"], ["missing.json", "e.txt"]),
        (["a.json", "manifest.json"], ["a.json"]),
        (["", "a\0b"], ["", "a\0b"]),
        ([], []),
    ],
)
def test_names(nets: list[str], found: list[str]) -> None:
    assert list(find_nets(nets)) == found
    assert list(find_nets(map(Path, nets) if all(nets) else nets)) == found


@pytest.mark.usefixtures("here")
def test_a_file_whose_name_looks_like_a_glob() -> None:
    Path("[a].json").write_text("{}", encoding="utf-8")
    assert find_nets(["[a].json"]) == ("[a].json",)
    assert find_nets(["[ab].json"]) == ("a.json", "b.json")
    assert find_nets(["*.json"]) == ("[a].json", "a.json", "b.json")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("c.json\n../a.json\n", ["deep/c.json", "deep/../a.json"]),
        ("c.json\r\n\r\n  \ner/d.json", ["deep/c.json", "deep/er/d.json"]),
        ("\ufeffc.json\nc.json\n./c.json\n", ["deep/c.json"]),
        ("/x/y.json\nmanifest.json\n*.json", ["/x/y.json", "deep/manifest.json", "deep/*.json"]),
    ],
)
def test_a_text_manifest(text: str, found: list[str]) -> None:
    Path("deep/list.txt").write_text(text, encoding="utf-8")
    assert list(find_nets((), "deep/list.txt")) == found
    assert list(find_nets(["a.json"], Path("deep/list.txt"))) == ["a.json", *found]


def test_standard_input_as_a_manifest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a.json\nb/c.json\n")))
    assert find_nets((), "-") == ("a.json", "b/c.json")


def test_the_manifest_of_the_instances() -> None:
    listed = (*find_nets((), INSTANCES / "manifest.json"), *find_nets((), INSTANCES / "benchmark" / "manifest.json"))
    assert sorted(listed) == list(find_nets([INSTANCES]))
    assert len(listed) > 50 + 200


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("nets", "manifest", "message"),
    [
        (["empty"], None, "empty: no net (*.json) in this folder"),
        (["x*.json"], None, "x*.json: no file matches"),
        (["dee*"], None, "dee*: no file matches"),
        (["-"], None, "-: standard input is one net; a batch takes files"),
        ([], "missing.txt", "missing.txt: cannot be read: No such file or directory"),
        ([], "deep", "deep: cannot be read: Is a directory"),
        ([], "a.json", "a.json: no list of instances; a manifest is an object with one"),
        ([], "e.txt", "e.txt: lists no net"),
        ([], "none.json", "none.json: lists no net"),
        ([], "broken.json", "broken.json: line 1 column 2: not JSON: "),
        ([], "twice.json", 'twice.json: manifest: key "instances" stands twice'),
        ([], "names.json", "names.json: instances[1]: no object with a file"),
        ([], "number.json", "number.json: instances[0].file: the number 1, expected a path"),
        ([], "object.json", "object.json: instances: an object, expected a list of objects with a file"),
    ],
)
def test_refused(nets: list[str], manifest: str | None, message: str) -> None:
    Path("empty").mkdir()
    Path("e.txt").write_text("\n", encoding="utf-8")
    for name, value in (
        ("none", {"instances": []}),
        ("names", {"instances": [{"file": "a.json"}, "b.json"]}),
        ("number", {"instances": [{"file": 1}]}),
        ("object", {"instances": {}}),
    ):
        Path(f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    Path("broken.json").write_text("{", encoding="utf-8")
    Path("twice.json").write_text('{"instances": [], "instances": []}', encoding="utf-8")
    with pytest.raises((NetError, ParameterError)) as caught:
        find_nets(nets, manifest)
    assert str(caught.value).startswith(message)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.usefixtures("here")
def test_a_folder_that_cannot_be_listed() -> None:
    Path("deep/er").chmod(0)
    try:
        with pytest.raises(NetError, match=r"deep/er: cannot be read: Permission denied"):
            find_nets(["."])
    finally:
        Path("deep/er").chmod(0o755)


@given(st.lists(st.text("ab/.", min_size=1, max_size=6).filter(lambda name: not Path(name).is_dir())))
def test_each_name_is_met_once_in_order(names: list[str]) -> None:
    found = find_nets(names)
    assert len(set(found)) == len(found)
    assert set(found) == {str(Path(name)) for name in names}
    assert find_nets(found) == found


def test_lines_of_a_batch_are_no_manifest(tmp_path: Path) -> None:
    lines = tmp_path / "results.jsonl"
    lines.write_text('{"net":"a.json","verdict":"unique"}\n')
    with pytest.raises(NetError, match="verify --batch takes these"):
        find_nets([], lines)
