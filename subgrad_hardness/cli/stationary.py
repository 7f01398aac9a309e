"""``stationary NET``: is the point stationary, in which sense?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.shown import show_vector
from subgrad_hardness.api.stationary import NOTIONS, StationaryResult, stationary
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, ended, look_at_place, rows_of, written
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import print_json, say, say_statement

# What is decided, without constraints and under some.  "hull" stands in the place of "clarke" where smooth operations
# hide a part of Clarke's set, "minimum" is what "directional" means where they do not hide that.
_FREE = {
    "directional": "directionally: F' >= 0 in all directions",
    "clarke": "in Clarke's sense: 0 is a Clarke subgradient",
    "hull": "to first order: 0 is a convex combination of lexicographic subgradients",
    "autodiff": "for backpropagation: 0 is in the hull of what it may return",
    "minimum": "a local minimum",
}
_ROWS = "is a nonnegative combination of the constraints' rows"
_CONSTRAINED = {
    "directional": "directionally: F' >= 0 in all directions that the constraints allow",
    "clarke": f"in Clarke's sense: a Clarke subgradient {_ROWS}",
    "hull": f"to first order: a convex combination of lexicographic subgradients {_ROWS}",
    "autodiff": f"for backpropagation: an element of the hull of what it may return {_ROWS}",
    "minimum": "a local minimum under the constraints",
}
_SAID = {True: "YES", False: "NO", None: "UNKNOWN"}


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
    wanted = list(NOTIONS) if arguments.notion == "all" else [arguments.notion]
    if arguments.json:
        print_json(result.to_json())
    else:
        _report(result, wanted, _FREE if arguments.constraints is None else _CONSTRAINED)
        say_statement(result.statement)
    status = written(
        arguments, result.certificates, {name: why for name, why in result.uncertified.items() if name in wanted}
    )
    if any(getattr(result, name) is None for name in wanted):
        return ExitStatus.UNKNOWN
    return ended(arguments, getattr(result, wanted[0]), status, yes=10, no=20)


def _report(result: StationaryResult, wanted: list[str], names: dict[str, str]) -> None:
    say(f"{show_vector(result.point)} is stationary")
    for name in wanted:
        proof = " (certified)" if name in result.certificates else ""
        hull = name == "clarke" and result.statement == "lexicographic"
        least = name == "directional" and (result.local_minimum or not result.directional)
        also = f" ({names['minimum']})" if least else ""
        say(f"  {_SAID[getattr(result, name)]:<8}{names['hull' if hull else name]}{also}{proof}")
        if result.multipliers.get(name):
            multipliers = show_vector(result.multipliers[name])
            say(f"          by {show_vector(result.subgradients[name])} = {multipliers} times the constraints")
        if name in result.why:
            say(f"          {result.why[name]}")
        elif name in result.uncertified:
            say(f"          no certificate: {result.uncertified[name]}")
    if result.descent is not None:
        say(f"F falls along {show_vector(result.descent)}")
