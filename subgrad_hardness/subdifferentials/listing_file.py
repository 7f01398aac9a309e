"""The file that an enumeration is kept in: a line for each bundle of cones that was looked into.

docs/subdifferential-polytope.md says what stands in it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.line_file import LineFile
from subgrad_hardness.derivative.blocks import local_net
from subgrad_hardness.derivative.cell import LinearPiece
from subgrad_hardness.derivative.lexicographic import lock_branches
from subgrad_hardness.derivative.tree import Cone
from subgrad_hardness.local.local_net import LocalNet
from subgrad_hardness.net.json_text import parse_json
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.normal_form.flatten import FlatNet
from subgrad_hardness.subdifferentials.exploring import Bundle, Report

_START = b'{"'
_FOREIGN = "no line of an enumeration; give another file"


class ListingFile:
    """The file, locked.

    Parameters
    ----------
    path : the file; it is made if it is not there.
    digest : of the net.
    blocks : what is enumerated.
    orders : of their trees (``derivative.tree.Tree.order``).

    Raises OutputError where the file cannot be written or another process has it.
    """

    def __init__(
        self, path: str | os.PathLike[str], digest: str, blocks: Sequence[FlatNet], orders: Sequence[str]
    ) -> None:
        self._mark = _fingerprint(digest, blocks, orders)
        self._blocks = blocks
        self._nets: dict[int, LocalNet] = {}
        self._file = LineFile(path)

    def __enter__(self) -> ListingFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def reports(self) -> Iterator[Report]:
        """What earlier runs reported, in order; each Jacobian is worked out again where its line says that it rules.

        Once, before anything is kept.  Raises ParameterError for another net's file and for lines that are none.
        """
        empty = True
        for place, line in self._file.read(_parsed, _START, _FOREIGN):
            empty = False
            if place.number == 1:
                if line.get("listing") != 1 or line.get("net") != self._mark:
                    message = "made for another net or point, or by another version; give another file"
                    raise ParameterError(message, file=self._file.path, place="line 1")
                continue
            try:
                yield self._report(line)
            except (KeyError, TypeError, ValueError, IndexError):
                raise self.refused(place.number) from None
        if empty:
            self._file.append(_line({"listing": 1, "net": self._mark}))

    def refused(self, number: int) -> ParameterError:
        """The error for a line that does not fit."""
        return ParameterError(_FOREIGN, file=self._file.path, place=f"line {number}")

    def keep(self, report: Report) -> None:
        """Add a report; it is on the disk when this returns.  Raises OutputError."""
        self._file.append(
            _line(
                {
                    "block": report.bundle.block,
                    "cones": [[cone.decided, list(cone.point)] for cone in report.bundle.cones],
                    "found": [[list(map(list, piece.rows)), list(piece.interior)] for piece in report.found],
                    "left": [[cone.decided, list(cone.point)] for cone in report.left],
                }
            )
        )

    def _report(self, line: Mapping[str, Any]) -> Report:
        """Raises KeyError, TypeError, ValueError, IndexError."""
        block = _integer(line["block"])
        if block < 0:
            raise IndexError
        size = self._blocks[block].inputs
        if block not in self._nets:
            self._nets[block] = local_net(self._blocks[block])
        found = []
        for rows, interior in line["found"]:
            inside = _vector(interior, size)
            element = lock_branches(self._nets[block], [inside])
            if element.rows != tuple([tuple(map(_integer, row)) for row in rows]):
                raise ValueError("no Jacobian of the net there")
            found.append(LinearPiece(element.rows, inside))
        return Report(Bundle(block, _cones(line["cones"], size)), tuple(found), _cones(line["left"], size))


def _fingerprint(digest: str, blocks: Sequence[FlatNet], orders: Sequence[str]) -> str:
    """What an enumeration is known by: the net, its point, the kinks of its blocks in order, and what cones mean."""
    forms = [(block.inputs, [sorted(form.items()) for form in (*block.kinks, *block.outputs)]) for block in blocks]
    return hashlib.sha256(f"{digest} {forms} {orders}".encode()).hexdigest()


def _line(value: Mapping[str, Any]) -> bytes:
    return (write_json(dict(value)) + "\n").encode("utf-8")


def _parsed(data: bytes) -> Mapping[str, Any] | None:
    try:
        value = parse_json(data, "", ParameterError)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _cones(entries: Any, size: int) -> tuple[Cone, ...]:
    return tuple([Cone(_integer(decided), _vector(point, size)) for decided, point in entries])


def _vector(entries: Any, size: int) -> tuple[int, ...]:
    if len(entries) != size or not any(entries):
        raise ValueError("no vector")
    return tuple(map(_integer, entries))


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("no integer")
    return value
