"""``contains NET VECTOR``: is a vector a subgradient?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.contains import ASKED, contains
from subgrad_hardness.api.contains_result import ContainsResult
from subgrad_hardness.api.shown import show_matrix, show_number, show_vector
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import (
    add_question,
    combination_lines,
    ended,
    given_vector,
    look_at_place,
    written,
)
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import print_json, say, say_statement
from subgrad_hardness.net.vectors import exact_vector

#: What is decided in the place of Clarke's set where smooth operations hide a part of it.
_HULL = "a convex combination of these"
_NAMES = {
    "lexicographic": "a lexicographic subgradient (the Jacobian of a piece)",
    "clarke": "a Clarke subgradient (a convex combination of these)",
    "autodiff": "in the hull of what backpropagation may return",
}
_SAID = {True: "YES", False: "NO", None: "UNKNOWN"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the vector, which sets, the distance, limits, certificates."""
    add_net_arguments(parser)
    parser.add_argument(
        "vector",
        metavar="VECTOR",
        help='numbers such as "1,0,-1/2" (rows of several outputs with semicolons), or a file: .npy, .npz, .json',
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
    wanted = list(_NAMES) if arguments.set == "all" else [arguments.set]
    if arguments.json:
        print_json(result.to_json())
    else:
        _report(result, wanted, arguments.near)
        say_statement(result.statement)
    status = written(
        arguments, result.certificates, {name: why for name, why in result.uncertified.items() if name in wanted}
    )
    if any(getattr(result, name) is None for name in wanted):
        return ExitStatus.UNKNOWN
    asked = "clarke" if arguments.set == "all" else arguments.set
    return ended(arguments, getattr(result, asked), status, yes=10, no=20)


def _report(result: ContainsResult, wanted: list[str], near: str | None) -> None:
    say(f"{show_matrix(result.vector)} at {show_vector(result.point)} is")
    for name in wanted:
        proof = " (certified)" if name in result.certificates else ""
        hull = name == "clarke" and result.statement == "lexicographic"
        say(f"  {_SAID[getattr(result, name)]:<8}{_HULL if hull else _NAMES[name]}{proof}")
        if name in result.why:
            say(f"          {result.why[name]}")
        elif name in result.uncertified:
            say(f"          no certificate: {result.uncertified[name]}")
    for name, found in result.distances.items():
        if name not in wanted and name != "clarke":
            continue
        if getattr(result, name):
            say(f"as a combination ({name}):")
        else:
            sign = "" if found.exact else "at most "
            say(f"squared distance ({name}): {sign}{show_number(found.squared)}, to {show_matrix(found.nearest)} =")
        if near:
            said = {True: "yes", False: "no", None: "not known"}[found.within(near)]
            say(f"  within {near}: {said}")
        for line in combination_lines(found.weights, found.elements):
            say(line)
