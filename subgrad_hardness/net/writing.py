"""Writing nets back, byte-stable, and their digest (SPEC 2)."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from subgrad_hardness.net.errors import one_line
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
    """``write_file`` for text, in UTF-8; ``"-"`` is standard output.

    Raises OutputError, naming the file; for standard output the stream's own OSError.
    """
    if path == "-":
        _write_stdout(text)
    else:
        write_file(path, lambda: text.encode("utf-8"))


def write_file(path: str | os.PathLike[str], content: Callable[[], bytes]) -> None:
    """Write the content to ``path`` whole or not at all.

    It goes to a temporary name in the same folder, is flushed to the disk, and is renamed.  A symbolic
    link stays one: the file that it leads to is replaced.  Permissions are kept.
    Raises OutputError, naming the file.
    """
    try:
        data = content()
        if Path(path).exists() and not Path(path).is_file():  # a device or a pipe cannot be renamed over
            Path(path).write_bytes(data)
        else:
            _replace(Path(os.path.realpath(path)), data)
    except (OSError, ValueError) as problem:
        file = os.fspath(path) or '""'
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise OutputError(one_line(f"{file}: cannot be written: {reason}")) from None


def require_writable(path: str | os.PathLike[str]) -> None:
    """Raise OutputError if ``write_text`` could not put a file there, as far as that can be seen now."""
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not target.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        if not os.access(target.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise OutputError(one_line(f"{os.fspath(path)}: cannot be written: {reason}")) from None


def _write_stdout(text: str) -> None:
    """UTF-8 whatever the locale says, as in files; a text object in its place takes the text."""
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    buffer.write(text.encode("utf-8"))
    buffer.flush()


def _replace(target: Path, data: bytes) -> None:
    import tempfile  # late: it brings half the standard library along

    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".net-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
