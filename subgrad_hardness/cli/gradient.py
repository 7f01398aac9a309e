"""``gradient NET``."""

from __future__ import annotations

import argparse
from fractions import Fraction

from subgrad_hardness.api.gradient import gradient
from subgrad_hardness.cli.losses import add_loss, given_net
from subgrad_hardness.cli.options import add_net_arguments, given_point, integer, nonnegative_seconds, parse_point
from subgrad_hardness.cli.output import add_json, show
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.net.rational import parse_rational


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, relu'(0) and the directions."""
    add_net_arguments(parser)
    parser.add_argument(
        "--relu-at-zero",
        metavar="S",
        default=None,
        help="relu'(0) at every kink, in [0, 1] (default 0, as PyTorch, TensorFlow and JAX have it)",
    )
    parser.add_argument(
        "--at",
        metavar="NODE=S",
        action="append",
        default=[],
        help="relu'(0) at the kinks of one node, or at one of them (NODE[0]=S), others 0; may be repeated",
    )
    parser.add_argument(
        "--direction",
        metavar="D",
        action="append",
        default=[],
        type=str,
        help="print F'(x0; D), and look for the true subgradient in this direction first; may be repeated",
    )
    parser.add_argument(
        "--seed", type=integer, default=0, metavar="N", help="of the random directions probed beside D (default 0)"
    )
    parser.add_argument(
        "--time-limit",
        metavar="S",
        type=nonnegative_seconds,
        default=None,
        help="seconds for deciding whether all choices of relu'(0) agree",
    )
    add_json(parser)
    add_loss(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the backpropagation gradient and a true subgradient."""
    result = gradient(
        given_net(arguments),
        point=given_point(arguments),
        relu_at_zero=given_convention(arguments),
        directions=[parse_point(direction) for direction in arguments.direction],
        seed=arguments.seed,
        time_limit=arguments.time_limit,
    )
    show(result, as_json=arguments.json)
    return 0


def given_convention(arguments: argparse.Namespace) -> Fraction | dict[str, Fraction]:
    """``--relu-at-zero`` or ``--at``.  Raises ParameterError."""
    if arguments.at and arguments.relu_at_zero is not None:
        raise ParameterError("give either --relu-at-zero or --at", place="--at")
    if not arguments.at:
        return _number(arguments.relu_at_zero or "0", "--relu-at-zero")
    choice: dict[str, Fraction] = {}
    for item in arguments.at:
        node, equals, value = item.rpartition("=")
        if not equals:
            raise ParameterError(f"{item!r} is not NODE=S", place="--at")
        if node in choice:
            raise ParameterError(f"{node} stands twice", place="--at")
        choice[node] = _number(value, "--at")
    return choice


def _number(text: str, place: str) -> Fraction:
    try:
        return parse_rational(text)
    except ValueError as problem:
        raise ParameterError(str(problem), place=place) from None
