"""What stands below the options of every help text: the engines, the exit status, and examples, which run."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from support.cli_runner import Command, in_process
from support.paths import INSTANCES

from subgrad_hardness.cli.help import ENDS, EXAMPLES
from subgrad_hardness.cli.main import COMMANDS
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
