"""Records of a census in a file that survives kill -9: one JSON line a point (``common.line_file``)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.line_file import LineFile

_START = b'{"census":'


class Journal:
    """The records of earlier runs with the same options, by key, and those of this one.

    Parameters
    ----------
    path : the file; it is made if it is not there.
    options : what its records are, and will be, made with; JSON.

    Raises ParameterError for a file with something else, or made with other options; OutputError.
    """

    def __init__(self, path: str | os.PathLike[str], options: Mapping[str, Any]) -> None:
        self._options, self.records = dict(options), dict[str, Any]()
        self._file = LineFile(path)
        try:
            for place, line in self._file.read(_parsed, _START, "no line of a census; give another file"):
                if line["options"] != self._options:
                    raise ParameterError(
                        f"made with {_difference(line['options'], self._options)}; give another file",
                        file=self._file.path,
                        place=f"line {place.number}",
                    )
                self.records[line["census"]] = line["record"]
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, key: str, record: Mapping[str, Any]) -> None:
        """One more record; on the disk when this returns.  Raises OutputError."""
        line = {"census": key, "options": self._options, "record": dict(record)}
        self._file.append((json.dumps(line) + "\n").encode())
        self.records[key] = dict(record)


def _difference(had: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """The first option that differs, in words."""
    for name in wanted:
        if had.get(name) != wanted[name]:
            return f"{name.replace('_', ' ')} {_shown(had.get(name))}, not {_shown(wanted[name])}"
    return "other options"


def _shown(value: object) -> str:
    return "none" if value is None else str(value)


def _parsed(data: bytes) -> Mapping[str, Any] | None:
    try:
        line = json.loads(data)
    except ValueError:
        return None
    whole = isinstance(line, dict) and {"census", "options", "record"} == line.keys() and data.startswith(_START)
    return line if whole and isinstance(line["options"], dict) and isinstance(line["record"], dict) else None
