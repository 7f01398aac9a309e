"""``info NET``."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.info import info
from subgrad_hardness.cli.losses import add_loss, given_net
from subgrad_hardness.cli.options import add_net_arguments, given_point, nonnegative_seconds
from subgrad_hardness.cli.output import add_json, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, the time limit, --json."""
    add_net_arguments(parser)
    parser.add_argument(
        "--time-limit", metavar="S", type=nonnegative_seconds, default=None, help="stop after S seconds (exit 3)"
    )
    add_json(parser)
    add_loss(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what the net is made of; returns 0."""
    found = info(given_net(arguments), point=given_point(arguments), time_limit=arguments.time_limit)
    show(found, as_json=arguments.json)
    return 0
