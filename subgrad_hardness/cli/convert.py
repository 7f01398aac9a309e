"""``convert NET --to graph|layers|text|json|same [-o FILE]``."""

from __future__ import annotations

import argparse

from subgrad_hardness.cli.losses import add_loss, given_net
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.files import write_text
from subgrad_hardness.models.reading import is_model, load_bytes
from subgrad_hardness.net.conversion import to_graph, to_layers
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import holds_text, read_source
from subgrad_hardness.net.writing import dumps


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, the target, what to cut, the output file."""
    add_net_arguments(parser)
    parser.add_argument(
        "--to",
        choices=("graph", "layers", "text", "json", "same"),
        default="same",
        help="the form to write, as JSON: 'graph', 'layers', or 'json' for the one that the net has; 'text': the text "
        "language, a graph; 'same' only rewrites the file in its standard layout (default)",
    )
    parser.add_argument(
        "--cut",
        action="store_true",
        help="take a model's last Sigmoid, Tanh, Softmax, LogSoftmax, ArgMax or ArgMin away, which no net can hold",
    )
    add_loss(parser)
    parser.add_argument("-o", "--output", metavar="FILE", default="-", help="where to write (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Write the net in the form asked for."""
    made = given_net(arguments)
    data, file = (b"", "") if isinstance(made, Program) else read_source(arguments.net)
    program = made if isinstance(made, Program) else load_bytes(data, file, cut=arguments.cut, path=file)
    point = given_point(arguments)
    if point is not None:
        program = program.at(point)
    try:
        if arguments.to == "graph":
            program = to_graph(program)
        elif arguments.to == "layers":
            program = to_layers(program)
    except NetError as problem:  # a program knows no file
        raise NetError(problem.message, file=arguments.net, place=problem.place) from None
    text = arguments.to == "text" or (arguments.to == "same" and not is_model(file) and holds_text(data, file))
    write_text(arguments.output, program.to_text() if text else dumps(program))
    return 0
