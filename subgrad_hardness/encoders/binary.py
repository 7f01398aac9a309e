"""Writing binary files whole or not at all."""

from __future__ import annotations

import os
import sys

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import write_file


def write_binary(path: str | os.PathLike[str], data: bytes) -> None:
    """``net.writing.write_file``, where ``"-"`` is standard output.

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
    write_file(path, lambda: data)
