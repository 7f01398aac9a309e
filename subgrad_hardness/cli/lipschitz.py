"""``lipschitz NET``: local Lipschitz constants."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.lipschitz import lipschitz
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, look_at_place, written
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, its point, limits, certificates."""
    add_net_arguments(parser)
    add_question(parser, several=True)


def run(arguments: argparse.Namespace) -> int:
    """Print the three norms; exit 3 if one is a bracket."""
    look_at_place(arguments)
    result = lipschitz(
        arguments.net,
        point=given_point(arguments),
        certify=not arguments.no_certify,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
        seed=arguments.seed,
    )
    show(result, as_json=arguments.json)
    status = written(arguments, result.certificates, result.uncertified)
    return status if result.decided else ExitStatus.UNKNOWN
