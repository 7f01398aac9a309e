"""What stands below the options of every help text: the engines, the exit status, and examples, which run."""

from __future__ import annotations

import argparse
import shlex
import shutil
from pathlib import Path

import pytest
from support.cli_runner import Command, in_process
from support.paths import INSTANCES

from subgrad_hardness.cli import generate
from subgrad_hardness.cli.help import ENDS, EXAMPLES, NESTED, examples
from subgrad_hardness.cli.main import COMMANDS, _command_parser
from subgrad_hardness.cli.parsers import Parser
from subgrad_hardness.engine.registry import ENGINES

#: What other tests run, or only an extra makes possible.
ELSEWHERE = {"doctor", "completion", "plot"}
#: What the examples read, made as the texts around them say.
BEFORE = (
    "generate absolute --inputs 2 --as-iteration -o iteration.json",
    "check instances/abs.json --certificate abs.cert",
    "convert instances/abs.json --to graph -o abs.json",
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def test_every_command_has_exit_statuses_and_examples(run: Command) -> None:
    assert list(ENDS) == list(EXAMPLES) == list(COMMANDS)
    assert all(EXAMPLES.values())
    shown = run("check", "--help").out
    assert all(f"\n  {name} " in shown for name in ENGINES)
    assert "10 distinct, 20 unique; 2 bad input" in " ".join(shown.split())


def nested() -> dict[str, Parser]:
    """All parsers within commands' parsers, by what leads to them; a sub-command of two names once."""
    found: dict[str, Parser] = {}

    def walk(parser: Parser) -> None:
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for inner in action.choices.values():
                    found[inner.prog.removeprefix("subgrad-hardness ")] = inner
                    walk(inner)

    for command in COMMANDS:
        walk(_command_parser(command)[0])
    return found


def test_sub_commands_explain_themselves_as_commands_do(tmp_path: Path) -> None:
    parsers = nested()
    assert set(NESTED) <= set(parsers)
    assert len(parsers) > 40
    for command, parser in parsers.items():
        text = parser.format_help()
        assert parser.description, command
        assert "\noptions:\n" in text
        assert "\nexit status:\n  0 " in text
        assert "70 internal error" in text
        for line in examples(command):
            assert f"\n  subgrad-hardness {line}\n" in text
            words = shlex.split(line)
            assert " ".join(words[:2]) == command
            assert not parser.parse_known_args(words[2:])[1]
        if command.startswith("generate ") and command != "generate list":
            for number, line in enumerate(examples(command)):
                parsed, _ = parser.parse_known_args(shlex.split(line.replace("1-100", "1-3"))[2:])
                parsed.family, parsed.output = command.split()[1], str(tmp_path / f"{number}{command}")
                assert generate.run(parsed) == 0, line


def test_examples_run(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("instances").mkdir()
    for file in INSTANCES.glob("*.json"):
        shutil.copy(file, "instances")
    Path("points.json").write_text("[[0], [1]]")
    Path("answer.txt").write_text("sat\n((d0 1))\n")
    lines = [line for command, lines in EXAMPLES.items() if command not in ELSEWHERE for line in lines]
    for line in (*BEFORE, *lines):
        ran = run(*shlex.split(line.replace("1-100", "1-3")))
        assert ran.status == 0, (line, ran.err)
        assert "Traceback" not in ran.err
