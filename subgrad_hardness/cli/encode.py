"""``encode NET --to FORMAT [-o FILE]``."""

from __future__ import annotations

import argparse

from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.encoders.asking import encoded
from subgrad_hardness.encoders.binary import write_binary
from subgrad_hardness.encoders.contract import EncodingError
from subgrad_hardness.encoders.registry import ENCODERS, find
from subgrad_hardness.net.writing import write_text
from subgrad_hardness.pointwise import program_at


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, the format, the output file."""
    add_net_arguments(parser)
    add_format(parser, "--to", "the format to write")
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="where to write (default: standard output)")
    parser.epilog = "What is in each file, how to solve it and how to read the answer: docs/encoders.md."


def add_format(parser: argparse.ArgumentParser, option: str, text: str) -> None:
    """``--to`` or ``--from``, and ``--normal-form``."""
    formats = "; ".join(f"{encoder.name}: {encoder.summary}" for encoder in ENCODERS)
    parser.add_argument(
        option, dest="format", required=True, choices=[encoder.name for encoder in ENCODERS], help=f"{text}.  {formats}"
    )
    parser.add_argument(
        "--normal-form",
        action="store_true",
        help="the net after equal, opposite and rescaled kinks are merged (default: the localised net as it is)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the file; returns 0.  Raises InputError and OutputError, and then nothing has been written."""
    program = program_at(arguments.net, given_point(arguments))
    try:
        content = encoded(find(arguments.format), program, normal_form=arguments.normal_form)
    except EncodingError as problem:  # a program knows no file
        file = "<stdin>" if arguments.net == "-" else arguments.net
        raise EncodingError(problem.message, file=file, place=problem.place) from None
    if isinstance(content, bytes):
        write_binary(arguments.output, content)
    else:
        write_text(arguments.output, content)
    return 0
