"""``--wrt``, ``--loss`` and ``--data``: the commands that take a net take it in its parameters, with a loss."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from subgrad_hardness.common.errors import ParameterError, PointError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.net.json_text import Reader, parse_json
from subgrad_hardness.net.reading import NetLike

if TYPE_CHECKING:
    from subgrad_hardness.net.program import Program

#: Written out here, because a parser is made at every start; a test compares.
LOSS_NAMES = ("squared", "absolute", "huber", "hinge", "margin", "cross_entropy", "logistic")
_KEYS = frozenset({"inputs", "targets"})


def add_loss(parser: argparse.ArgumentParser) -> None:
    """The options that turn a net into another program."""
    group = parser.add_argument_group(
        "parameters and losses",
        "The net on data points as one program, whose inputs are its parameters (docs/losses.md).",
    )
    group.add_argument(
        "--wrt",
        metavar="NAMES",
        help='what are the inputs: "parameters" (default), "inputs", or names, comma separated: "layers[1].weight,x0"',
    )
    group.add_argument(
        "--loss", metavar="LOSS", help="squared, absolute, huber, hinge, margin, cross_entropy, logistic"
    )
    group.add_argument(
        "--data", metavar="FILE", help='JSON: {"inputs": [data points], "targets": [one a data point, with a loss]}'
    )
    group.add_argument("--reduction", metavar="HOW", help="mean (default), sum, or none: one output a data point")


def given_net(arguments: argparse.Namespace) -> NetLike:
    """The net of the command line, or the program that these options make of it."""
    given = (arguments.wrt, arguments.loss, arguments.data, arguments.reduction)
    net: NetLike = arguments.net
    if all(option is None for option in given):
        return net
    return _made(arguments)


def _made(arguments: argparse.Namespace) -> Program:
    from subgrad_hardness.api.loss_program import loss_program  # rare
    from subgrad_hardness.models.reading import is_model, load

    if arguments.point is not None or arguments.input is not None:
        raise ParameterError("contradicts --wrt, --loss and --data, which say where", place="--point")
    if arguments.loss is None and arguments.reduction is not None:
        raise ParameterError("is that of a loss; give --loss", place="--reduction")
    data = {} if arguments.data is None else _read(arguments.data)
    wrt = "parameters" if arguments.wrt is None else [name.strip(" ") for name in arguments.wrt.split(",")]
    net = arguments.net if is_model(arguments.net) else load(arguments.net)
    try:
        return loss_program(
            net,
            data.get("inputs"),
            data.get("targets") if arguments.loss is not None else None,
            loss=arguments.loss,
            wrt=wrt,
            reduction=arguments.reduction or "mean",
            time_limit=getattr(arguments, "time_limit", None),
        )
    except PointError as error:  # of the data, whose file it does not know
        raise PointError(error.message, file=arguments.data, place=error.place) from None


def _read(file: str) -> dict[str, Any]:
    """The object of a data file; what is in its lists is looked at by those who use it.  Raises PointError."""
    name = "<stdin>" if file == "-" else file
    reader = Reader(name, PointError)
    found = reader.mapping(parse_json(read_bytes(file, PointError), name, PointError), "", _KEYS, "a data object")
    for key, value in found.items():
        reader.sequence(value, key, "a list")
    return found
