"""``gradient NET``."""

from __future__ import annotations

import argparse
from fractions import Fraction

from subgrad_hardness.api.gradient import GradientResult, gradient
from subgrad_hardness.api.shown import show_matrix, show_names, show_vector
from subgrad_hardness.cli.losses import add_loss, given_net
from subgrad_hardness.cli.options import add_net_arguments, given_point, integer, nonnegative_seconds, parse_point
from subgrad_hardness.cli.output import add_json, print_json, say, say_statement
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
    if arguments.json:
        print_json(result.to_json())
    else:
        _report(result, arguments)
        say_statement(result.statement)
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


def _report(result: GradientResult, arguments: argparse.Namespace) -> None:
    convention = ", ".join(arguments.at) + ", 0 elsewhere" if arguments.at else arguments.relu_at_zero or "0"
    say(f"F(x0) = {show_vector(result.value)}")
    say(f"kinks at the point: {len(result.kinks)}" + (f", {show_names(result.kinks)}" if result.kinks else ""))
    say(f"backpropagation of the program (relu'(0) = {convention}): {show_matrix(result.gradient)}")
    if result.singleton is None:
        say("  whether every choice of relu'(0) gives the same: not decided in time")
    elif result.singleton:
        say("  every choice of relu'(0) gives the same")
    elif result.other is not None:
        where = f"relu'(0) = 1 at {show_names(result.other_kinks)} alone" if result.other_kinks else "relu'(0) = 0"
        say(f"  other choices give other results: with {where} it is {show_matrix(result.other)}")
    kind = (
        "Clarke subgradient (lexicographic derivative)" if result.statement == "clarke" else "lexicographic derivative"
    )
    say(f"a true {kind}: {show_matrix(result.subgradient)}")
    if result.gradient == result.subgradient:
        say("  backpropagation returned exactly this one")
    else:
        say("  backpropagation returned something else; check tells whether the subgradient is unique")
    for direction, derivative in result.derivatives:
        say(f"F'(x0; {show_vector(direction)}) = {show_vector(derivative)}")
