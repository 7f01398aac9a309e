"""The output file of a batch: one line a net, on the disk before the next is begun (``common.line_file``)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from subgrad_hardness.batch.item import NetResult, Options
from subgrad_hardness.batch.lines import START, earlier_result, read_line, write_line
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.line_file import LineFile, Place


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
        self._options = options
        self._wanted = options.to_json()
        self._lines: dict[tuple[str, str | None], Place] = {}
        self._file = LineFile(path)
        try:
            for place, line in self._file.read(_parsed, START, "no line of a batch; give another output"):
                self._require_wanted(line["options"], place.number)
                self._lines[line["net"], line["sha256"]] = place
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def earlier(self, net: str, sha256: str | None) -> NetResult | None:
        """The result that the file has for this name and these bytes, or None."""
        place = self._lines.get((net, sha256))
        if place is None:
            return None
        try:
            return earlier_result(read_line(self._file.at(place)), self._options)
        except (KeyError, TypeError, ValueError):
            raise ParameterError("its line is no result of a batch", file=self._file.path, place=net) from None

    def append(self, result: NetResult) -> None:
        """Add the line of a result and wait until the disk has it.

        Raises OutputError where that fails; the file is then as it was before.
        """
        self._lines[result.net, result.sha256] = self._file.append(write_line(result))

    def _require_wanted(self, options: Mapping[str, Any], number: int) -> None:
        for key, wanted in self._wanted.items():
            had = options.get(key)
            if had != wanted:
                shown = f"{key.replace('_', ' ')} {_shown(had)}, not {_shown(wanted)}"
                message = f"made with {shown}; give the same options, or another output"
                raise ParameterError(message, file=self._file.path, place=f"line {number}")


def _parsed(data: bytes) -> Mapping[str, Any] | None:
    try:
        return read_line(data)
    except (KeyError, TypeError, ValueError):
        return None


def _shown(value: object) -> str:
    return "none" if value is None else str(value)
