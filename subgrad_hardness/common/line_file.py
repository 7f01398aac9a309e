"""A file of lines that only grows: each line is on the disk before anything rests on it.

Only whole lines count.  A line that a kill -9, a power failure or a full disk left unfinished is cut off, when it
happens or when the file is opened again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, TypeVar

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import MARK, unwritable

Value = TypeVar("Value")


class Place(NamedTuple):
    """Where a line stands: its number from 1, its first byte, and how many bytes it has."""

    number: int
    offset: int
    length: int


class LineFile:
    """A file that is held open, locked against other processes.

    Parameters
    ----------
    path : the file; it is made if it is not there.

    Raises OutputError where the file cannot be written, is no regular file, or another process has it.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        self._end = 0
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o666)
        except (OSError, ValueError) as problem:
            raise unwritable(self.path, problem) from None
        try:
            if not stat.S_ISREG(os.fstat(self._file).st_mode):
                raise ValueError("not a regular file, so that nothing could go on from it")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the kernel lets go when the process ends, anyhow
            _sync_folder(self.path)
        except BlockingIOError:
            self.close()
            raise unwritable(self.path, ValueError("another process is writing to it")) from None
        except (OSError, ValueError) as problem:
            self.close()
            raise unwritable(self.path, problem) from None

    def __enter__(self) -> LineFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def read(
        self, parse: Callable[[bytes], Value | None], start: bytes, complaint: str
    ) -> Iterator[tuple[Place, Value]]:
        """All lines, as what ``parse`` makes of them; then the file's end is mended.

        Once, before anything is appended.  ``start`` is what every line begins with.  Raises ParameterError with the
        ``complaint`` for a line that ``parse`` knows nothing of (it returns None), and OutputError.  The file stays as
        it was where the reader stops early.
        """
        try:
            with open(self._file, "rb", closefd=False) as stream:
                for number, line in enumerate(stream, start=1):
                    last = not line.endswith(b"\n")
                    text = line.rstrip(b"\0") if last else line
                    mark = len(MARK) if number == 1 and text.startswith(MARK) else 0  # of an editor
                    value = parse(text[mark:])
                    if value is not None:
                        yield Place(number, self._end + mark, len(text) - mark), value
                        self._end += len(text)
                    elif not last or not start.startswith(text[: len(start)]):
                        raise ParameterError(complaint, file=self.path, place=f"line {number}")
                    if last:
                        os.ftruncate(self._file, self._end)
                        if value is not None:  # it lacked nothing but its end
                            self._end += os.write(self._file, b"\n")
                        os.fsync(self._file)
        except OSError as problem:
            raise unwritable(self.path, problem) from None

    def at(self, place: Place) -> bytes:
        """A line that was read or appended."""
        return os.pread(self._file, place.length, place.offset)

    def append(self, data: bytes) -> Place:
        """Add a whole line, its end included, and wait until the disk has it.

        Raises OutputError where that fails; the file is then as it was before.
        """
        written = 0
        try:
            while written < len(data):
                written += os.write(self._file, data[written:])
            os.fsync(self._file)
        except OSError as problem:
            self._cut()
            raise unwritable(self.path, problem) from None
        except BaseException:  # Ctrl-C: a whole line may stay, half a line may not
            if written < len(data):
                self._cut()
            raise
        place = Place(0, self._end, len(data))
        self._end += len(data)
        return place

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, self._end)


def _sync_folder(path: str) -> None:
    """A new file survives a power failure only when its folder is on the disk, too."""
    with contextlib.suppress(OSError):  # some file systems do not know it, and need it not
        folder = os.open(Path(os.path.realpath(path)).parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
