"""Writing nets back, byte-stable, and their digest (SPEC 2)."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from subgrad_hardness.net.graph_format import plain_graph
from subgrad_hardness.net.json_text import canonical_json, write_json
from subgrad_hardness.net.layered_format import plain_layers, plain_number
from subgrad_hardness.net.program import LayeredForm, Program


class OutputError(OSError):
    """A file or stream that could not be written; nothing half-written is left behind."""


def to_mapping(program: Program) -> dict[str, Any]:
    """The net file's object for ``program``: ``load`` gives the equal program back."""
    default_names = tuple(f"x{index}" for index in range(program.input_count))
    result: dict[str, Any] = {"version": 1}
    if program.name is not None:
        result["name"] = program.name
    if program.provenance is not None:
        result["provenance"] = dict(program.provenance)
    result["inputs"] = program.input_count if program.inputs == default_names else list(program.inputs)
    result.update(_body(program, canonical=False))
    if any(program.point):
        result["point"] = [plain_number(number) for number in program.point]
    return result


def _body(program: Program, *, canonical: bool) -> dict[str, Any]:
    if isinstance(program.form, LayeredForm):
        return {"layers": plain_layers(program.form, canonical=canonical)}
    return plain_graph(program.form, program.inputs, canonical=canonical)


def dumps(program: Program) -> str:
    """The text of a net file: the same bytes for equal programs, one matrix row or node a line."""
    return write_json(to_mapping(program), indent=1) + "\n"


def digest(program: Program) -> str:
    """SHA-256 (hex) of the canonical JSON of program and point; linear in its size."""
    canonical: dict[str, Any] = {
        "version": 1,
        "inputs": list(program.inputs),
        "point": [plain_number(number) for number in program.point],
        **_body(program, canonical=True),
    }
    return hashlib.sha256(canonical_json(canonical).encode("utf-8")).hexdigest()


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write ``text`` to ``path`` whole or not at all; ``"-"`` is standard output.

    The text goes to a temporary name in the same folder, is flushed to the disk, and is renamed.
    Raises OutputError, naming the file.
    """
    if path == "-":
        sys.stdout.write(text)
        return
    target = Path(path)
    temporary = None
    try:
        if target.is_dir():
            raise IsADirectoryError(21, os.strerror(21))
        if target.exists() and not target.is_file():  # a device or a pipe cannot be renamed over
            target.write_text(text, encoding="utf-8")
            return
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        Path(temporary).replace(target)
    except OSError as problem:
        _discard(temporary)
        raise OutputError(f"{os.fspath(path)}: cannot be written: {problem.strerror or problem}") from None
    except BaseException:
        _discard(temporary)
        raise


def _discard(temporary: str | None) -> None:
    if temporary is not None:
        Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
