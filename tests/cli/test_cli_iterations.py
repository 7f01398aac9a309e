"""The commands kink and piggyback: reports, JSON, exit statuses, certificates, bad input, limits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.iterative.writing import to_object
from subgrad_hardness.schemas import schema


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


@pytest.fixture
def half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    program = sh.Program.from_text("inputs x t; a = relu t; f = -1/2 x + a; outputs f")
    Path("half.json").write_text(json.dumps(to_object(sh.Iteration(program, ["x"]))), encoding="utf-8")
    return "half.json"


def test_a_kink_is_reported_and_certified(run: Command, half: str) -> None:
    ran = run("kink", half, "--certificate", "c.json", "--exit-code")
    assert (ran.status, ran.err) == (10, "")
    assert ran.out.startswith("KINK: the limit is not differentiable at theta (certified)\n")
    assert "  its derivative along (-1): (0)\n  its derivative along (1): (2/3)\n" in ran.out
    assert run("kink", half, "--verify", "c.json").out == "VERIFIED kink\n"
    elsewhere = run("kink", half, "--verify", "c.json", "--theta", "1")
    assert (elsewhere.status, elsewhere.out[:8]) == (1, "REJECTED")


def test_where_the_limit_is_smooth(run: Command, half: str) -> None:
    ran = run("kink", half, "--theta", "1/3", "--fixed-point", "2/9", "--json", "--exit-code", "--time-limit", "60")
    found = json.loads(ran.out)
    assert ran.status == 20
    assert (found["verdict"], found["certified"], found["jacobian"], found["kinks"]) == ("smooth", True, [["2/3"]], [])


def test_certificates_of_hulls(run: Command, half: str) -> None:
    ran = run("piggyback", half, "--set", "clarke", "--certificate", "h.json")
    assert (ran.status, ran.err) == (0, "")
    assert run("piggyback", half, "--verify", "h.json").out == "VERIFIED hull\n"
    elsewhere = run("piggyback", half, "--verify", "h.json", "--theta", "1")
    assert (elsewhere.status, elsewhere.out) == (1, "REJECTED: F(xbar, theta) is not xbar\n")
    data = json.loads(Path("h.json").read_text(encoding="utf-8"))
    del data["points"][0]["period"]
    Path("h.json").write_text(json.dumps(data), encoding="utf-8")
    broken = run("piggyback", half, "--verify", "h.json")
    assert (broken.status, broken.err) == (2, "h.json: points[0]: no period\n")


def test_json_objects_have_schemas(run: Command, half: str) -> None:
    words = ["--set", "lexicographic", "--contains", "1/3", "--support", "1"]
    for name, *options in (["kink"], ["kink", "--theta", "1"], ["piggyback"], ["piggyback", *words]):
        validator = Draft202012Validator(schema(name))
        validator.validate(json.loads(run(name, half, *options, "--json").out))
        assert not validator.is_valid({"verdict": "kink"})
    floats = run("piggyback", half, "--mode", "float", "--json").out
    Draft202012Validator(schema("piggyback")).validate(json.loads(floats))


def test_a_run_and_sets(run: Command, half: str) -> None:
    ran = run("piggyback", half, "--steps", "2", "--relu-at-zero", "1/2", "--fixed-point", "0")
    assert ran.out.splitlines() == [
        "run at theta = (0): 3 states",
        "   0: x = (0), J = (0)   at a",
        "   1: x = (0), J = (1/2)   at a",
        "   2: x = (0), J = (1/4)",
        "relus have their sides from step 0 on",
    ]
    ran = run("piggyback", half, "--set", "clarke", "--contains", "1", "--support", "-1")
    assert "conv J_pb has 2 vertices (certified)\n  (-2/3) by the word (01)\n" in ran.out
    assert "1 in conv J_pb: yes; in J_pb: yes\n" in ran.out
    assert "the greatest <U, X> over J_pb is between 2/3 and 2/3\n" in ran.out
    found = json.loads(run("piggyback", half, "--set", "lexicographic", "--contains", "1/3", "--json").out)
    assert found["piggyback"]["certified"] and found["implicit"]["inclusions"][0] == "d_C is conv J_imp"
    assert (found["in_hull"], found["word"]) == (True, "0(01)")
    floats = json.loads(run("piggyback", half, "--theta", "3", "--mode", "float", "--steps", "300", "--json").out)
    assert abs(floats["jacobian"][0][0] - 2 / 3) < 1e-12


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["kink", "half.json", "--fixed-point", "1"], "fixed point: F takes x from 1 to -1/2"),
        (["kink", "half.json", "--theta", "1,2"], "theta: 2 entries, expected 1"),
        (["kink", "half.json", "--theta", "x"], "--theta entry 1: "),
        (["kink", "net.json"], "net.json: no iteration; a net becomes one by the key iteration"),
        (["kink", "half.json", "--verify", "half.json"], "half.json: "),
        (["kink", "half.json", "--certificate", "c.json", "--no-certify"], "--no-certify: asks for none"),
        (["piggyback", "half.json", "--contains", "1"], "--contains: wants --set"),
        (["piggyback", "half.json", "--steps", "0"], "argument --steps: '0' is outside"),
        (["piggyback", "half.json", "--mode", "reverse"], "functional: wanted by reverse runs"),
        (["piggyback", "half.json", "--at", "b=1"], "relu'(0) at b: no node of this name"),
        (["piggyback", "double.json", "--set", "clarke", "--contains", "1"], ""),
    ],
)
def test_bad_input_is_one_line(run: Command, half: str, words: list[str], message: str) -> None:
    Path("net.json").write_text('{"inputs": 1, "layers": [{"weight": [[1]]}]}', encoding="utf-8")
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err and ran.err.count("\n") == 1
    assert sorted(path.name for path in Path().iterdir()) == [half, "net.json"]


def test_no_contraction_is_said(run: Command, half: str) -> None:
    program = sh.Program.from_text("inputs x t; a = relu x; f = 2 a + t; outputs f")
    Path(half).write_text(json.dumps(to_object(sh.Iteration(program, ["x"]))), encoding="utf-8")
    ran = run("kink", half, "--fixed-point", "0")
    assert (ran.status, ran.out.splitlines()[0]) == (
        3,
        "UNKNOWN: no proof was found that the linearised equation has one solution",
    )
    ran = run("piggyback", half, "--set", "clarke", "--fixed-point", "0")
    assert "J_pb is not known: no norm was found in which its Jacobians contract at the fixed point\n" in ran.out


def test_no_time_at_all(run: Command, half: str) -> None:
    for words in (["kink", half], ["piggyback", half, "--set", "clarke"]):
        ran = run(*words, "--time-limit", "0")
        assert (ran.status, ran.err.count("\n")) == (3, 1)
