"""``stationary NET``: is the point stationary, in which sense?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.stationary import stationary
from subgrad_hardness.api.stationary_result import NOTIONS
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, ended, look_at_place, rows_of, written
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, constraints, the notion, limits, certificates."""
    add_net_arguments(parser)
    parser.add_argument(
        "--constraints",
        metavar="ROWS",
        help='only directions d with w d >= 0 for all rows w: "1,0;0,1", or a file of rows (.json, .npy)',
    )
    parser.add_argument("--notion", choices=(*NOTIONS, "all"), default="all", help="which sense (default: all three)")
    parser.add_argument(
        "--exit-code", action="store_true", help="exit 10 if stationary, 20 if not (of all: directionally)"
    )
    add_question(parser, several=True)


def run(arguments: argparse.Namespace) -> int:
    """Decide and report; exit 3 where something asked for is not known."""
    look_at_place(arguments)
    result = stationary(
        arguments.net,
        point=given_point(arguments),
        constraints=() if arguments.constraints is None else rows_of(arguments.constraints),
        notion=arguments.notion,
        certify=not arguments.no_certify,
        seed=arguments.seed,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    show(result, as_json=arguments.json)
    wanted = result.asked
    status = written(
        arguments, result.certificates, {name: why for name, why in result.uncertified.items() if name in wanted}
    )
    if any(getattr(result, name) is None for name in wanted):
        return ExitStatus.UNKNOWN
    return ended(arguments, getattr(result, wanted[0]), status, yes=10, no=20)
