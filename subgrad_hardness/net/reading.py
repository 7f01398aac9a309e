"""Reading nets: from a file, from standard input, from a parsed mapping (SPEC 2)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.common.garbage import no_collections
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.net.json_text import kind, parse_json
from subgrad_hardness.net.net_object import read_net
from subgrad_hardness.net.plain_values import plain_value
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import NumberLike

NetLike = Program | Mapping[str, Any] | str | os.PathLike[str]


def load(net: NetLike, point: Sequence[NumberLike] | None = None, *, limits: Limits = NO_LIMITS) -> Program:
    """The program that ``net`` denotes, as ``models.reading.load`` says, but for models.

    Raises NetError, PointError, LimitReached.  Linear in the size of the net.
    """
    with no_collections():
        program = _loaded(net, limits)
    return program if point is None else program.at(point)


def _loaded(net: NetLike, limits: Limits) -> Program:
    if isinstance(net, Program):
        return net
    if isinstance(net, Mapping):
        return program_from(net, limits=limits)
    return load_bytes(*read_source(net), limits=limits)


def read_source(net: str | os.PathLike[str]) -> tuple[bytes, str]:
    """The bytes of a net file or of standard input, and its name in messages.  Raises NetError."""
    if not isinstance(net, str | os.PathLike):
        raise NetError(f"{kind(net)} is not a net; {_instead(net)}", file="<net>")
    return read_bytes(net, NetError), "<stdin>" if net == "-" else os.fspath(net)


def _instead(value: Any) -> str:
    """What to give instead of something that is no net, but becomes one."""
    if callable(getattr(value, "program", None)):
        return "call .program() on it"
    if callable(getattr(value, "named_parameters", None)):  # a module of torch
        return "audit_torch and gradcheck read modules; everything else reads what torch.onnx.export writes of one"
    return "give a path, a mapping or a Program"


def load_bytes(data: bytes, file: str, *, limits: Limits = NO_LIMITS) -> Program:
    """The program in the bytes of a net file; ``file`` is its name in messages.  Raises NetError, LimitReached."""
    if holds_text(data, file):
        from subgrad_hardness.net.text_format import read_text  # most nets are JSON or models

        return Program(*read_text(data, file, limits))
    return Program(*read_net(parse_json(data, file, NetError), file, limits))


def holds_text(data: bytes, file: str) -> bool:
    """Whether a net file is text and not JSON, by its name's ending, else by its beginning."""
    if file.endswith((".net", ".json")):
        return file.endswith(".net")
    from subgrad_hardness.net.text_tokens import is_text

    return is_text(data[:_BEGINNING].decode("utf-8", "ignore").removeprefix("\ufeff"))


#: So many bytes are looked at to tell text from JSON.
_BEGINNING = 4096


def program_from(net: Mapping[str, Any], file: str = "<net>", *, limits: Limits = NO_LIMITS) -> Program:
    """The program of a parsed net; numpy arrays, tuples and Fractions are welcome in it.

    Raises NetError, LimitReached.
    """
    return Program(*read_net(plain_value(net, limits), file, limits))
