"""Arguments of the commands about subdifferentials and regions: vectors, rows of constraints, certificates."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.certificate.statement import Statement
from subgrad_hardness.cli.options import add_limits, integer, parse_numbers, without_brackets
from subgrad_hardness.cli.output import add_json
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import make_folder, require_writable, write_text
from subgrad_hardness.net.rational import Number

_FILES = (".npy", ".npz", ".csv", ".json")


def add_question(parser: argparse.ArgumentParser, *, several: bool, seed: bool = True) -> None:
    """Limits, the seed, where certificates go, --json; ``several``: one file for each part of the answer."""
    add_limits(parser)
    if seed:
        parser.add_argument(
            "--seed", metavar="N", type=integer, default=0, help="of the search for members (default 0)"
        )
    if several:
        parser.add_argument("--certificates", metavar="FOLDER", help="write the certificates there, a file each")
    else:
        parser.add_argument("--certificate", metavar="FILE", help="write the certificate to FILE")
    parser.add_argument("--no-certify", action="store_true", help="make no certificates")
    add_json(parser)


def look_at_place(arguments: argparse.Namespace) -> None:
    """Refuse a place for certificates that cannot be meant or written, before hours are spent."""
    folder, file = getattr(arguments, "certificates", None), getattr(arguments, "certificate", None)
    if (folder or file) is None:
        return
    if getattr(arguments, "no_certify", False):
        raise ParameterError("asks for none", place="--no-certify")
    if file is not None:
        if file in ("-", ""):
            raise ParameterError("give the name of a file; the report has standard output", place="--certificate")
        require_writable(file)


def written(arguments: argparse.Namespace, certificates: Mapping[str, Statement], why: Mapping[str, str]) -> int:
    """Write what there is; the exit status: 4 where a certificate that was asked for is missing."""
    folder, file = getattr(arguments, "certificates", None), getattr(arguments, "certificate", None)
    if folder is not None:
        make_folder(folder)
        for name, certificate in certificates.items():
            write_text(str(Path(folder) / f"{name}.json"), certificate.dumps())
    elif file is not None:
        for certificate in certificates.values():
            write_text(file, certificate.dumps())
    missing = {name: reason for name, reason in why.items() if name not in certificates}
    if (folder or file) is None or (certificates and not missing):
        return 0
    for name, reason in missing.items():
        print(f"no certificate ({name}): {reason}", file=sys.stderr)
    return ExitStatus.NOT_CERTIFIED


def written_one(arguments: argparse.Namespace, name: str, certificate: Statement | None, why: str | None) -> int:
    """The same where an answer has one certificate."""
    return written(arguments, {} if certificate is None else {name: certificate}, {} if why is None else {name: why})


def written_file(arguments: argparse.Namespace, text: str | None, why: str | None) -> int:
    """The same for a certificate of another format than that of nets, as its text."""
    if arguments.certificate is None:
        return 0
    if text is not None:
        write_text(arguments.certificate, text)
        return 0
    print(f"no certificate: {why}", file=sys.stderr)
    return ExitStatus.NOT_CERTIFIED


def ended(arguments: argparse.Namespace, verdict: bool | None, status: int, *, yes: int, no: int) -> int:
    """The exit status of a verdict: 3 where there is none; with --exit-code ``yes`` or ``no``, if all was written."""
    if verdict is None:
        return ExitStatus.UNKNOWN
    return (yes if verdict else no) if arguments.exit_code and status == 0 else status


def given_vector(text: str, what: str) -> Any:
    """Numbers with commas between them, rows with semicolons; or a file of numbers (.npy, .npz, .csv, .json).

    Brackets, as JSON and Python have them, may stand around: ``[1,2]``, ``[[1,0],[0,1]]``.  Raises PointError naming
    the entry.
    """
    file = text[1:] if text.startswith("@") else text
    if text.startswith("@") or file.rpartition(":")[0].endswith(_FILES) or file.endswith(_FILES):
        from subgrad_hardness.models.points import read_point

        return read_point(file)
    parts = without_brackets(text).split(";")
    rows = [
        parse_numbers(row, what if len(parts) == 1 else f"{what} row {number}") for number, row in enumerate(parts, 1)
    ]
    return rows if len(rows) > 1 else rows[0]


def rows_of(name: str) -> list[list[Number]]:
    """Rows of numbers from a JSON file (a list of lists), or from text such as ``1,0,2;0,1,3``.

    Raises PointError.
    """
    if not name.endswith(_FILES):
        given = given_vector(name, "--constraints")
        return given if given and isinstance(given[0], list) else [given]
    from subgrad_hardness.models.points import read_rows

    return read_rows(name)
