"""``generate --seeds``; ``encode`` and ``verify`` for many nets: all files or none, one line each, the worst status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.cli_runner import ABS, UNIQUE, WEDGE, Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.cli import generate as command
from subgrad_hardness.common.files import OutputError, write_files


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


THREE = ("generate", "3sat", "--variables", "4", "--ratio", "3")


def test_seeds_make_the_nets_of_the_single_commands(run: Command, tmp_path: Path) -> None:
    ran = run(*THREE, "--seeds", "8-9,11", "-o", tmp_path / "new" / "nets")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"3 nets written to {tmp_path / 'new' / 'nets'}: 3 of unknown verdict\n"
    files = sorted((tmp_path / "new" / "nets").iterdir())
    assert [file.name for file in files] == ["ksat-seed0008.json", "ksat-seed0009.json", "ksat-seed0011.json"]
    for file, seed in zip(files, (8, 9, 11), strict=True):
        assert sh.load(file) == sh.generate("3sat", variables=4, ratio=3, seed=seed)
    assert run(*THREE, "--seeds", "7", "-o", tmp_path / "n{seed}.json").status == 0
    assert (tmp_path / "n0007.json").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seeds", "3-1", "-o", "x"], "'3-1' is neither a seed nor a range of seeds"),
        (["--seeds", "1-", "-o", "x"], "'1-' is neither"),
        (["--seeds", "1-100000000", "-o", "x"], "more than 100000 seeds"),
        (["--seeds", "1-2"], "give -o FOLDER"),
        (["--seeds", "1-2", "--seed", "3", "-o", "x"], "contradicts --seed"),
        (["--seeds", "1-2", "-o", "x{seed}/a.json"], "stands in the name of a folder"),
        (["--seeds", f"{2**64 - 1}-{2**64}", "-o", "x"], "is outside"),
    ],
)
def test_bad_seeds_leave_nothing(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(*THREE, *words)
    assert ran.status == 2
    assert said in ran.error
    assert not list(tmp_path.iterdir())


def test_the_line_says_what_was_made(run: Command, tmp_path: Path) -> None:
    planted = ("generate", "3sat", "--variables", "3", "--ratio", "1", "--planted", "-o", tmp_path)
    assert run(*planted, "--seeds", "1-2").out == f"2 nets written to {tmp_path}: 2 distinct\n"
    grown = run(*planted, "--seeds", "1-4")
    assert grown.out == f"4 nets written to {tmp_path}: 4 distinct\n"  # nothing twice, and nothing new replaced
    assert len(list(tmp_path.iterdir())) == 4
    (tmp_path / "ksat-seed0002.json").write_text("{}")
    assert "1 file of other contents replaced" in run(*planted, "--seeds", "2-3").out


@pytest.mark.parametrize("family", [family for family in sh.families() if family.name in {"sorting", "pooling"}])
def test_seeds_that_do_not_matter_are_refused(run: Command, tmp_path: Path, family: Any) -> None:
    ran = run("generate", family.name, "--seeds", "1-2", "-o", tmp_path / "new")
    assert ran.status == 2
    assert "the same net" in ran.error
    assert "--moved" in ran.error
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("zonotope", "--inputs", "4", "--outside"), "--outside: needs --construction scaled"),
        (("thincone", "--levels", "2", "--k", "5", "--seeds", "1-2"), "draws nothing at random"),
        (
            ("partition", "--count", "4", "--numbers", "8"),
            "--numbers 8 (see subgrad-hardness generate partition --help)",
        ),
    ],
)
def test_errors_speak_of_options_and_of_their_family(run: Command, words: tuple[str, ...], said: str) -> None:
    ran = run("generate", *words)
    assert ran.status == 2
    assert said in ran.error


def test_the_list_names_the_options(run: Command) -> None:
    assert "options: --kind {resonance,threshold}, --size N\n" in run("generate", "list").out


def test_families_that_draw_only_with_a_flag_say_so() -> None:
    declared = {
        family.name: seed.only_with
        for family in sh.families()
        for seed in family.parameters
        if seed.name == "seed" and seed.only_with
    }
    assert set(declared) == {"sorting", "scan", "absolute", "isotonic", "totalvariation", "shortestpath"}
    for name, flag in declared.items():
        assert len({sh.generate(name, seed=seed).digest for seed in range(3)}) == 1
        assert len({sh.generate(name, seed=seed, **{str(flag): True}).digest for seed in range(3)}) > 1


def test_an_end_in_the_middle_leaves_nothing(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ksat-seed0001.json").write_text("old")

    def stopped(*_: object, seed: int, **__: object) -> sh.Program:
        if seed == 3:
            raise KeyboardInterrupt
        return sh.load(ABS)

    monkeypatch.setattr(command, "generate", stopped)
    assert run(*THREE, "--seeds", "1-5", "-o", tmp_path).status == 130
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("ksat-seed0001.json", "old")]


def test_many_files_or_none(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no-folder"):
        write_files([(tmp_path / "a", b"1"), (tmp_path / "no-folder" / "b", b"2")])
    assert not list(tmp_path.iterdir())
    assert write_files([(tmp_path / "a", b"1"), (tmp_path / "b", b"2")]) == 2
    assert sorted((file.name, file.read_bytes()) for file in tmp_path.iterdir()) == [("a", b"1"), ("b", b"2")]


def test_encode_many(run: Command, tmp_path: Path) -> None:
    nets = tmp_path / "nets"
    for name, source in (("a", ABS), ("below/a", WEDGE)):
        file = nets / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(Path(source).read_bytes())
    out = tmp_path / "out"
    ran = run("encode", nets, "--to", "smtlib", "-o", out)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{nets}/a.json: {out}/a.smt2\n{nets}/below/a.json: {out}/below/a.smt2\n"
    assert (out / "below" / "a.smt2").read_text() == sh.encode(WEDGE, "smtlib")
    (nets / "bad.json").write_text("{")
    ran = run("encode", nets, "--to", "lp", "-o", out)
    assert (ran.status, len(ran.out.splitlines()), len(ran.err.splitlines())) == (2, 2, 1)
    assert ran.err.startswith(f"{nets}/bad.json: ")
    assert not (out / "bad.lp").exists()
    assert run("encode", nets, "--to", "lp").error == "-o: many nets need -o FOLDER"
    (nets / "a.net").write_text("inputs x; f = abs x; outputs f")
    assert "would both be written" in run("encode", nets / "a.json", nets / "a.net", "--to", "lp", "-o", out).error


def test_verify_many(run: Command, tmp_path: Path) -> None:
    lines, folder = tmp_path / "lines", tmp_path / "certificates"
    list(sh.check_many([ABS, UNIQUE], output=lines, certificates=folder))
    files = {str(result["net"]): str(result["certificate"]) for result in map(json.loads, lines.open())}
    expected = f"{ABS}: VERIFIED distinct\n{UNIQUE}: VERIFIED unique\n"
    pairs = [word for pair in files.items() for word in pair]
    for words in (pairs, ["--batch", lines], ["--certificates", folder, ABS, UNIQUE]):
        ran = run("verify", *words)
        assert (ran.status, ran.out, ran.err) == (0, expected, "2 of 2 certificates verified\n")
    ran = run("verify", *pairs, "--json")
    assert [json.loads(line)["status"] for line in ran.out.splitlines()] == [0, 0]

    ran = run("verify", ABS, files[ABS], UNIQUE, files[ABS])  # that of another net
    assert ran.status == 1
    assert ran.out.splitlines()[1].startswith(f"{UNIQUE}: REJECTED: the certificate is for another net")
    ran = run("verify", "--certificates", folder, ABS, WEDGE)
    assert ran.status == 4
    assert ran.out.splitlines()[1].startswith(f"{WEDGE}: NO CERTIFICATE: no {folder}")
    ran = run("verify", ABS, files[ABS], tmp_path / "none.json", files[ABS], UNIQUE, ABS, "--json")
    assert ran.status == 2
    assert [json.loads(line)["verified"] for line in ran.out.splitlines()] == [True, None, None]
    assert run("verify", *pairs, "--time-limit", "0").status == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([ABS, ABS, ABS], "nets and certificates come in pairs"),
        ([ABS, ABS, "-", ABS], "standard input is one file"),
        (["--batch", ABS], "line 1: no line of a batch"),
        (["--batch", ABS, ABS], "has nets, certificates and points of its own"),
        (["--certificates", "x"], "there is none"),
        (["--certificates", "x", ABS, "--other", ABS], "is for one certificate"),
    ],
)
def test_what_verify_refuses(run: Command, words: list[str], said: str) -> None:
    ran = run("verify", *words)
    assert ran.status == 2
    assert said in ran.error
