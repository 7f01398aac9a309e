"""``contains NET VECTOR``: is a vector a subgradient?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.contains import ASKED, contains
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import (
    add_question,
    ended,
    given_vector,
    look_at_place,
    written,
)
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import print_json, say
from subgrad_hardness.net.vectors import exact_vector


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the vector, which sets, the distance, limits, certificates."""
    add_net_arguments(parser)
    parser.add_argument(
        "vector",
        metavar="VECTOR",
        help='numbers such as "1,0,-1/2" (rows of several outputs with semicolons), or a file: .npy, .npz, .csv, .json',
    )
    parser.add_argument("--set", choices=ASKED, default="all", help="which set to ask about (default: all three)")
    parser.add_argument(
        "--near",
        metavar="EPS",
        nargs="?",
        const="",
        help="the exact distance to the convex sets, and the nearest point; with EPS also whether it is at most that",
    )
    parser.add_argument(
        "--exit-code", action="store_true", help="exit 10 if it is in the set, 20 if not (of all: the Clarke set)"
    )
    add_question(parser, several=True)


def run(arguments: argparse.Namespace) -> int:
    """Decide and report; exit 3 where something asked for is not known."""
    look_at_place(arguments)
    if arguments.near:
        exact_vector([arguments.near], 1, "--near")  # before the work, not after it
    result = contains(
        arguments.net,
        given_vector(arguments.vector, "VECTOR"),
        point=given_point(arguments),
        which=arguments.set,
        near=arguments.near is not None,
        certify=not arguments.no_certify,
        seed=arguments.seed,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    if arguments.json:
        print_json(result.to_json())
    else:
        for line in result.lines(arguments.near or None):
            say(line)
    status = written(
        arguments, result.certificates, {name: why for name, why in result.uncertified.items() if name in result.asked}
    )
    if any(getattr(result, name) is None for name in result.asked):
        return ExitStatus.UNKNOWN
    asked = "clarke" if arguments.set == "all" else arguments.set
    return ended(arguments, getattr(result, asked), status, yes=10, no=20)
