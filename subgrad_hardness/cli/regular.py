"""``regular NET``: is a net of one output Clarke regular at the point?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.regular import RegularResult, regular
from subgrad_hardness.api.shown import show_number, show_vector
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, look_at_place, written_one
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import print_json, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, limits, the certificate."""
    add_net_arguments(parser)
    add_question(parser, several=False)


def run(arguments: argparse.Namespace) -> int:
    """Print the verdict; exit 3 if there is none."""
    look_at_place(arguments)
    result = regular(
        arguments.net,
        point=given_point(arguments),
        certify=not arguments.no_certify,
        seed=arguments.seed,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    if arguments.json:
        print_json(result.to_json())
    else:
        for line in _report(result):
            say(line)
    status = written_one(arguments, "regular", result.certificate, result.uncertified)
    return ExitStatus.UNKNOWN if result.regular is None else status


def _report(result: RegularResult) -> list[str]:
    if result.regular is None:
        return [f"not decided: {result.why}"]
    lines = [f"Clarke regular: {'yes' if result.regular else 'no'}"]
    if result.base is not None and result.direction is not None and result.excess is not None:
        lines += [
            f"F'(y + u) = F'(y) + F'(u) + {show_number(result.excess)} for",
            f"  y = {show_vector(result.base)}",
            f"  u = {show_vector(result.direction)}",
        ]
    return [*lines, "certified"] if result.certificate is not None else lines
