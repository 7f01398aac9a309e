"""Nets and certificates are data: reading, checking and verifying them opens, runs and connects to nothing."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from subgrad_hardness import check, dumps, generate

#: Runs ``arguments[3:]`` once on a harmless pair of files, so that everything is imported, then on the hostile
#: one, and prints what the interpreter was asked for meanwhile (sys.addaudithook, PEP 578).
_WATCHED = """
import io, json, sys
from contextlib import redirect_stdout
from subgrad_hardness.cli.main import main
harmless, hostile, command = json.loads(sys.argv[1])
said = io.StringIO()
with redirect_stdout(said):
    main([command, *harmless])
events = []
watching = False
kinds = {"open", "exec", "compile", "import", "os", "subprocess", "socket", "ctypes"}
def hook(event, arguments):
    if watching and event.split(".")[0] in kinds:
        events.append((event, str(arguments[0]) if arguments else ""))
sys.addaudithook(hook)
with redirect_stdout(said):
    watching = True
    status = main([command, *hostile])
    watching = False
print(json.dumps([status, events]))
"""

HOSTILE = {
    "path": "/etc/passwd",
    "include": "file:///etc/passwd",
    "$ref": "https://example.org/net.json",
    "__class__": "os.system",
    "code": "__import__('os').system('true')",
    "py/object": "subprocess.Popen",
    "template": "{0.__class__.__mro__}",
}


def watched(command: str, harmless: list[Path], hostile: list[Path]) -> tuple[int, list[tuple[str, str]]]:
    """The exit status on the hostile files, and what was opened, run or imported for them."""
    task = json.dumps([[str(path) for path in harmless], [str(path) for path in hostile], command])
    done = subprocess.run([sys.executable, "-c", _WATCHED, task], capture_output=True, text=True, check=True)
    status, events = json.loads(done.stdout)
    return status, [(event, argument) for event, argument in events]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path, Path]:
    """A net and its certificate, and the same with hostile words in them."""
    program = generate("maxcut", vertices=4, k=5)
    net: dict[str, Any] = json.loads(dumps(program))
    found = check(program, certify=True).certificate
    assert found is not None
    certificate: dict[str, Any] = json.loads(found.dumps())
    names = [tmp_path / name for name in ("net.json", "certificate.json", "evil-net.json", "evil-certificate.json")]
    names[0].write_text(json.dumps(net), encoding="utf-8")
    names[1].write_text(json.dumps(certificate), encoding="utf-8")
    net |= {"name": "../../etc/passwd", "provenance": HOSTILE, "inputs": ["$(id)", "`id`", "{x}", "%s"]}
    names[2].write_text(json.dumps(net), encoding="utf-8")
    names[3].write_text(json.dumps(certificate | {"digest": "../../etc/passwd"}), encoding="utf-8")
    return names[0], names[1], names[2], names[3]


def test_checking_a_hostile_net_touches_the_net_alone(files: tuple[Path, Path, Path, Path]) -> None:
    net, _, evil, _ = files
    status, events = watched("check", [net], [evil])
    assert status == 0
    opened = [argument for event, argument in events if event == "open"]
    assert opened.count(str(evil)) == 1
    # The solver's proof has no name; the size of this process is asked for, whatever the net says.
    assert set(opened) <= {str(evil), tempfile.gettempdir(), "/proc/self/statm"}
    assert {event for event, _ in events} <= {"open", "os.fstat"}


def test_verifying_hostile_files_touches_these_alone(files: tuple[Path, Path, Path, Path]) -> None:
    net, certificate, evil, evil_certificate = files
    for names, expected in (([evil, certificate], 1), ([net, evil_certificate], 2)):
        status, events = watched("verify", [net, certificate], names)
        assert status == expected
        assert {argument for event, argument in events if event == "open"} <= {str(name) for name in names}
        assert {event for event, _ in events} <= {"open", "os.fstat"}


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', "[" * 10**5, '{"inputs": 1e999}', "\x00", '"\\ud800"'])
def test_hostile_texts_are_one_line(text: str, tmp_path: Path) -> None:
    net = tmp_path / "net.json"
    net.write_bytes(text.encode("utf-8", "surrogatepass"))
    done = subprocess.run(
        [sys.executable, "-m", "subgrad_hardness", "check", str(net)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(str(net))
