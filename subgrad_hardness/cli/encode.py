"""``encode NET --to FORMAT [-o FILE]``, and many nets into a folder."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from subgrad_hardness.api.encode import encode
from subgrad_hardness.api.status import RANK, ExitStatus
from subgrad_hardness.batch.names import find_nets, stands_for_many
from subgrad_hardness.cli.options import add_point, given_point, nonnegative_seconds
from subgrad_hardness.cli.output import say
from subgrad_hardness.cli.terminal import clear
from subgrad_hardness.common.errors import InputError, ParameterError, one_line
from subgrad_hardness.common.files import write_text, written_folder
from subgrad_hardness.common.limits import LimitReached
from subgrad_hardness.common.progress import Steps
from subgrad_hardness.encoders.binary import write_binary
from subgrad_hardness.encoders.contract import EncodingError
from subgrad_hardness.encoders.registry import ENCODERS, find


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, the format, the time limit, the output file."""
    parser.add_argument(
        "nets",
        metavar="NET",
        nargs="+",
        help="a net file or a model (.onnx, .nnet), - for standard input; several, a folder or a quoted glob with -o "
        "FOLDER",
    )
    add_point(parser)
    add_format(parser, "--to", "the format to write")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default="-",
        help="where to write (default: standard output); of many nets the folder, made if need be, that gets a file "
        "for each: one line a net, and the exit status is the first of 70, 3, 2, 0 that one has",
    )
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
    if len(arguments.nets) > 1 or stands_for_many(arguments.nets[0]):
        return _many(arguments)
    return _one(arguments, arguments.nets[0], arguments.output)


def _one(arguments: argparse.Namespace, net: str, output: str) -> int:
    file = "<stdin>" if net == "-" else net
    try:
        content = encode(
            net,
            arguments.format,
            point=given_point(arguments),
            normal_form=arguments.normal_form,
            time_limit=arguments.time_limit,
        )
    except EncodingError as problem:  # a program knows no file
        raise EncodingError(problem.message, file=file, place=problem.place) from None
    except LimitReached as reached:
        clear()
        print(one_line(f"{file}: {arguments.format}: {reached}; nothing was written"), file=sys.stderr)
        return ExitStatus.UNKNOWN
    if isinstance(content, bytes):
        write_binary(output, content)
    else:
        write_text(output, content)
    return 0


def _many(arguments: argparse.Namespace) -> int:
    """A file for each net; one that cannot be encoded gets a line on standard error, and the others go on."""
    if arguments.output in ("-", ""):
        raise ParameterError("many nets need -o FOLDER", place="-o")
    places = _places(find_nets(arguments.nets), Path(arguments.output), find(arguments.format).suffix)
    steps, statuses = Steps(len(places), "net"), set()
    for number, (net, place) in enumerate(places.items(), start=1):
        try:
            with written_folder(place.parent):
                status = _one(arguments, net, str(place))
        except ParameterError:
            raise
        except InputError as problem:
            clear()
            print(problem, file=sys.stderr)
            status = ExitStatus.BAD_INPUT
        if status == ExitStatus.ANSWERED:
            say(f"{net}: {place}")
        statuses.add(status)
        steps.done(number)
    return next(status for status in RANK if status in statuses)


def _places(nets: tuple[str, ...], folder: Path, suffix: str) -> dict[str, Path]:
    """Where the file of each net goes: within the folder as the net lies below the folder that all have in common.

    Raises ParameterError where two would be one.
    """
    if not nets:
        raise ParameterError("there is none; files called manifest.json are not nets", place="NET")
    above = os.path.commonpath([Path(net).absolute().parent for net in nets])
    places: dict[str, Path] = {}
    seen: dict[Path, str] = {}
    for net in nets:
        place = folder / Path(net).absolute().relative_to(above).with_suffix(suffix)
        if place in seen:
            raise ParameterError(f"{seen[place]} and {net} would both be written to {place}", place="-o")
        places[net], seen[place] = place, net
    return places
