"""``regular NET``: is a net of one output Clarke regular at the point?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.regular import regular
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, look_at_place, written_one
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import show


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
    show(result, as_json=arguments.json)
    status = written_one(arguments, "regular", result.certificate, result.uncertified)
    return ExitStatus.UNKNOWN if result.regular is None else status
