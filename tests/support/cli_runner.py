"""Running commands for the tests of the command line: in this process (fast), or in one of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from subgrad_hardness.cli.main import main
from subgrad_hardness.schemas import schema
from support.paths import INSTANCES

ABS = str(INSTANCES / "abs.json")
#: Kinks, but linear.
UNIQUE = str(INSTANCES / "abs-identity.json")
#: Two inputs.
WEDGE = str(INSTANCES / "wedge.json")
#: The small instances by name, with their verdicts; the benchmark set has a folder and tests of its own.
SMALL = {
    str(INSTANCES / entry["file"]): entry["verdict"]
    for entry in json.loads((INSTANCES / "manifest.json").read_text("utf-8"))["instances"]
}

COMMAND = [sys.executable, "-m", "subgrad_hardness"]


class Ran(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str
    seconds: float = 0.0

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        assert self.out.endswith("}\n")
        assert self.out.count("\n") == 1
        parsed: dict[str, Any] = json.loads(self.out)
        return parsed

    @property
    def error(self) -> str:
        """The one line on standard error, with nothing on standard output."""
        assert self.out == ""
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1
        assert "Traceback" not in self.err
        return message(self.err)


def message(said: str | bytes) -> str:
    """What a line on standard error says: plain, or under ``--json`` as an object, which has to follow its schema."""
    text = said.decode() if isinstance(said, bytes) else said
    if not text.startswith("{"):
        return text.removesuffix("\n")
    parsed: dict[str, Any] = json.loads(text)
    Draft202012Validator(schema("error")).validate(parsed)
    error: str = parsed["error"]
    return error


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name))


def follow_schema(command: str, said: str) -> None:
    """What a command printed under ``--json`` has to follow its schema."""
    lines = said.splitlines()
    name = {"check": "report", "decode": "report"}.get(command, command)
    if lines[0].startswith('{"net":'):
        name = "batch"
    elif lines[0].startswith('{"version":1,"net":'):
        name = "verified"
    elif lines[0].startswith('{"version":1,"verified":'):
        name = "verify"
    for line in lines[:3]:
        _validator(name).validate(json.loads(line))


Command = Callable[..., Ran]


def in_process(capsys: pytest.CaptureFixture[str]) -> Command:
    """A function that runs a command line through ``main``."""

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        start = time.monotonic()
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        if "--json" in arguments and captured.out.startswith("{"):
            follow_schema(str(arguments[0]), captured.out)
        return Ran(status, captured.out, captured.err, time.monotonic() - start)

    return run


def spawn(arguments: Sequence[str | Path], **options: Any) -> Ran:
    """The same in a process of its own; ``options`` go to ``subprocess.run``."""
    settings: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 180, **options}
    if "input" not in settings:
        settings.setdefault("stdin", subprocess.DEVNULL)
    start = time.monotonic()
    done = subprocess.run([*COMMAND, *map(str, arguments)], check=False, **settings)
    seconds = time.monotonic() - start
    return Ran(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode(), seconds)
