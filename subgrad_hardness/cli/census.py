"""``census NET --data FILE``: how often is a net at a kink, why, and what are its gradients there?"""

from __future__ import annotations

import argparse
import re
from typing import Any

from subgrad_hardness.api.audit import FRAMEWORKS
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.auditing.rounding import NAMES
from subgrad_hardness.cli.options import integer, nonnegative_seconds, positive_int
from subgrad_hardness.cli.output import add_json, show
from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.files import require_writable
from subgrad_hardness.common.words import count
from subgrad_hardness.models.points import element_type, read_rows
from subgrad_hardness.survey.census import census
from subgrad_hardness.survey.looking import TOP
from subgrad_hardness.survey.result import CensusResult


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the data, what is judged, how, files."""
    parser.add_argument("net", metavar="NET", help="a net file or a model (.onnx, .nnet), - for standard input")
    parser.add_argument(
        "--data",
        metavar="FILE",
        required=True,
        help="the points, one a row: .npy (first axis), .npz (FILE:NAME), .csv, JSON lists",
    )
    parser.add_argument(
        "--rows", metavar="A:B", help="only the rows from A to before B, from 0; either may be left out"
    )
    parser.add_argument(
        "--gradients",
        metavar="FILE",
        help="what a framework returned, a row for each row of the data (default: backpropagation, exactly)",
    )
    parser.add_argument("--framework", choices=FRAMEWORKS, help="whose conventions backpropagation follows")
    parser.add_argument("--precision", choices=NAMES, help="in which --gradients were computed (default: their type)")
    parser.add_argument(
        "--look-at", metavar="K", help=f"one output: its number from 0, or {TOP} for the greatest (default: all)"
    )
    parser.add_argument("--jobs", metavar="N", type=positive_int, default=1, help="so many processes (default 1)")
    parser.add_argument("--dask", metavar="ADDRESS", help="a Dask scheduler that does it, or local:N")
    parser.add_argument(
        "--resume", metavar="FILE", help="keep what is found in FILE; the same command goes on where it was stopped"
    )
    parser.add_argument(
        "--time-limit", metavar="S", type=nonnegative_seconds, default=None, help="seconds for each point"
    )
    parser.add_argument("--seed", metavar="N", type=integer, default=0, help="of the search for members (default 0)")
    parser.add_argument("--csv", metavar="FILE", help="write a table, a line a point")
    parser.add_argument("--plot", metavar="FILE", help="draw it (.png, .svg, .pdf)")
    parser.add_argument(
        "--exit-code", action="store_true", help="exit 10 if all gradients are Clarke subgradients, 20 if one is not"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Look at all points; exit 3 where a verdict is not known."""
    _look_at_places(arguments)
    first, rows = _rows(arguments, "data")
    gradients = None if arguments.gradients is None else _rows(arguments, "gradients")[1]
    result = census(
        arguments.net,
        rows,
        gradients=gradients,
        framework=arguments.framework,
        precision=_precision(arguments),
        output=_output(arguments.look_at),
        jobs=arguments.jobs,
        dask=arguments.dask,
        resume=arguments.resume,
        time_limit=arguments.time_limit,
        seed=arguments.seed,
        first_row=first,
    )
    if arguments.csv is not None:
        result.write_csv(arguments.csv)
    if arguments.plot is not None:
        from subgrad_hardness.plotting.census_picture import plot_census

        plot_census(result, arguments.plot)
    show(result, as_json=arguments.json)
    return _status(arguments, result)


def _look_at_places(arguments: argparse.Namespace) -> None:
    """Refuse files that cannot be written, before hours are spent."""
    if arguments.csv is not None:
        if arguments.csv in ("-", ""):
            raise ParameterError("give the name of a file; the report has standard output", place="--csv")
        require_writable(arguments.csv)
    if arguments.plot is not None:
        from subgrad_hardness.plotting.canvas import require_output

        require_output(arguments.plot)


def _rows(arguments: argparse.Namespace, name: str) -> tuple[int, list[Any]]:
    """The rows that are asked for, and the number of the first."""
    found = read_rows(getattr(arguments, name))
    if arguments.rows is None:
        return 0, found
    match = re.fullmatch(r"([0-9]{0,9}):([0-9]{0,9})", arguments.rows, re.ASCII)
    if match is None:
        raise ParameterError(f"{arguments.rows!r} is not such as 0:100", place="--rows")
    start, end = int(match[1] or 0), int(match[2] or len(found))
    if not start < end <= len(found):
        raise PointError(
            f"{count(len(found), 'row')}, of which {arguments.rows} is no part", file=getattr(arguments, name)
        )
    return start, found[start:end]


def _precision(arguments: argparse.Namespace) -> str | None:
    if arguments.precision is None and arguments.gradients is not None:
        return element_type(arguments.gradients)
    given: str | None = arguments.precision
    return given


def _output(text: str | None) -> int | str | None:
    if text is None or text == TOP:
        return text
    try:
        return integer(text)
    except argparse.ArgumentTypeError as problem:
        raise ParameterError(f"{problem}, nor {TOP}", place="--look-at") from None


def _status(arguments: argparse.Namespace, result: CensusResult) -> int:
    if arguments.exit_code and any(record.is_clarke is False for record in result.records):
        return 20
    if result.verdicts["unknown"]:
        return ExitStatus.UNKNOWN
    return 10 if arguments.exit_code else ExitStatus.ANSWERED
