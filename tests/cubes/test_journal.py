"""The file of a split question: nothing is done twice, nothing foreign is taken, half a line is none."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from support.cube_nets import TINY, by_cubes

from subgrad_hardness import OutputError, ParameterError, Program, check, generate, verify
from subgrad_hardness.cubes.tree import Tree
from subgrad_hardness.question.answer import Refutation, Witness

NET = generate("maxcut", vertices=5, offset=1)


def kept(path: Path, net: Program = NET) -> list[dict[str, Any]]:
    """The lines of a file that a whole run leaves."""
    by_cubes(net, TINY._replace(resume=path))
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_finished_run_does_nothing_again(tmp_path: Path) -> None:
    path = tmp_path / "cubes"
    lines = kept(path)
    before = path.read_bytes()
    assert lines[0].keys() == {"cubes", "question"}
    assert sum("split" in line for line in lines) > 2
    asked = by_cubes(NET, TINY._replace(resume=path))
    answer = asked.decision.answer
    assert isinstance(answer, Refutation) and answer.effort["cubes"] == sum("rests_on" in line for line in lines)
    assert answer.why.endswith("of them earlier")
    assert path.read_bytes() == before
    file = tmp_path / "certificate"
    file.write_bytes(asked.certificate())
    assert verify(NET, file).verified


@pytest.mark.parametrize("end", [b"", b'{"cube":"+', b'{"cube":"+","spl\0\0', b"\0\0"])
def test_any_beginning_of_a_file_is_gone_on_from(tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "cubes"
    kept(path)
    lines = path.read_bytes().splitlines(keepends=True)
    for count in (0, 1, len(lines) // 2):
        path.write_bytes(b"".join(lines[:count]) + (end if count else b""))
        asked = by_cubes(NET, TINY._replace(resume=path))
        assert isinstance(asked.decision.answer, Refutation)
        assert asked.decision.answer.proof is not None
        assert path.read_bytes().startswith(b"".join(lines[:count]))


def test_a_witness_is_replayed(tmp_path: Path) -> None:
    net = generate("maxcut", vertices=6, offset=0)
    path = tmp_path / "cubes"
    lines = kept(path, net)
    assert "direction" in lines[-1]
    before = path.read_bytes()
    asked = by_cubes(net, TINY._replace(resume=path))
    assert isinstance(asked.decision.answer, Witness)
    assert asked.posed.question.holds(asked.decision.answer.direction)
    assert path.read_bytes() == before
    lines[-1]["direction"] = [0] * 6  # no witness: it is looked for again
    path.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines), "utf-8")
    assert isinstance(by_cubes(net, TINY._replace(resume=path)).decision.answer, Witness)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("no line\n", "line 1"),
        ('{"net":"x"}\n', "line 1"),
        ('{"cubes":1,"question":"x"}\n', "line 1: made for another net, point, seed or kind of certificate"),
        ('{"cube":"","split":[0,1]}\n', "line 1: made for another net"),
    ],
)
def test_foreign_files_stay_as_they_are(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "cubes"
    path.write_text(text, "utf-8")
    with pytest.raises(ParameterError) as caught:
        by_cubes(NET, TINY._replace(resume=path))
    assert str(caught.value).startswith(f"{path}: {place}")
    assert path.read_text("utf-8") == text


@pytest.mark.parametrize(
    "line",
    [
        {"cube": "+-+-+", "split": [0, 1]},
        {"cube": "", "split": [0]},
        {"cube": "", "split": ["0", 1]},
        {"cube": "", "split": []},
        {"cube": "", "rests_on": [7], "case": None},
        {"cube": "", "rests_on": [], "case": {}},
        {"cube": "", "direction": ["x"]},
        {"cube": []},
        {"cube": ""},
    ],
)
def test_lines_that_mean_nothing_are_refused(tmp_path: Path, line: dict[str, Any]) -> None:
    path = tmp_path / "cubes"
    head = json.dumps(kept(path)[0], separators=(",", ":"))
    path.write_text(head + "\n" + json.dumps(line, separators=(",", ":")) + "\n", "utf-8")
    with pytest.raises(ParameterError, match="line 2: no line of a split question; give another file"):
        by_cubes(NET, TINY._replace(resume=path))


def test_another_question_is_another_file(tmp_path: Path) -> None:
    path = tmp_path / "cubes"
    kept(path)
    with pytest.raises(ParameterError, match="made for another net"):
        by_cubes(generate("maxcut", vertices=4, offset=1), TINY._replace(resume=path))
    with pytest.raises(ParameterError, match="kind of certificate"):
        by_cubes(NET, TINY._replace(resume=path, proofs=False))


def test_a_proof_in_a_file_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "cubes"
    lines = kept(path)
    place = next(number for number, line in enumerate(lines) if line.get("case"))
    whole = lines[place]["case"]
    steps, supposed = whole["derivation"], whole["supposed"]
    for damaged in (
        {**whole, "derivation": steps[:-1]},
        {**whole, "supposed": supposed[:-1]},
        {**whole, "supposed": [*supposed, [0, -1]]},
        {**whole, "lemmas": whole["lemmas"][:-1]},
    ):
        changed = [*lines[:place], {**lines[place], "case": damaged}, *lines[place + 1 :]]
        path.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in changed), "utf-8")
        with pytest.raises(ParameterError, match=f"line {place + 1}: its proof proves nothing; give another file"):
            by_cubes(NET, TINY._replace(resume=path))


def test_no_file_locks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "subgrad_hardness.cubes.journal", None)
    with pytest.raises(ParameterError, match="resume: needs file locks, and this system has none"):
        by_cubes(NET, TINY._replace(resume=tmp_path / "cubes"))


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: No such file or directory"):
        check(NET, resume=tmp_path / "no" / "cubes", cube_seconds=1e-6)


def test_a_cube_falls_with_what_it_rests_on() -> None:
    """A refutation that does not rest on a half's own form is one of the other half, too, up to the root."""
    first, second, third = ((0, 1),), ((1, 1),), ((2, 1),)
    tree = Tree((first,))
    positive, negative = tree.split(tree.root, second)
    deep, other = tree.split(positive, third)
    assert [node.name for node in tree.open()] == ["++", "+-", "-"]
    tree.fall(deep, frozenset([first, second]), None)
    assert positive.fallen and other.fallen and not tree.root.fallen
    assert [node.name for node in tree.open()] == ["-"]
    tree.fall(negative, frozenset([negative.half]), None)
    assert tree.root.rests_on == frozenset([first])
    assert list(tree.open()) == []
