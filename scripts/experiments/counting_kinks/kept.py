"""Records of a census in a file that survives kill -9: one JSON line a point (``common.line_file``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.line_file import LineFile

_START = b'{"census":'


class Kept:
    """The records of earlier runs with the same options, and those of this one.

    Raises ParameterError for a file with something else, or made with other options; OutputError.
    """

    def __init__(self, path: str, options: Mapping[str, Any]) -> None:
        self.options, self.records = dict(options), dict[str, Mapping[str, Any]]()
        self._file = LineFile(path)
        try:
            for place, line in self._file.read(_parsed, _START, "no line of a census; give another file"):
                if line["options"] != self.options:
                    raise ParameterError(
                        "made with other options; give another file", file=path, place=f"line {place.number}"
                    )
                self.records[line["census"]] = line["record"]
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Kept:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, key: str, record: Mapping[str, Any]) -> None:
        """One more record; on the disk when this returns."""
        line = {"census": key, "options": self.options, "record": record}
        self._file.append((json.dumps(line) + "\n").encode())
        self.records[key] = record


def _parsed(data: bytes) -> Mapping[str, Any] | None:
    try:
        line = json.loads(data)
    except ValueError:
        return None
    whole = isinstance(line, dict) and {"census", "options", "record"} == line.keys() and data.startswith(_START)
    return line if whole else None
