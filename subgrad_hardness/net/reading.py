"""Reading nets: from a file, from standard input, from a parsed mapping (SPEC 2)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.net.json_text import kind, parse_json
from subgrad_hardness.net.net_object import read_net
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike

NetLike = Program | Mapping[str, Any] | str | os.PathLike[str]


def load(net: NetLike, point: Sequence[NumberLike] | None = None) -> Program:
    """The program that ``net`` denotes, moved to ``point`` if one is given.

    Parameters
    ----------
    net : a path, ``"-"`` for standard input, a parsed mapping, or a Program (returned as it is).
    point : replaces the net's own point; p numbers, floats taken exactly.

    Raises NetError naming the file and the place, PointError for a point that does not fit.
    Linear in the size of the net.
    """
    program = _loaded(net)
    return program if point is None else program.at(point)


def _loaded(net: NetLike) -> Program:
    if isinstance(net, Program):
        return net
    if isinstance(net, Mapping):
        return program_from(net)
    if not isinstance(net, str | os.PathLike):
        raise NetError(f"{kind(net)} is not a net; give a path, a mapping or a Program", file="<net>")
    file = "<stdin>" if net == "-" else os.fspath(net)
    return load_bytes(read_bytes(net, NetError), file)


def load_bytes(data: bytes, file: str) -> Program:
    """The program in the text of a net file; ``file`` is its name in messages.  Raises NetError."""
    return Program(*read_net(parse_json(data, file, NetError), file))


def program_from(net: Mapping[str, Any], file: str = "<net>") -> Program:
    """The program of a parsed net; numpy arrays, tuples and Fractions are welcome in it.

    Raises NetError.
    """
    return Program(*read_net(plain_value(net), file))
