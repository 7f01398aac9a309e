"""``path NET``: the limit of an iteration along a segment of parameters, and its kinks there."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.shown import show_names, show_number, show_vector
from subgrad_hardness.api.solution_path import SolutionPath, solution_path
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.iteration_arguments import add_iteration, given_state, given_theta
from subgrad_hardness.cli.options import add_limits
from subgrad_hardness.cli.output import add_json, print_json, say
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import require_writable, write_text
from subgrad_hardness.common.words import count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, where the path begins and ends, limits, the table."""
    add_iteration(parser)
    parser.add_argument("--to", metavar="T", required=True, help="the parameters at the end of the path")
    parser.add_argument("--csv", metavar="FILE", default=None, help="write the kinks as a table, - for standard output")
    add_limits(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Follow the path and report; exit 3 where part of it is not known."""
    if arguments.csv is not None:
        if arguments.csv == "-" and arguments.json:
            raise ParameterError("--json and --csv - both write to standard output", place="--csv")
        if arguments.csv != "-":
            require_writable(arguments.csv)
    to = given_state(arguments.to, "--to")
    assert to is not None  # argparse asks for it
    found = solution_path(
        arguments.net,
        given_theta(arguments),
        to,
        fixed_point=given_state(arguments.fixed_point, "--fixed-point"),
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    if arguments.csv is not None:
        write_text(arguments.csv, found.to_csv())
    if arguments.json:
        print_json(found.to_json())
    elif arguments.csv != "-":
        _report(found)
    return 0 if found.complete else ExitStatus.UNKNOWN


def _report(found: SolutionPath) -> None:
    say(f"{show_names(found.names)} from theta = {show_vector(found.theta0)} to {show_vector(found.theta1)}")
    if found.states:
        say(f"  t = 0: limit {show_vector(found.states[0])}, derivative in t {show_vector(found.slopes[0])}")
    if found.kink_at_start:
        say("  theta itself is a kink: the derivative before it is another")
    for point in found.breakpoints:
        where = f"kink at t = {show_number(point.t)}, theta = {show_vector(point.theta)}"
        say(f"  {where}: limit {show_vector(point.state)}")
        say(f"    derivative in t before it {show_vector(point.left)}, after it {show_vector(point.right)}")
    if found.complete:
        say(f"  {count(len(found.breakpoints), 'kink')} within; at the end the limit is {show_vector(found.at(1))}")
    else:
        say(f"  known until t = {show_number(found.known_until)}: {found.why}")
