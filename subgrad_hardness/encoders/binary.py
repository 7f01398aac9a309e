"""Writing binary files whole or not at all."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from subgrad_hardness.net.errors import ParameterError, one_line
from subgrad_hardness.net.writing import OutputError, _replace


def write_binary(path: str | os.PathLike[str], data: bytes) -> None:
    """Write ``data`` to ``path`` as ``net.writing.write_text`` writes text; ``"-"`` is standard output.

    Raises OutputError, naming the file; ParameterError where standard output is a terminal.
    """
    if path == "-":
        buffer = getattr(sys.stdout, "buffer", None)
        if buffer is None or sys.stdout.isatty():
            raise ParameterError("a binary format needs the name of a file", place="-o")
        sys.stdout.flush()
        buffer.write(data)
        buffer.flush()
        return
    try:
        if Path(path).exists() and not Path(path).is_file():  # a device or a pipe cannot be renamed over
            Path(path).write_bytes(data)
        else:
            _replace(Path(os.path.realpath(path)), data)
    except (OSError, ValueError) as problem:
        file = os.fspath(path) or '""'
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise OutputError(one_line(f"{file}: cannot be written: {reason}")) from None
