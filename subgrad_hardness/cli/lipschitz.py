"""``lipschitz NET``: local Lipschitz constants."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.lipschitz import GreatestNorm, lipschitz
from subgrad_hardness.api.shown import show_number, show_vector
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.options import add_limits, add_net_arguments, given_point, integer
from subgrad_hardness.cli.output import add_json, print_json, say

_NAMES = {"l1": "l1 norm", "l2_squared": "Euclidean norm, squared", "linf": "maximum norm"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, its point, limits, the seed, --json."""
    add_net_arguments(parser)
    add_limits(parser)
    parser.add_argument("--seed", metavar="N", type=integer, default=0, help="of the search for members (default 0)")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the three norms; exit 3 if one is a bracket."""
    result = lipschitz(
        arguments.net,
        point=given_point(arguments),
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
        seed=arguments.seed,
    )
    if arguments.json:
        print_json(result.to_json())
    else:
        say("greatest norms of Clarke subgradients")
        for name, words in _NAMES.items():
            norm: GreatestNorm | None = getattr(result, name)
            if norm is not None:
                say(f"  {words}: {_shown(norm)}, at {show_vector(norm.gradient)}")
        if result.why is not None:
            say(f"not decided: {result.why}")
    return 0 if result.decided else ExitStatus.UNKNOWN


def _shown(norm: GreatestNorm) -> str:
    if norm.value is not None:
        return show_number(norm.value)
    most = "unknown" if norm.proved is None else show_number(norm.proved)
    return f"between {show_number(norm.attained)} and {most}"
