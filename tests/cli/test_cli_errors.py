"""Bad input: exit status 2, one line that says what and where, nothing else anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.cli_runner import ABS, WEDGE, Command, in_process, spawn
from support.malformed_nets import MALFORMED, MalformedNet
from support.paths import INSTANCES

NO_RATIONAL = 'is not a rational number such as "1/3" or "-0.25e-3"'


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Commands in a folder with a few files that they must leave alone."""
    monkeypatch.chdir(tmp_path)
    Path("out.json").write_text("mine")
    Path("folder").mkdir()
    Path("formula.cnf").write_text("p cnf 1 1\n1 0\n")
    return in_process(capsys)


@pytest.mark.parametrize("net", MALFORMED, ids=lambda net: net.name)
def test_malformed_nets(run: Command, net: MalformedNet) -> None:
    Path("net.json").write_bytes(net.data)
    ran = run("check", "net.json", "--json", "--certificate", "out.json")
    assert ran.status == 2
    assert ran.error == f"net.json: {net.message}"
    assert Path("out.json").read_text() == "mine"


@pytest.mark.parametrize(
    "command",
    ["check", "verify", "gradient", "sample", "info", "convert", "obfuscate"],
)
def test_every_command_refuses(run: Command, command: str) -> None:
    Path("net.json").write_text('{"inputs": 1, "layers": [{"weight": [[1, 2]]}]}')
    certificate = ["out.json"] if command == "verify" else []
    output = ["-o", "out.json"] if command in ("convert", "obfuscate") else []
    ran = run(command, "net.json", *certificate, *output)
    assert (ran.status, ran.error) == (2, "net.json: layers[0].weight[0]: 2 entries, expected 1")
    missing = run(command, "missing.json", *certificate, *output)
    assert (missing.status, missing.error) == (2, "missing.json: cannot be read: No such file or directory")
    assert Path("out.json").read_text() == "mine"


GENERATE = ["generate", "3sat", "-o", "out.json"]

COMMAND_LINES: list[tuple[list[str], str]] = [
    (["solve"], "invalid choice: 'solve'"),
    (["--nothing"], "arguments are required: COMMAND"),
    (["check"], "arguments are required: NET"),
    (["check", ABS, "--seed", "1", WEDGE], "check: unrecognized arguments: "),
    (["check", ABS, "--tim", "1"], "unrecognized arguments: --tim 1"),
    (["check", "folder"], "folder: no net (*.json) in this folder"),
    (["check", ""], '"": cannot be read: '),
    (["check", "a\nb"], "a\\nb: cannot be read: No such file or directory"),
    (["check", ABS, "--point"], "--point: expected one argument"),
    (["check", ABS, "--point", ""], f"--point entry 1: '' {NO_RATIONAL}"),
    (["check", ABS, "--point", "1,,2"], f"--point entry 2: '' {NO_RATIONAL}"),
    (["check", ABS, "--point", "1,2"], "point: 2 entries, expected 1"),
    (["check", WEDGE, "--point", "1"], "point: 1 entry, expected 2"),
    (["check", ABS, "--point", "one"], f"--point entry 1: 'one' {NO_RATIONAL}"),
    (["check", ABS, "--point", "nan"], f"--point entry 1: 'nan' {NO_RATIONAL}"),
    (["check", ABS, "--point", "inf"], f"--point entry 1: 'inf' {NO_RATIONAL}"),
    (["check", ABS, "--point", "1/0"], "--point entry 1: '1/0' divides by zero"),
    (["check", ABS, "--point", "-1/0"], "--point entry 1: '-1/0' divides by zero"),
    (["check", ABS, "--point", "1e100000"], "--point entry 1: the number needs more than 100000 digits"),
    (["check", ABS, "--solver", "guess"], "argument --solver: invalid choice: 'guess'"),
    (["check", ABS, "--time-limit", "-1"], "argument --time-limit: '-1' is outside 0..1000000000 seconds"),
    (["check", ABS, "--time-limit", "nan"], "argument --time-limit: 'nan' is not a number of seconds"),
    (["check", ABS, "--time-limit", "inf"], "argument --time-limit: 'inf' is not a number of seconds"),
    (["check", ABS, "--time-limit", "1e10"], "is outside 0..1000000000 seconds"),
    (["check", ABS, "--time-limit", "soon"], "argument --time-limit: 'soon' is not a number of seconds"),
    (["obfuscate"], "arguments are required: NET"),
    (["obfuscate", ABS, "--steps", "hide"], 'steps[0]: "hide" is unknown; known: unimodular, '),
    (["obfuscate", ABS, "--steps", "all,move"], 'steps[0]: "all" is unknown; known: unimodular, '),
    (["obfuscate", ABS, "--steps", ""], 'steps[0]: "" is unknown; known: unimodular, '),
    (["obfuscate", ABS, "--seed", "x"], "argument --seed: 'x' is not an integer"),
    (["obfuscate", ABS, "--point", "1,2"], "point: 2 entries, expected 1"),
    (["check", ABS, "--seed", "1.5"], "argument --seed: '1.5' is not an integer"),
    (["check", ABS, "--seed", "x"], "argument --seed: 'x' is not an integer"),
    (["check", ABS, "--seed", "9" * 101], "is not an integer"),
    (["check", ABS, "--certificate"], "--certificate: expected one argument"),
    (["check", ABS, "--certificate", "-"], "--certificate: give the name of a file"),
    (["check", ABS, "--certificate", ""], "--certificate: give the name of a file"),
    (["check", ABS, "--json=yes"], "ignored explicit argument 'yes'"),
    (["verify", ABS], "arguments are required: CERTIFICATE"),
    (["verify", ABS, "missing.json"], "missing.json: cannot be read: No such file or directory"),
    (["verify", ABS, "folder"], "folder: cannot be read: Is a directory"),
    (["verify", ABS, ABS], f"{ABS}: not a certificate; it looks like a net"),
    (["verify", "-", "-"], "-: only one of NET, CERTIFICATE and --other can be standard input"),
    (["verify", "out.json", "out.json"], "out.json: line 1 column 1: not JSON: Expecting value"),
    (["gradient", ABS, "--relu-at-zero", "2"], "relu"),
    (["gradient", ABS, "--relu-at-zero", "x"], f"--relu-at-zero: 'x' {NO_RATIONAL}"),
    (["gradient", ABS, "--at", "layers[0][0]"], "--at: 'layers[0][0]' is not NODE=S"),
    (["gradient", ABS, "--at", "u=1"], "u"),
    (["gradient", ABS, "--at", "layers[0][0]=1", "--relu-at-zero", "1"], "--at: give either --relu-at-zero or --at"),
    (["gradient", ABS, "--direction", "1,2"], "directions[0]: 2 entries, expected 1"),
    (["gradient", ABS, "--direction", "0"], "directions[0]: depends on the directions before it"),
    (["sample", ABS, "--samples", "0"], "argument --samples: '0' is outside 1..1000000000"),
    (["sample", ABS, "--radius", "1"], "--radius: only --method ball has a radius"),
    (["sample", ABS, "--method", "ball", "--radius", "-1"], "radius: -1 is not positive"),
    (["sample", ABS, "--method", "guess"], "argument --method: invalid choice: 'guess'"),
    (["info", ABS, "--to", "graph"], "info: unrecognized arguments: --to graph"),
    (["convert", WEDGE, "--to", "layers", "-o", "out.json"], ""),
    (["convert", ABS, "--to", "matrix"], "argument --to: invalid choice: 'matrix'"),
    (["generate"], "arguments are required: FAMILY"),
    (["generate", "4colour"], "argument FAMILY: invalid choice: '4colour'"),
    (GENERATE, "variables: missing"),
    ([*GENERATE, "--variables", "9"], "ratio: missing"),
    ([*GENERATE, "--variables", "0", "--ratio", "4"], "variables: 0 is outside 1..1048576"),
    ([*GENERATE, "--variables", "x", "--ratio", "4"], 'variables: the string "x", expected an integer'),
    ([*GENERATE, "--variables", "9", "--ratio", "-1"], 'ratio: the string "-1" is outside 0..1000000'),
    ([*GENERATE, "--variables", "9", "--ratio", "nan"], f"ratio: 'nan' {NO_RATIONAL}"),
    ([*GENERATE, "--variables", "2", "--ratio", "1"], "k: 3 distinct variables in a clause, but there are only 2"),
    ([*GENERATE, "--variables", "9", "--ratio", "1", "--form", "deep"], "form: "),
    (
        [*GENERATE, "--variables", "9", "--ratio", "1", "--colour", "1"],
        "generate ksat: unrecognized arguments: --colour 1",
    ),
    ([*GENERATE, "--variables", "9", "--ratio", "1", "--seed", "-1"], "seed: -1 is outside"),
    ([*GENERATE, "--from-dimacs", "missing.cnf"], "missing.cnf: cannot be read"),
    ([*GENERATE, "--from-dimacs", "out.json"], "out.json: "),
    ([*GENERATE, "--from-dimacs", "formula.cnf", "--variables", "9"], "variables: has no meaning with from-dimacs"),
]


@pytest.mark.parametrize(
    ("arguments", "words"), COMMAND_LINES, ids=lambda value: "" if isinstance(value, str) else " ".join(value)[-60:]
)
def test_bad_command_lines(run: Command, arguments: list[str], words: str) -> None:
    ran = run(*arguments)
    assert ran.status == 2
    assert words in ran.error
    assert Path("out.json").read_text() == "mine"
    assert sorted(path.name for path in Path().iterdir()) == ["folder", "formula.cnf", "out.json"]


def test_bad_command_lines_are_many() -> None:
    assert len(COMMAND_LINES) >= 60


CERTIFICATE: dict[str, Any] = {
    "format": "subgrad_hardness certificate",
    "version": 1,
    "kind": "distinct",
    "digest": "0" * 64,
    "directions": [{"leading": [[1]], "complete": []}, {"leading": [[-1]], "complete": []}],
}


def _without(key: str) -> dict[str, Any]:
    return {other: value for other, value in CERTIFICATE.items() if other != key}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ("{", "line 1 column 2: not JSON: Expecting property name enclosed in double quotes"),
        (b"\xff", "byte 0: not UTF-8 text: invalid start byte"),
        ("[" * 10**5, "nested more than 100 levels deep"),
        ([], "a list, expected a certificate object"),
        (None, "null, expected a certificate object"),
        ("NaN", "NaN is not a number, expected a certificate object"),
        ('{"kind": 1, "kind": 2}', 'key "kind" stands twice'),
        (
            {**CERTIFICATE, "note": ""},
            'unknown key "note"; known here: digest, directions, format, kind, statement, version',
        ),
        (_without("format"), "no format"),
        (_without("digest"), "no digest"),
        (_without("directions"), "no directions"),
        ({**CERTIFICATE, "format": "other"}, 'format: "other", expected "subgrad_hardness certificate"'),
        ({**CERTIFICATE, "format": 1}, "format: the number 1, expected the format's name"),
        ({**CERTIFICATE, "version": 2}, "version: 2 is unknown; this is version 1"),
        ({**CERTIFICATE, "version": 1.0}, "version: the number 1.0, expected the format version 1"),
        ({**CERTIFICATE, "kind": "both"}, 'kind: unknown kind "both"; known: distinct, unique'),
        ({**CERTIFICATE, "kind": "unique"}, "no kinks"),
        ({**CERTIFICATE, "digest": "A" * 64}, "digest: "),
        ({**CERTIFICATE, "digest": "0"}, 'digest: "0", expected 64 lower-case hex digits'),
        ({**CERTIFICATE, "directions": {}}, "directions: an object, expected a list of direction matrices"),
        ({**CERTIFICATE, "directions": [{}]}, "directions: 1 entries, expected 2"),
        ({**CERTIFICATE, "directions": [{}, {}]}, "directions[0]: no leading"),
        ({**CERTIFICATE, "directions": [{"leading": []}, {}]}, "directions[0]: no complete"),
        ({**CERTIFICATE, "directions": [1, {}]}, "directions[0]: the number 1, expected a direction matrix"),
        (
            {**CERTIFICATE, "directions": [{"leading": [1], "complete": []}, {}]},
            "directions[0].leading[0]: the number 1, expected a list of numbers",
        ),
        (
            {**CERTIFICATE, "directions": [{"leading": [[None]], "complete": []}, {}]},
            "directions[0].leading[0][0]: null, expected a number",
        ),
        (
            {**CERTIFICATE, "directions": [{"leading": [], "complete": [-1]}, {}]},
            "directions[0].complete[0]: -1 is outside 0..4194304",
        ),
        (
            {**CERTIFICATE, "directions": [{"leading": [], "complete": [0.0]}, {}]},
            "directions[0].complete[0]: the number 0.0, expected an input number",
        ),
    ],
)
def test_unreadable_certificates(run: Command, content: Any, message: str) -> None:
    data = content if isinstance(content, str | bytes) else json.dumps(content)
    Path("certificate.json").write_bytes(data if isinstance(data, bytes) else data.encode())
    ran = run("verify", ABS, "certificate.json", "--json")
    assert ran.status == 2
    assert ran.error.startswith(f"certificate.json: {message}")


def test_a_well_formed_one_is_only_false(run: Command) -> None:
    Path("certificate.json").write_text(json.dumps(CERTIFICATE))
    assert run("verify", ABS, "certificate.json").status == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "net.json"],
        ["check", "net.json", "--time-limit", "30"],
        ["check", "-", "--time-limit", "30"],
        ["check", "net.json", "--point", "1,,2"],
        ["verify", str(INSTANCES / "abs.json"), "net.json"],
        ["solve"],
    ],
)
def test_in_a_process_of_its_own(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "net.json").write_text('{"inputs": "one", "layers": []}')
    ran = spawn(arguments, cwd=tmp_path, input=b'{"inputs": "one", "layers": []}')
    assert ran.status == 2
    assert ran.error
    assert [path.name for path in tmp_path.iterdir()] == ["net.json"]


def test_under_json_an_error_is_an_object_with_its_file_and_place(run: Command) -> None:
    Path("net.json").write_text('{"inputs": 1, "layers": [{"weight": [[1, 2]]}]}')
    ran = run("check", "net.json", "--json")
    place = "layers[0].weight[0]"
    said = {
        "version": 1,
        "error": f"net.json: {place}: 2 entries, expected 1",
        "file": "net.json",
        "place": place,
        "status": 2,
    }
    assert (ran.status, json.loads(ran.err)) == (2, said)
    usage = run("check", ABS, "--json", "--nothing")
    assert usage.error == json.loads(usage.err)["error"]
    assert usage.error.startswith("subgrad-hardness check: unrecognized arguments: --nothing (see ")
    late = run("support", ABS, "1", "--json", "--time-limit", "0")
    assert (late.status, json.loads(late.err)["status"]) == (3, 3)
    assert late.error == f"{ABS}: time limit"
    assert run("check", "net.json").err == f"{said['error']}\n"
