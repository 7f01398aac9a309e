"""Numbers of an ONNX model that lie in other files, beside it: read there, and nowhere else.

A model names such a file by a path from its own folder.  A path that leaves the folder, itself or by a link, is
refused, and so is what is no ordinary file; sizes are compared with what the tensor says before anything is read.
Holes of a sparse file are zeros, and are not read: they cost nothing before somebody computes with them.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net.json_text import show

#: So many bytes in all are read for one model.
MOST_BYTES = 2**31
#: And so many at a time, between looks at the limits.
_PART = 2**24


class NotThere(ValueError):
    """Data that is not read, and why, in one line."""


class ExternalData:
    """The files beside the model at ``model``; None: it came from nowhere that has a side."""

    def __init__(self, model: str | None, limits: Limits = NO_LIMITS) -> None:
        self.limits = limits
        self.folder = None if model is None else Path(model).parent
        self.left = MOST_BYTES

    def read(self, tensor: Any, size: int) -> NDArray[np.uint8]:
        """The ``size`` bytes of a TensorProto.  Raises NotThere, LimitReached."""
        keys = [entry.key for entry in tensor.external_data]
        found = {entry.key: entry.value for entry in tensor.external_data}
        if len(found) < len(keys):
            raise NotThere("its data lies in another file, and where is said twice")
        place = found.get("location", "")
        if self.folder is None:
            raise NotThere("its data lies in another file, which is only read for a model that is a file itself")
        try:
            return self._read(_inside(self.folder, place), found, size)
        except (OSError, ValueError) as problem:
            why = (problem.strerror or str(problem)) if isinstance(problem, OSError) else str(problem)
            raise NotThere(f"its data lies in the file {show(place)}, which is not read: {why}") from None

    def _read(self, path: Path, found: dict[str, str], size: int) -> NDArray[np.uint8]:
        start = _number(found, "offset", 0)
        # Neither a pipe nor a link that was put there since the path was looked at.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with io.FileIO(os.open(path, flags), "rb") as file:
            there = os.fstat(file.fileno())
            if not stat.S_ISREG(there.st_mode):
                raise ValueError("it is no ordinary file")
            length = _number(found, "length", max(0, there.st_size - start))
            if length != size:
                raise ValueError(f"{length} bytes, the tensor has {size}")
            if start + length > there.st_size:
                raise ValueError(f"it ends at byte {there.st_size}, before {start + length}")
            if length > self.left:
                raise ValueError(f"more than {MOST_BYTES} bytes in all")
            self.left -= length
            data: NDArray[np.uint8] = np.zeros(length, dtype=np.uint8)
            view = data.data
            for first, last in _written(file.fileno(), start, start + length):
                file.seek(first)
                at = first
                while at < last:
                    self.limits.check()
                    count = file.readinto(view[at - start : min(at + _PART, last) - start])
                    if not count:
                        raise ValueError("it changed while it was being read")
                    at += count
        data.flags.writeable = False
        return data


def _written(file: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a file between two bytes that are no holes; all of it where the system does not tell them apart."""
    if not hasattr(os, "SEEK_DATA"):
        yield start, end
        return
    while start < end:
        try:
            first = os.lseek(file, start, os.SEEK_DATA)
        except OSError as problem:
            if problem.errno == errno.ENXIO:  # nothing but a hole to the end
                return
            yield start, end
            return
        last = min(end, os.lseek(file, first, os.SEEK_HOLE))
        if first < last:
            yield first, last
        start = max(last, first)


def _inside(folder: Path, place: str) -> Path:
    """The file at ``place``, which has to lie in the folder, without links.  Raises ValueError, OSError."""
    parts = place.replace("\\", "/").split("/")
    if not place or "\0" in place:
        raise ValueError("that is no path")
    if Path(place).is_absolute() or not parts[0] or ":" in parts[0]:
        raise ValueError("only paths from the model's folder are followed")
    if ".." in parts:
        raise ValueError("the path leaves the model's folder")
    root = folder.resolve()
    try:
        path = (root / place).resolve(strict=True)
    except RuntimeError:  # of Python before 3.13
        raise ValueError("links lead round in a circle") from None
    if not path.is_relative_to(root):
        raise ValueError("a link leads out of the model's folder")
    return path


def _number(found: dict[str, str], key: str, default: int) -> int:
    """A number of bytes.  Raises ValueError."""
    text = found.get(key)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise ValueError(f"{key} is no number of bytes: {show(text[:40])}")
    return int(text)
