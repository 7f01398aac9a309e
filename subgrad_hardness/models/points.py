"""Points from files: numpy arrays and JSON, entries taken exactly."""

from __future__ import annotations

import io
import os
import re
from typing import Any

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.net.json_text import Reader, parse_json
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.rational import Number, parse_rational

_PART = re.compile(r"(.+\.npz):([^:]+?)(?::(\d+))?|(.+):(\d+)", re.DOTALL)


def read_point(name: str | os.PathLike[str]) -> list[Number]:
    """The numbers of a file in row-major order, whatever its shape.

    Parameters
    ----------
    name : a ``.npy`` file, a ``.npz`` file and the name of an array in it (``data.npz:x``; the only one needs no name),
        a ``.csv`` file, a row a line, or JSON: numbers, and strings that hold rationals, in lists.  A number behind a
        colon, ``images.npy:7``, takes that row (from 0) of an array.

    Raises
    ------
    PointError
        Naming the file, for one that cannot be read, holds objects instead of numbers, or has no such row or array.

    Notes
    -----
    Floats are the rationals that they denote, and 0.1 in CSV is 1/10.  Nothing in a file is executed (no pickles).

    Examples
    --------
    >>> import json, tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "images.json"
    ...     _ = file.write_text(json.dumps([[0, 1], ["1/3", 0.5]]))
    ...     read_point(f"{file}:1")
    [Fraction(1, 3), 0.5]
    """
    file, key, row = _parts(os.fspath(name))
    found = _read(file, key)
    if row is not None:
        number = int(row)
        if not isinstance(found, list) or not 0 <= number < len(found):
            raise PointError(f"there is no row {number}", file=file)
        found = found[number]
    return _flat(Reader(file, PointError), found, "")


def element_type(name: str) -> str | None:
    """The type of the numbers in a ``.npy`` file, such as ``float32``; None for anything else."""
    file = _parts(name.removeprefix("@"))[0]
    if not file.endswith(".npy"):
        return None
    import numpy as np

    try:
        kind = np.load(io.BytesIO(read_bytes(file, PointError)), allow_pickle=False).dtype
    except (ValueError, OSError, EOFError, MemoryError):
        return None  # whoever reads the numbers says why not
    return str(kind) if kind.kind == "f" else None


def read_rows(name: str | os.PathLike[str]) -> list[list[Number]]:
    """The rows of a two-dimensional array, or of a JSON list of lists; otherwise as ``read_point``."""
    file, key, _ = _parts(os.fspath(name))
    found, reader = _read(file, key), Reader(file, PointError)
    rows = reader.sequence(found, "", "a list of rows")
    return [_flat(reader, reader.sequence(row, f"[{index}]", "a row"), f"[{index}]") for index, row in enumerate(rows)]


def _read(file: str, key: str | None) -> Any:
    """The numbers of a file, in lists as they are nested."""
    data = read_bytes(file, PointError)
    if file.endswith((".npy", ".npz")):
        return _array(data, file, key)
    return _table(data, file) if file.endswith(".csv") else parse_json(data, file, PointError)


def _table(data: bytes, file: str) -> list[list[str]]:
    """Rows of numbers with commas between them, a line each; what they say is read as strings of JSON are."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    rows = [[entry.strip() for entry in line.split(",")] for line in text.splitlines() if line.strip()]
    for entry in rows[0] if rows else ():
        try:
            parse_rational(entry)
        except ValueError as problem:
            raise PointError(f"{problem}; a line of names is not read", file=file, place="line 1") from None
    return rows


def _parts(name: str) -> tuple[str, str | None, str | None]:
    """File, array and row of a name; a file that is there with all its colons is meant as a whole."""
    match = _PART.fullmatch(name)
    if match is None or os.path.exists(name):  # noqa: PTH110 (a name may be no path)
        return name, None, None
    if match[1] is None:
        return match[4], None, match[5]
    key, row = match[2], match[3]
    return (match[1], None, key) if row is None and key.isdigit() else (match[1], key, row)


def _array(data: bytes, file: str, key: str | None) -> Any:
    """An array of numbers as nested lists."""
    import numpy as np

    try:
        loaded = np.load(io.BytesIO(data), allow_pickle=False)
        if file.endswith(".npz"):
            names = list(loaded.files)
            if key is None and len(names) != 1:
                raise PointError(
                    f"holds {len(names)} arrays ({', '.join(names[:8])}); name one, {file}:NAME", file=file
                )
            if key is not None and key not in names:
                raise PointError(f"holds no array {key}; it has {', '.join(names[:8])}", file=file)
            loaded = loaded[names[0] if key is None else key]
    except (ValueError, OSError, EOFError, KeyError, MemoryError) as problem:
        raise PointError(f"no array of numbers: {problem}", file=file) from None
    if loaded.dtype.kind not in "biuf":
        raise PointError(f"an array of {loaded.dtype}, not of numbers", file=file)
    return plain_value(loaded.astype(int) if loaded.dtype.kind == "b" else loaded)


def _flat(reader: Reader, value: Any, place: str) -> list[Number]:
    """The numbers of nested lists, in order."""
    if not isinstance(value, list):
        return [reader.number(value, place)]
    return [number for index, entry in enumerate(value) for number in _flat(reader, entry, f"{place}[{index}]")]
