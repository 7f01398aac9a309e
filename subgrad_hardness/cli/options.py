"""Command-line arguments that several commands share, and the types of their values."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from fractions import Fraction

from subgrad_hardness.common.errors import PointError
from subgrad_hardness.common.limits import LEAST_MEMORY
from subgrad_hardness.net.rational import Number, parse_rational

#: Larger counts and times are mistakes, and nobody waits for them.
MOST = 10**9


def add_net_arguments(parser: argparse.ArgumentParser) -> None:
    """The positional NET, ``--point`` and ``--input``."""
    parser.add_argument("net", metavar="NET", help="a net file or a model (.onnx, .nnet), - for standard input")
    add_point(parser)


def add_point(parser: argparse.ArgumentParser) -> None:
    """``--point`` and ``--input``."""
    parser.add_argument(
        "--point", metavar="X", help='the point, exact rationals such as "0,-1/2,0.1" (default: the one in the file)'
    )
    parser.add_argument(
        "--input",
        metavar="FILE",
        help="the point from a file: .npy, .npz (FILE:NAME), .csv, JSON; FILE:7 takes row 7 (from 0) of an array",
    )


def parse_point(text: str) -> list[Fraction]:
    """The numbers of ``--point``, comma separated, in brackets or not.  Raises PointError naming the entry."""
    return parse_numbers(without_brackets(text), "--point")


def parse_numbers(text: str, what: str) -> list[Fraction]:
    """Numbers with commas between them; spaces around them do not matter.  Raises PointError naming the entry."""
    result = []
    for index, entry in enumerate(text.split(",")):
        try:
            result.append(parse_rational(entry.strip(" ")))
        except ValueError as problem:
            parts = entry.split()
            hint = f"; numbers have commas between them: {','.join(parts[:4])}" if len(parts) > 1 else ""
            raise PointError(f"{problem}{hint}", place=f"{what} entry {index + 1}") from None
    return result


def without_brackets(text: str) -> str:
    """``[[1,0],[0,1]]`` as ``1,0;0,1``, and so a vector; whatever else is in brackets stays as it is."""
    bare = text.strip()
    for start, end in (("[[", "]]"), ("[", "]"), ("(", ")")):
        if bare.startswith(start) and bare.endswith(end) and len(bare) > len(start + end):
            inner = bare[len(start) : -len(end)]
            return re.sub(r"\]\s*,\s*\[", ";", inner) if start == "[[" else inner
    return text


def integer(text: str) -> int:
    """An argparse type: any integer of at most 100 digits."""
    if not re.fullmatch(r"[+-]?[0-9]{1,100}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{_shown(text)} is not an integer")
    return int(text)


def positive_int(text: str) -> int:
    """An argparse type: an integer from 1 to 10^9."""
    value = integer(text)
    if not 1 <= value <= MOST:
        raise argparse.ArgumentTypeError(f"{_shown(text)} is outside 1..{MOST}")
    return value


def nonnegative_seconds(text: str) -> float:
    """An argparse type: seconds, from 0 to 10^9."""
    if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{_shown(text)} is not a number of seconds")
    value = float(text)
    if not 0 <= value <= MOST:
        raise argparse.ArgumentTypeError(f"{_shown(text)} is outside 0..{MOST} seconds")
    return value


def positive_seconds(text: str) -> float:
    """An argparse type: seconds, more than 0 and at most 10^9."""
    value = nonnegative_seconds(text)
    if not value:
        raise argparse.ArgumentTypeError("0 seconds are none")
    return value


def memory_size(text: str) -> int:
    """An argparse type: bytes, with K, M or G for powers of 1024."""
    match = re.fullmatch(r"([0-9]{1,15})([KMG]?)(?:i?B)?", text, re.ASCII | re.IGNORECASE)
    if not match:
        raise argparse.ArgumentTypeError(f"{_shown(text)} is not a size such as 500M or 4G")
    value = int(match[1]) << 10 * " KMG".index(match[2].upper() or " ")
    if value < LEAST_MEMORY:
        raise argparse.ArgumentTypeError(f"{_shown(text)} is less than {LEAST_MEMORY // 2**20}M")
    return value


def add_limits(parser: argparse.ArgumentParser) -> None:
    """``--time-limit`` and ``--memory-limit`` of the commands that run in a worker process."""
    parser.add_argument(
        "--time-limit",
        metavar="S",
        type=nonnegative_seconds,
        default=None,
        help="seconds for the whole process (default: none); unknown where it is hit",
    )
    parser.add_argument(
        "--memory-limit",
        metavar="SIZE",
        type=memory_size,
        default=None,
        help="memory for data, such as 500M or 4G (default: none); unknown where it is hit",
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def given_point(arguments: argparse.Namespace) -> Sequence[Number] | None:
    """The point of ``--point`` or ``--input``, or None without one.  Raises PointError."""
    if arguments.input is None:
        return None if arguments.point is None else parse_point(arguments.point)
    if arguments.point is not None:
        raise PointError("--point and --input both give the point", place="--input")
    from subgrad_hardness.models.points import read_point

    return read_point(arguments.input)


def certified(arguments: argparse.Namespace, place: str | None) -> bool | None:
    """To the end if certificates have a place to go, not at all for ``--no-certify``, else within a budget."""
    if place is not None:
        return True
    return False if arguments.no_certify else None
