"""Files and standard streams: read whole, written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from subgrad_hardness.common.errors import InputError, SaidInOneLine, one_line

if TYPE_CHECKING:
    from pathlib import Path


class OutputError(SaidInOneLine, OSError):
    """A file or stream that could not be written; nothing half-written is left behind."""


#: UTF-8's byte order mark, which means nothing.
MARK = b"\xef\xbb\xbf"


def read_bytes(path: str | os.PathLike[str], error: type[InputError]) -> bytes:
    """The bytes of a file, or of standard input for ``"-"``; raises ``error`` where that fails."""
    try:
        if path != "-":
            return _read_whole(path)
        if sys.stdin is None:  # the descriptor was closed before Python started
            raise ValueError("standard input is closed")
        return sys.stdin.buffer.read()
    except (OSError, ValueError) as problem:
        file = "<stdin>" if path == "-" else os.fspath(path) or '""'
        raise error(f"cannot be read: {_reason(problem)}", file=file) from None


def read_text_bytes(path: str | os.PathLike[str], error: type[InputError]) -> bytes:
    """The bytes of a text in UTF-8, as ``read_bytes`` has them; without the mark that some editors put before it."""
    return read_bytes(path, error).removeprefix(MARK)


def _read_whole(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file as it was at one moment; raises ValueError if somebody writes to it meanwhile."""
    with open(path, "rb") as file:  # noqa: PTH123 (pathlib takes longer to import than this module's readers work)
        before = os.fstat(file.fileno())
        data = file.read()
        after = os.fstat(file.fileno())
    if stat.S_ISREG(after.st_mode):
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(data) == after.st_size
        if not same:
            raise ValueError("it changed while it was being read")
    return data


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
    from pathlib import Path

    try:
        data = content()
        if Path(path).exists() and not Path(path).is_file():  # a device or a pipe cannot be renamed over
            Path(path).write_bytes(data)
        else:
            _replace(Path(os.path.realpath(path)), data)
    except (OSError, ValueError) as problem:
        raise unwritable(path, problem) from None


def write_files(files: Iterable[tuple[str | os.PathLike[str], bytes]]) -> int:
    """Write many files, each whole or not at all, and none before the content of the last one is there; their number.

    All go to temporary names beside their places first, and are renamed at the end: what ends the making of one (an
    error, a limit, Ctrl-C) leaves no file and touches none.  Raises OutputError, naming the file.
    """
    from pathlib import Path

    begun: list[tuple[Path, str, str | os.PathLike[str]]] = []
    try:
        for path, data in files:
            try:
                target = Path(os.path.realpath(path))
                begun.append((target, _temporary(target, data), path))
            except (OSError, ValueError) as problem:
                raise unwritable(path, problem) from None
        for target, temporary, path in begun:
            try:
                Path(temporary).replace(target)
            except OSError as problem:
                raise unwritable(path, problem) from None
    finally:
        for _, temporary, _ in begun:
            Path(temporary).unlink(missing_ok=True)
    return len(begun)


def make_folder(folder: str | os.PathLike[str]) -> None:
    """Make a folder for files, with those above it, if it is not there.  Raises OutputError."""
    from pathlib import Path

    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as problem:
        raise unwritable(folder, problem) from None
    require_writable(Path(folder) / "file")


@contextmanager
def written_folder(folder: str | os.PathLike[str]) -> Iterator[None]:
    """A folder for the files that a block writes; what was made for it and is empty at the end goes away again.

    Raises OutputError.
    """
    from pathlib import Path

    place = Path(folder)
    missing = [each for each in (place, *place.parents) if not each.exists()]
    try:
        make_folder(folder)
        yield
    finally:
        for each in missing:
            with suppress(OSError):  # there are files in it, or it could not be made
                each.rmdir()


def require_writable(path: str | os.PathLike[str]) -> None:
    """Raise OutputError if ``write_text`` could not put a file there, as far as that can be seen now."""
    from pathlib import Path

    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not target.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        if not os.access(target.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except (OSError, ValueError) as problem:
        raise unwritable(path, problem) from None


def unwritable(path: str | os.PathLike[str], problem: Exception) -> OutputError:
    """The error that names a file or folder that cannot be written, and the reason that ``problem`` gives."""
    name = os.fspath(path) or '""'
    return OutputError(one_line(f"{name}: cannot be written: {_reason(problem)}"))


def _reason(problem: Exception) -> str:
    """The system's own words where it has some, without the number and the name of the file."""
    return problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)


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
    from pathlib import Path

    temporary = Path(_temporary(target, data))
    try:
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _temporary(target: Path, data: bytes) -> str:
    """A file beside ``target`` with its content and permissions, on the disk; nothing where that fails."""
    from pathlib import Path

    # As mkstemp does; the module tempfile takes as long to import as a small model takes to be checked.
    temporary = os.fspath(target.parent / f".net-{os.urandom(8).hex()}.tmp")
    kind = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | kind, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
