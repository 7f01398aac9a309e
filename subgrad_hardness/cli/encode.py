"""``encode NET --to FORMAT [-o FILE]``."""

from __future__ import annotations

import argparse
import sys

from subgrad_hardness.api.encode import encode
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.options import add_net_arguments, given_point, nonnegative_seconds
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.limits import LimitReached
from subgrad_hardness.encoders.binary import write_binary
from subgrad_hardness.encoders.contract import EncodingError
from subgrad_hardness.encoders.registry import ENCODERS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, the format, the time limit, the output file."""
    add_net_arguments(parser)
    add_format(parser, "--to", "the format to write")
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="where to write (default: standard output)")
    parser.epilog = "What is in each file, how to solve it and how to read the answer: docs/encoders.md."


def add_format(parser: argparse.ArgumentParser, option: str, text: str) -> None:
    """``--to`` or ``--from``, ``--normal-form`` and ``--time-limit``."""
    formats = "; ".join(f"{encoder.name}: {encoder.summary}" for encoder in ENCODERS)
    parser.add_argument(
        option, dest="format", required=True, choices=[encoder.name for encoder in ENCODERS], help=f"{text}.  {formats}"
    )
    parser.add_argument(
        "--normal-form",
        action="store_true",
        help="the net after equal, opposite and rescaled kinks are merged (default: the localised net as it is)",
    )
    parser.add_argument(
        "--time-limit", metavar="S", type=nonnegative_seconds, default=None, help="stop after S seconds (exit 3)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the file; returns 0, or 3 if the time ran out.

    Raises InputError and OutputError.  In all these cases nothing has been written.
    """
    file = "<stdin>" if arguments.net == "-" else arguments.net
    try:
        content = encode(
            arguments.net,
            arguments.format,
            point=given_point(arguments),
            normal_form=arguments.normal_form,
            time_limit=arguments.time_limit,
        )
    except EncodingError as problem:  # a program knows no file
        raise EncodingError(problem.message, file=file, place=problem.place) from None
    except LimitReached as reached:
        print(f"{file}: {arguments.format}: {reached}; nothing was written", file=sys.stderr)
        return ExitStatus.UNKNOWN
    if isinstance(content, bytes):
        write_binary(arguments.output, content)
    else:
        write_text(arguments.output, content)
    return 0
