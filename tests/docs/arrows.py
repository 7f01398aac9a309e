"""Who imports whom: every import of a package, read from its source, and held against a list of floors.

Nothing is executed.  Imports inside functions and under ``TYPE_CHECKING`` count like any other, and so does a string
that names a module of the package, as the tables of engines and of public names hold them (``"api.check"``,
``f"{_HERE}.search:start"``): what it names is imported later.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import networkx as nx

#: The modules that may stand at the root of a package.
ROOT_MODULES = ("__init__", "__main__")
_IMPORTERS = ("import_module", "__import__", "exec", "run_module", "find_spec")


@dataclass(frozen=True, eq=False)
class Package:
    """A package's name and the source of its modules, by their names in it: ``net.program``, ``net``, ``__init__``."""

    name: str
    modules: Mapping[str, ast.Module]
    folders: frozenset[str]

    @cached_property
    def arrows(self) -> list[Arrow]:
        """``arrows`` of it, found once."""
        return arrows(self)


class Arrow(NamedTuple):
    """``source`` imports ``target`` in this line; names inside the package are those of ``Package.modules``."""

    source: str
    target: str
    line: int
    inside: bool


def read(folder: Path) -> Package:
    """The package in a folder."""
    found, folders = {}, set()
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts) or "__init__"
        if parts[-1] == "__init__":
            folders.add(name)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), str(path))
    return Package(folder.name, found, frozenset(folders))


def floors(page: str) -> list[str]:
    """The rooms in the order of the page's block ``floors``, the ground first: the first word of each line."""
    block = re.search(r"^```floors\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    if block is None:
        raise ValueError("no block ```floors")
    return [line.split()[0] for line in block[1].splitlines() if line.strip()]


def arrows(package: Package) -> list[Arrow]:
    """Every import of every module, and every string that names a module; a module's arrows to itself are left out."""
    found = []
    for source, tree in package.modules.items():
        constants = _constants(tree, package.name if source == "__init__" else f"{package.name}.{source}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                targets = [
                    _inside(name, package) or Arrow("", name, 0, False) for name in _imported(node, source, package)
                ]
            elif isinstance(node, ast.Constant | ast.JoinedStr):
                targets = [Arrow("", name, 0, True) for name in _named(node, constants, package)]
            else:
                continue
            found += [arrow._replace(source=source, line=node.lineno) for arrow in targets if arrow.target != source]
    return found


def _imported(node: ast.Import | ast.ImportFrom, source: str, package: Package) -> Iterator[str]:
    """The dotted names that a statement imports; what stands behind ``from X import`` is appended to X."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    here = [package.name, *(source.split(".") if source != "__init__" else [])]
    up = node.level - (source in package.folders)
    base = here[: len(here) - up] if node.level else []
    yield from (".".join([*base, *([node.module] if node.module else []), alias.name]) for alias in node.names)


def _inside(name: str, package: Package) -> Arrow | None:
    """The arrow to the module of this package that an imported name is, or is in; None for a name from outside."""
    parts = name.split(".")
    if parts.pop(0) != package.name:
        return None
    while parts and ".".join(parts) not in package.modules:
        parts.pop()
    return Arrow("", ".".join(parts) or "__init__", 0, True)


def _constants(tree: ast.Module, name: str) -> dict[str, str]:
    """The strings that a module gives names to at its top, and its own name, for the f-strings that use them."""
    known = {"__name__": name}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            known.update((target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name))
    return known


def _named(node: ast.Constant | ast.JoinedStr, constants: Mapping[str, str], package: Package) -> list[str]:
    """The modules that a string names: ``room.module``, the package before it or not, ``:function`` behind or not.

    An f-string counts where it begins with the package; what is not known in it stands for any word.
    """
    if isinstance(node, ast.Constant):
        said = str(node.value).partition(":")[0]
        name = said.removeprefix(f"{package.name}.")
        return [name] if "." in said and name in package.modules else []
    text = "".join(_pattern(part, constants) for part in node.values).partition(":")[0]
    if not text.startswith(rf"{package.name}\."):
        return []
    return [name for name in package.modules if "." in name and re.fullmatch(text, f"{package.name}.{name}")]


def _pattern(part: ast.expr, constants: Mapping[str, str]) -> str:
    value = part.value if isinstance(part, ast.FormattedValue) else part
    known = constants.get(value.id) if isinstance(value, ast.Name) else None
    if isinstance(value, ast.Constant):
        known = str(value.value)
    return r"\w+" if known is None else re.escape(known)


def unread(package: Package) -> list[str]:
    """Imports by a name that is made at run time, out of strings that ``arrows`` may or may not have seen."""
    return [
        f"{source}:{node.lineno}"
        for source, tree in package.modules.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) in _IMPORTERS
        and not (node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr))
    ]


def room(module: str) -> str:
    """The floor that a module belongs to: its first folder, or its own name at the root."""
    return module.partition(".")[0]


def misplaced(package: Package, order: list[str]) -> list[str]:
    """Modules at the root that are no rooms, rooms that the list does not have, and rooms that it has twice."""
    loose = {name for name in package.modules if "." not in name} - package.folders - set(ROOT_MODULES)
    rooms = {room(name) for name in package.modules} - loose
    return [
        *(f"{name}.py stands at the root of the package" for name in sorted(loose)),
        *(f"the room {name} is not in the list" for name in sorted(rooms - set(order))),
        *(f"the room {name} stands twice in the list" for name in sorted(set(order)) if order.count(name) > 1),
    ]


def upward(package: Package, order: list[str]) -> list[str]:
    """Imports of a room that stands later in the list."""
    place = {name: number for number, name in enumerate(order)}
    return [
        f"{arrow.source}:{arrow.line} imports {arrow.target}, which is above it"
        for arrow in package.arrows
        if arrow.inside and place.get(room(arrow.source), len(order)) < place.get(room(arrow.target), -1)
    ]


def circles(package: Package) -> list[str]:
    """Sets of modules each of which imports all the others, directly or not; within rooms as well."""
    graph = nx.DiGraph((arrow.source, arrow.target) for arrow in package.arrows if arrow.inside)
    return [" <-> ".join(sorted(part)) for part in nx.strongly_connected_components(graph) if len(part) > 1]


def beyond(package: Package, name: str, allowed: tuple[str, ...]) -> list[str]:
    """Imports of the room ``name`` that are neither the standard library, the room itself nor one of ``allowed``."""
    return [
        f"{arrow.source}:{arrow.line} imports {arrow.target}"
        for arrow in package.arrows
        if room(arrow.source) == name
        and (
            room(arrow.target) not in (name, *allowed)
            if arrow.inside
            else arrow.target.split(".")[0] not in sys.stdlib_module_names
        )
    ]
