"""The second worked example of docs/certificate.md, and certificates as the command line writes them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

from subgrad_hardness.cli.main import main
from support.both_verifiers import both
from support.paths import ROOT

Value = dict[str, Any]

PAGE = (ROOT / "docs" / "certificate.md").read_text(encoding="utf-8")
#: The worked example of section 8.
NET_TEXT, CERTIFICATE_TEXT, PEAK_TEXT = [part.split("```")[0] for part in PAGE.split("```json\n")[1:]][2:5]
NORMS: Value = json.loads(NET_TEXT)
CERTIFICATE: Value = json.loads(CERTIFICATE_TEXT)
SEVEN = ["kinks", "signs", "half", "forms", "rules", "lemmas", "derivation"]


def dumps(value: object) -> bytes:
    """JSON."""
    return json.dumps(value).encode()


def answer(certificate: Value, folder: Path, net: Value = NORMS) -> str:
    """What both verifiers say of a certificate of the example, or of another net."""
    return both(dumps(net), dumps(certificate), folder)


def run(*arguments: str | Path) -> None:
    """A command that succeeds; what it prints is dropped."""
    with redirect_stdout(StringIO()):
        assert main([str(argument) for argument in arguments]) == 0


def certificate_of(net: bytes, solver: str) -> bytes:
    """What the command line writes."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder, "net.json"), Path(folder, "certificate.json")
        file.write_bytes(net)
        run("check", file, "--solver", solver, "--no-cross-check", "--certificate", out)
        return out.read_bytes()


@cache
def generated(options: str) -> bytes:
    """A net of a family, by the options of ``generate``."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "net.json")
        run("generate", *options.split(), "-o", file)
        return file.read_bytes()


@cache
def proof(options: str, solver: str) -> bytes:
    """Its certificate, by an engine."""
    return certificate_of(generated(options), solver)


def places(value: Any, path: list[str | int]) -> Iterator[tuple[list[str | int], list[Any]]]:
    """All lists inside ``value``."""
    if isinstance(value, list):
        yield path, value
    if isinstance(value, (list, dict)):
        for step, part in enumerate(value) if isinstance(value, list) else value.items():
            yield from places(part, [*path, step])
