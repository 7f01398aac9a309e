"""From the nets of a batch to its items: every file is read once, and what is decided is what was hashed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from subgrad_hardness.api.results import CheckResult
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.batch.deciding import answered
from subgrad_hardness.batch.item import Item, NetResult, Options
from subgrad_hardness.common.errors import InputError, NetError, ParameterError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.net.writing import dumps


def several(nets: Iterable[NetLike] | NetLike) -> Iterable[NetLike]:
    """One net is several of them, too."""
    return [nets] if isinstance(nets, Program | Mapping | str | os.PathLike) else nets


def take(nets: Iterable[NetLike] | NetLike, options: Options) -> Iterator[Item | NetResult]:
    """An item for each net, or at once the result of one that cannot be had; a name that comes again is passed over.

    Raises ParameterError for standard input, which is one net and nothing to come back to.
    """
    seen = set()
    for place, net in enumerate(several(nets), start=1):
        name = os.fspath(net) if isinstance(net, str | os.PathLike) else f"<net {place}>"
        if name == "-":
            raise ParameterError("standard input is one net; a batch takes files", place="-")
        if name in seen:
            continue
        seen.add(name)
        try:
            if isinstance(net, str | os.PathLike):
                yield _from_file(name, options)
            else:
                yield _item(name, dumps(load(net)).encode(), options)
        except InputError as problem:
            yield NetResult(net=name, sha256=None, options=options, status=ExitStatus.BAD_INPUT, error=str(problem))
        except MemoryError:
            yield NetResult(net=name, sha256=None, options=options, status=ExitStatus.INTERNAL, error="out of memory")


def _item(name: str, data: bytes, options: Options) -> Item:
    return Item(name, hashlib.sha256(data).hexdigest(), data, options)


def _from_file(name: str, options: Options) -> Item | NetResult:
    """The item of a file.  One that is larger than the memory limit is ``unknown`` and not even read."""
    try:
        about = Path(name).stat()
        if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):  # it might never end
            raise NetError("cannot be read: not a regular file", file=name)
        if options.check.memory_limit is not None and about.st_size > options.check.memory_limit:
            with Path(name).open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return answered(Item(name, sha256, b"", options), CheckResult(verdict="unknown", why="memory limit"))
    except NetError:
        raise
    except (OSError, ValueError):
        pass  # it cannot be read, as the next line says
    return _item(name, read_bytes(name, NetError), options)
