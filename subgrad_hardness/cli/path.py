"""``path NET``: the limit of an iteration along a segment of parameters, and its kinks there."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.solution_path import solution_path
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.iteration_arguments import add_iteration, given_state, given_theta
from subgrad_hardness.cli.options import add_limits
from subgrad_hardness.cli.output import add_json, show
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import require_writable, write_text


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
    if arguments.csv != "-":
        show(found, as_json=arguments.json)
    return 0 if found.complete else ExitStatus.UNKNOWN
