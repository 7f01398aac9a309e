"""The nets of a batch by name: files, folders, globs and manifests (docs/batch.md)."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

from subgrad_hardness.common.errors import NetError, ParameterError
from subgrad_hardness.common.files import read_text_bytes
from subgrad_hardness.net.json_text import Reader, parse_json

#: Files of this name list nets and are none, in whatever folder they stand.
MANIFEST = "manifest.json"


def find_nets(
    nets: Iterable[str | os.PathLike[str]] | str | os.PathLike[str] = (),
    manifest: str | os.PathLike[str] | None = None,
) -> tuple[str, ...]:
    """The files that these names stand for, each once, in the order in which they are first met.

    Parameters
    ----------
    nets : path or iterable of paths, optional
        Net files; folders, which stand for the ``*.json`` files in them and below, sorted; globs (``**`` for any
        folders), where no file has that very name.  Files called ``manifest.json`` are passed over.
    manifest : path, optional
        A file that lists nets, relative to its own folder.  A name in ``.json`` is read as an object whose
        ``instances`` are objects with a ``file`` (as instances/manifest.json), any other as text with a path a line;
        ``"-"`` is standard input.

    Returns
    -------
    tuple of str
        The names, for ``check_many``.

    Raises
    ------
    NetError
        A folder or manifest cannot be read, or there is nothing in it or in a glob.
    ParameterError
        Standard input among the nets.

    Notes
    -----
    Lists folders; whether a file is there, and a net, is not looked at.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> sh.find_nets(["b.json", "a.json", "./b.json"])
    ('b.json', 'a.json')
    """
    found: dict[str, None] = {}
    for net in [nets] if isinstance(nets, str | os.PathLike) else nets:
        found.update(dict.fromkeys(_files(os.fspath(net))))
    if manifest is not None:
        found.update(dict.fromkeys(_listed(os.fspath(manifest))))
    return tuple(found)


def stands_for_many(net: str) -> bool:
    """Whether a name is that of a folder, or a glob rather than a file."""
    return os.path.isdir(net) or _is_glob(net)  # noqa: PTH112 (pathlib's raises for some names)


def _is_glob(name: str) -> bool:
    return glob.has_magic(name) and not os.path.lexists(name)


def _files(name: str) -> Iterator[str]:
    """The net files of one name, as ``Path`` spells them: ``./a.json`` is ``a.json``."""
    if name == "-":
        raise ParameterError("standard input is one net; a batch takes files", place="-")
    if _is_glob(name):
        matches = [match for match in sorted(glob.glob(name, recursive=True)) if not Path(match).is_dir()]  # noqa: PTH207
        if not matches:
            raise NetError("no file matches", file=name)
        for match in matches:
            yield from _files(match)
    elif stands_for_many(name):
        yield from _inside(name)
    elif Path(name).name != MANIFEST:
        yield str(Path(name)) if name else name


def _inside(folder: str) -> list[str]:
    """The nets in a folder and below, sorted; links to folders are not followed."""

    def refuse(problem: OSError) -> NoReturn:
        raise NetError(f"cannot be read: {problem.strerror}", file=str(problem.filename))

    result = [
        str(Path(place) / file)
        for place, _, files in os.walk(folder, onerror=refuse)
        for file in files
        if file.endswith(".json") and file != MANIFEST
    ]
    if not result:
        raise NetError("no net (*.json) in this folder", file=folder)
    return sorted(result)


def _listed(manifest: str) -> Iterator[str]:
    """The paths in a manifest."""
    data = read_text_bytes(manifest, NetError)
    file = "<stdin>" if manifest == "-" else manifest
    folder = Path(manifest).parent
    if Path(manifest).suffix == ".json":
        names = _instances(data, file)
    else:
        lines = os.fsdecode(data).split("\n")
        names = [line.removesuffix("\r") for line in lines if line.strip()]
    if not names:
        raise NetError("lists no net", file=file)
    if data.startswith(b'{"net":'):
        raise NetError("looks like the lines that a batch wrote: verify --batch takes these", file=file)
    for name in names:
        yield str(folder / name)


def _instances(data: bytes, file: str) -> list[str]:
    reader = Reader(file, NetError)
    value = reader.anything(parse_json(data, file, NetError), "manifest")
    if not isinstance(value, dict) or "instances" not in value:
        reader.fail("", "no list of instances; a manifest is an object with one")
    result = []
    for index, entry in enumerate(reader.sequence(value["instances"], "instances", "a list of objects with a file")):
        place = f"instances[{index}]"
        if not isinstance(entry, dict) or "file" not in entry:
            reader.fail(place, "no object with a file")
        result.append(reader.text(entry["file"], f"{place}.file", "a path"))
    return result
