"""The output file of a batch: one line a net, on the disk before the next is begun.

Only whole lines count.  A line that a kill -9, a power failure or a full disk left unfinished is cut off, when it
happens or when the file is opened again, and its net is done again.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from subgrad_hardness.batch.item import NetResult, Options
from subgrad_hardness.batch.lines import START, earlier_result, read_line, write_line
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import unwritable


class Journal:
    """An output file that is held open, locked against other batches, for lines with the same options.

    Parameters
    ----------
    path : the file; it is made if it is not there.
    options : what its lines are, and will be, made with.

    Raises OutputError where the file cannot be written, is no regular file, or another process has it;
    ParameterError for a file that holds something else, or lines made with other options (it is then left as it
    was).  Reads the whole file once; keeps a few words a line.
    """

    def __init__(self, path: str | os.PathLike[str], options: Options) -> None:
        self._path = os.fspath(path)
        self._options = options
        self._wanted = options.to_json()
        self._lines: dict[tuple[str, str | None], tuple[int, int]] = {}
        self._end = 0
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o666)
        except (OSError, ValueError) as problem:
            raise unwritable(self._path, problem) from None
        try:
            if not stat.S_ISREG(os.fstat(self._file).st_mode):
                raise ValueError("not a regular file, so that no batch could go on from it")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the kernel lets go when the process ends, anyhow
            self._read()
            _sync_folder(self._path)
        except BlockingIOError:
            self.close()
            raise unwritable(self._path, ValueError("another process is writing to it")) from None
        except ParameterError:
            self.close()
            raise
        except (OSError, ValueError) as problem:
            self.close()
            raise unwritable(self._path, problem) from None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)

    def earlier(self, net: str, sha256: str | None) -> NetResult | None:
        """The result that the file has for this name and these bytes, or None."""
        place = self._lines.get((net, sha256))
        if place is None:
            return None
        try:
            return earlier_result(read_line(os.pread(self._file, place[1], place[0])), self._options)
        except (KeyError, TypeError, ValueError):
            raise ParameterError("its line is no result of a batch", file=self._path, place=net) from None

    def append(self, result: NetResult) -> None:
        """Add the line of a result and wait until the disk has it.

        Raises OutputError where that fails; the file is then as it was before.
        """
        data = write_line(result)
        written = 0
        try:
            while written < len(data):
                written += os.write(self._file, data[written:])
            os.fsync(self._file)
        except OSError as problem:
            self._cut()
            raise unwritable(self._path, problem) from None
        except BaseException:  # Ctrl-C: a whole line may stay, half a line may not
            if written < len(data):
                self._cut()
            raise
        self._lines[result.net, result.sha256] = (self._end, len(data))
        self._end += len(data)

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, self._end)

    def _read(self) -> None:
        """Learn what the file has; mend its end."""
        with open(self._file, "rb", closefd=False) as stream:
            for number, line in enumerate(stream, start=1):
                last = not line.endswith(b"\n")
                text = line.rstrip(b"\0") if last else line
                value = _parsed(text)
                if value is not None:
                    self._learn(value, number, len(text))
                elif not last or not START.startswith(text[: len(START)]):
                    raise ParameterError(
                        "no line of a batch; give another output", file=self._path, place=f"line {number}"
                    )
                if last:
                    os.ftruncate(self._file, self._end)
                    if value is not None:  # it lacked nothing but its end
                        self._end += os.write(self._file, b"\n")
                    os.fsync(self._file)

    def _learn(self, line: Mapping[str, Any], number: int, length: int) -> None:
        for key, wanted in self._wanted.items():
            had = line["options"].get(key)
            if had != wanted:
                shown = f"{key.replace('_', ' ')} {_shown(had)}, not {_shown(wanted)}"
                message = f"made with {shown}; give the same options, or another output"
                raise ParameterError(message, file=self._path, place=f"line {number}")
        self._lines[line["net"], line["sha256"]] = (self._end, length)
        self._end += length


def _parsed(data: bytes) -> Mapping[str, Any] | None:
    try:
        return read_line(data)
    except (KeyError, TypeError, ValueError):
        return None


def _shown(value: object) -> str:
    return "none" if value is None else str(value)


def _sync_folder(path: str) -> None:
    """A new file survives a power failure only when its folder is on the disk, too."""
    with contextlib.suppress(OSError):  # some file systems do not know it, and need it not
        folder = os.open(Path(os.path.realpath(path)).parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
