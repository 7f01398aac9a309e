"""``encode`` and ``decode`` on the command line: files, standard streams, exit statuses, refusals."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from support.cli_runner import ABS, UNIQUE, Command, in_process, spawn
from support.cvc5_runs import cvc5
from support.paths import ROOT

from subgrad_hardness import ParameterError, dumps, encode, generate
from subgrad_hardness.common.words import missing_extra
from subgrad_hardness.encoders.registry import ENCODERS

#: The limit holds within a second; the machine that tests may be busy.
MARGIN = 1.5

FORMATS = [encoder.name for encoder in ENCODERS]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def answer(folder: Path, text: str) -> Path:
    file = folder / "answer.txt"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "onnx"])
def test_a_file_and_standard_output_hold_the_same(command: Command, tmp_path: Path, form: str) -> None:
    file = tmp_path / "out"
    ran = command("encode", ABS, "--to", form, "-o", file)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert command("encode", ABS, "--to", form).out == file.read_text(encoding="utf-8")


def test_binary_output(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    file = tmp_path / "abs.onnx"
    assert spawn(["encode", ABS, "--to", "onnx", "-o", file]).status == 0
    onnx.checker.check_model(onnx.load(str(file)))
    ran = spawn(["encode", ABS, "--to", "onnx", "-o", tmp_path / "none" / "abs.onnx"])
    assert ran.status == 74
    assert "abs.onnx: cannot be written: No such file or directory" in ran.error
    assert list(tmp_path.iterdir()) == [file]


def test_binary_output_onto_a_stream(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    file = tmp_path / "stream"
    with file.open("wb") as stream:
        assert spawn(["encode", ABS, "--to", "onnx"], stdout=stream).status == 0
    other = tmp_path / "file"
    assert spawn(["encode", ABS, "--to", "onnx", "-o", other]).status == 0
    assert file.read_bytes() == other.read_bytes()


def test_the_way_there_and_back(command: Command, tmp_path: Path) -> None:
    question, certificate = tmp_path / "q.smt2", tmp_path / "c.json"
    command("encode", ABS, "--to", "smtlib", "-o", question)
    file = answer(tmp_path, cvc5(question.read_text(encoding="utf-8")))
    ran = command("decode", ABS, file, "--from", "smtlib", "--certificate", certificate)
    assert ran.status == 0
    assert ran.out.startswith("DISTINCT: ")
    assert "decided by: an outside solver's answer (smtlib)" in ran.out
    assert "certified: by a certificate that the independent verifier accepted" in ran.out
    assert command("verify", ABS, certificate).out == "VERIFIED distinct\n"
    report = command("decode", ABS, file, "--from", "smtlib", "--json").json
    assert (report["verdict"], report["certified"], report["believed"]) == ("distinct", True, None)


def test_a_claim_is_reported_as_a_claim(command: Command, tmp_path: Path) -> None:
    certificate = tmp_path / "c.json"
    ran = command("decode", UNIQUE, answer(tmp_path, "unsat\n"), "--from", "smtlib", "--certificate", certificate)
    assert ran.status == 3
    assert ran.out == (
        "UNKNOWN: no exact answer.\n"
        "  why: the solver claims that there is no direction; that is no proof\n"
        "  claimed: unique, by the solver that answered (smtlib)\n"
    )
    assert not certificate.exists()
    report = command("decode", UNIQUE, answer(tmp_path, "s UNSATISFIABLE"), "--from", "cnf", "--json").json
    assert report["believed"] == {"verdict": "unique", "by": "the solver that answered (cnf)"}
    ran = command("decode", UNIQUE, answer(tmp_path, "unknown\n"), "--from", "smtlib")
    assert ran.out == "UNKNOWN: no exact answer.\n  why: the answer claims nothing\n"


def test_a_false_direction_is_not_believed(command: Command, tmp_path: Path) -> None:
    ran = command("decode", UNIQUE, answer(tmp_path, "sat\n((d0 1))\n"), "--from", "smtlib")
    assert ran.status == 3
    assert "claims that there is a direction, but none of 1 in and near the answer separates anything" in ran.out


def test_standard_input(tmp_path: Path) -> None:
    net = Path(ABS).read_bytes()
    ran = spawn(["encode", "-", "--to", "cnf"], input=net)
    assert (ran.status, ran.out[:11]) == (0, "c DIMACS CN")
    ran = spawn(["decode", ABS, "-", "--from", "smtlib"], input=b"sat\n((d0 1) (d0 1))\n")
    assert ran.status in (0, 3)
    ran = spawn(["decode", "-", "-", "--from", "smtlib"])
    assert ran.status == 2
    assert ran.error == "-: NET and ANSWER cannot both be standard input"


def test_the_point_counts(command: Command) -> None:
    assert "\n(assert false)\n" in command("encode", ABS, "--to", "smtlib", "--point", "-1").out
    assert "\nc point: -1\n" in command("encode", ABS, "--to", "cnf", "--point", "-1").out


def test_bad_input_is_one_line_and_touches_no_file(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("before", encoding="utf-8")
    big = tmp_path / "big.json"
    big.write_text('{"inputs": 2, "layers": [{"weight": [["1e400", 1]], "activation": "relu"}]}', encoding="utf-8")
    ran = command("encode", big, "--to", "lp", "-o", out)
    assert ran.status == 2
    expected = "no exact mixed-integer model: a number of 1329 bits is no binary64 number"
    assert ran.error == f"{big}: lp: {expected}"
    missing = command("encode", tmp_path / "none.json", "--to", "lp", "-o", out)
    assert (missing.status, "none.json" in missing.error) == (2, True)
    assert out.read_text(encoding="utf-8") == "before"
    ran = command("decode", ABS, answer(tmp_path, "((d0 1"), "--from", "smtlib")
    assert ran.status == 2
    assert ran.error == f"{tmp_path / 'answer.txt'}: 2 closing parentheses are missing: it is cut off"
    ran = command("decode", ABS, tmp_path / "none.txt", "--from", "smtlib")
    assert ran.status == 2
    assert ran.error.endswith("none.txt: cannot be read: No such file or directory")
    ran = command("decode", ABS, answer(tmp_path, "sat"), "--from", "smtlib", "--certificate", "-")
    assert (ran.status, "give the name of a file" in ran.error) == (2, True)


def test_usage(command: Command) -> None:
    for arguments in (["encode", ABS], ["encode", ABS, "--to", "nothing"], ["decode", ABS, "x"]):
        ran = command(*arguments)
        assert ran.status == 2
        assert ran.error
    assert all(form in command("encode", "--help").out for form in FORMATS)


def test_onnx_is_asked_for_where_it_is_missing(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    ran = command("encode", ABS, "--to", "onnx")
    assert ran.status == 2
    assert ran.error == f"{ABS}: onnx: writing ONNX {missing_extra('onnx', 'onnx')}"


def test_the_documents_examples_are_what_is_written(command: Command) -> None:
    text = (ROOT / "docs" / "encoders.md").read_text(encoding="utf-8")
    examples = re.findall(r"```(smtlib|lp|cnf-circuit|cnf-bits|vnnlib|vnnlib1)\n(.*?)```", text, flags=re.DOTALL)
    assert [form for form, _ in examples] == ["smtlib", "lp", "cnf-circuit", "cnf-bits", "vnnlib", "vnnlib1"]
    for form, example in examples:
        mark = {"lp": "\\", "cnf-circuit": "c", "cnf-bits": "c"}.get(form, ";")
        lines = command("encode", ABS, "--to", form).out.splitlines(keepends=True)
        assert "".join(line for line in lines if not line.startswith(mark)) == example


def test_encode_within_a_time_limit(tmp_path: Path) -> None:
    net, out = tmp_path / "net.json", tmp_path / "out.cnf"
    net.write_text(dumps(generate("naesat", variables=60, ratio="2.1")), encoding="utf-8")
    out.write_text("before", encoding="utf-8")
    ran = spawn(["encode", net, "--to", "cnf-bits", "--time-limit", "1", "-o", out])
    assert ran.status == 3
    assert ran.error == f"{net}: cnf-bits: time limit; nothing was written"
    assert ran.seconds < 1 + MARGIN
    assert out.read_text(encoding="utf-8") == "before"
    assert sorted(tmp_path.iterdir()) == [net, out]


def test_enough_time_changes_nothing(command: Command, tmp_path: Path) -> None:
    for form in ("smtlib", "cnf"):
        assert (
            command("encode", ABS, "--to", form, "--time-limit", "60").out == command("encode", ABS, "--to", form).out
        )
    ran = spawn(["encode", "-", "--to", "cnf", "--time-limit", "60"], input=Path(ABS).read_bytes())
    assert (ran.status, ran.out) == (0, command("encode", ABS, "--to", "cnf").out)
    certificate = tmp_path / "c.json"
    file = answer(tmp_path, "s SATISFIABLE\nv 1 0\n")
    ran = command("decode", ABS, file, "--from", "cnf", "--time-limit", "60", "--certificate", certificate)
    assert (ran.status, ran.out[:10]) == (0, "DISTINCT: ")
    assert command("verify", ABS, certificate).out == "VERIFIED distinct\n"


def test_decode_within_a_time_limit(command: Command, tmp_path: Path) -> None:
    certificate = tmp_path / "c.json"
    file = answer(tmp_path, "s SATISFIABLE\nv 1 0\n")
    ran = command("decode", ABS, file, "--from", "cnf", "--time-limit", "0", "--certificate", certificate)
    assert (ran.status, ran.out) == (3, "UNKNOWN: no exact answer.\n  why: time limit\n")
    assert not certificate.exists()
    report = command("decode", ABS, file, "--from", "cnf", "--time-limit", "0", "--json").json
    assert (report["verdict"], report["believed"]) == ("unknown", None)
    ran = command("encode", ABS, "--to", "cnf", "--time-limit", "0")
    assert (ran.status, ran.error) == (3, f"{ABS}: cnf: time limit; nothing was written")


def test_errors_in_the_worker_name_the_file(command: Command, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{", encoding="utf-8")
    ran = command("encode", bad, "--to", "lp", "--time-limit", "60")
    assert (ran.status, ran.error.startswith(f"{bad}: ")) == (2, True)
    file = answer(tmp_path, "((d0 1")
    ran = command("decode", ABS, file, "--from", "smtlib", "--time-limit", "60")
    assert ran.error == f"{file}: 2 closing parentheses are missing: it is cut off"
    for limit in ("-1", "soon"):
        assert command("encode", ABS, "--to", "lp", "--time-limit", limit).status == 2
    with pytest.raises(ParameterError, match="time limit: -1 is not a number of seconds"):
        encode(ABS, "lp", time_limit=-1)
