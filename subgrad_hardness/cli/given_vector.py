"""Arguments of the commands that ask about the whole subdifferential: a vector, a certificate, limits."""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction
from typing import Any

from subgrad_hardness.api.shown import show_matrix, show_number
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.options import add_limits, add_net_arguments, integer
from subgrad_hardness.cli.output import add_json
from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.files import require_writable
from subgrad_hardness.net.rational import parse_rational

_FILES = (".npy", ".npz", ".json")


def add_question(parser: argparse.ArgumentParser) -> None:
    """The net, its point, limits, the seed, the certificate, --json."""
    add_net_arguments(parser)
    add_limits(parser)
    parser.add_argument("--seed", metavar="N", type=integer, default=0, help="of the search for members (default 0)")
    parser.add_argument("--certificate", metavar="FILE", default=None, help="write the certificate to FILE")
    parser.add_argument("--no-certify", action="store_true", help="no certificate: the answer at solver speed")
    add_json(parser)


def look_at_certificate(arguments: argparse.Namespace) -> None:
    """Refuse a certificate file that cannot be meant or written, before hours are spent."""
    name = arguments.certificate
    if name is None:
        return
    if arguments.no_certify:
        raise ParameterError("contradicts --certificate", place="--no-certify")
    if name in ("-", ""):
        raise ParameterError("give the name of a file; the report has standard output", place="--certificate")
    require_writable(name)


def not_written(arguments: argparse.Namespace, why: str | None) -> int:
    """Say that there is no certificate where one was asked for."""
    print(f"no certificate was obtained ({why}); {arguments.certificate} was not written", file=sys.stderr)
    return ExitStatus.NOT_CERTIFIED


def given_vector(text: str, what: str) -> Any:
    """Numbers with commas between them, rows with semicolons; or a file of numbers (.npy, .npz, .json).

    Raises PointError naming the entry.
    """
    file = text[1:] if text.startswith("@") else text
    if text.startswith("@") or file.rpartition(":")[0].endswith(_FILES) or file.endswith(_FILES):
        from subgrad_hardness.models.points import read_point

        return read_point(file)
    rows: list[list[Fraction]] = []
    for number, row in enumerate(text.split(";")):
        rows.append([])
        for index, entry in enumerate(row.split(",")):
            try:
                rows[-1].append(parse_rational(entry.strip(" ")))
            except ValueError as problem:
                where = f"{what} entry {index + 1}" if len(rows) == 1 else f"{what} row {number + 1} entry {index + 1}"
                raise PointError(str(problem), place=where) from None
    return rows if len(rows) > 1 else rows[0]


def combination_lines(combination: Any, most: int = 12) -> list[str]:
    """A convex combination for people."""
    lines = [f"  {show_number(part.weight)} x {show_matrix(part.jacobian)}" for part in combination[:most]]
    if len(combination) > most:
        lines.append(f"  ... and {len(combination) - most} more (--json lists all)")
    return lines
