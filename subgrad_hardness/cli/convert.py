"""``convert NET --to graph|layers [-o FILE]``."""

from __future__ import annotations

import argparse

from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.files import write_text
from subgrad_hardness.net.conversion import to_graph, to_layers
from subgrad_hardness.net.reading import load
from subgrad_hardness.net.writing import dumps


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, the target form, the output file."""
    add_net_arguments(parser)
    parser.add_argument(
        "--to",
        choices=("graph", "layers", "same"),
        default="same",
        help="the form to write; 'same' only rewrites the file in its standard layout (default)",
    )
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="where to write (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Write the net in the form asked for."""
    program = load(arguments.net, given_point(arguments))
    try:
        if arguments.to == "graph":
            program = to_graph(program)
        elif arguments.to == "layers":
            program = to_layers(program)
    except NetError as problem:  # a program knows no file
        raise NetError(problem.message, file=arguments.net, place=problem.place) from None
    write_text(arguments.output, dumps(program))
    return 0
