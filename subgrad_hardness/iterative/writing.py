"""Iterations as files: the net's object with the key ``iteration`` and the version 2, byte-stable."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Protocol

from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.layered_format import plain_number
from subgrad_hardness.net.net_object import Fields
from subgrad_hardness.net.writing import to_mapping


class Parts(Protocol):
    """An iteration, as far as its file goes."""

    @property
    def program(self) -> Fields:
        """F."""

    state: tuple[str, ...]
    parameters: tuple[str, ...]
    start: tuple[Fraction, ...]
    theta: tuple[Fraction, ...]


def to_object(iteration: Parts) -> dict[str, Any]:
    """The file's object for ``iteration``: ``load_iteration`` gives the equal one back."""
    plain = to_mapping(iteration.program)
    return plain | {
        "version": 2,
        "iteration": {
            "state": list(iteration.state),
            "parameters": list(iteration.parameters),
            "start": [plain_number(entry) for entry in iteration.start],
            "theta": [plain_number(entry) for entry in iteration.theta],
        },
    }


def text_of(iteration: Parts) -> str:
    """The JSON text of the file: the same for equal iterations, one row or node a line; linear in the size."""
    return write_json(to_object(iteration), indent=1) + "\n"
