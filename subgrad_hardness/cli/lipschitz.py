"""``lipschitz NET``: local Lipschitz constants."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.lipschitz import GreatestNorm, lipschitz
from subgrad_hardness.api.shown import show_number, show_vector
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, look_at_place, written
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import print_json, say
from subgrad_hardness.common.words import count

_NAMES = {"l1": "l1 norm", "l2_squared": "Euclidean norm, squared", "linf": "maximum norm"}


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
    if arguments.json:
        print_json(result.to_json())
    else:
        say("greatest norms of Clarke subgradients")
        for name, words in _NAMES.items():
            norm: GreatestNorm | None = getattr(result, name)
            if norm is not None:
                proof = f" (certified by {_claims(result.rests_on[name])})" if name in result.rests_on else ""
                say(f"  {words}: {_shown(norm)}, at {show_vector(norm.gradient)}{proof}")
                if norm.value is not None and name in result.uncertified:
                    say(f"    no certificate: {result.uncertified[name]}")
        if result.why is not None:
            say(f"not decided: {result.why}")
    status = written(arguments, result.certificates, result.uncertified)
    return status if result.decided else ExitStatus.UNKNOWN


def _claims(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else count(len(names), "support")


def _shown(norm: GreatestNorm) -> str:
    if norm.value is not None:
        return show_number(norm.value)
    most = "unknown" if norm.proved is None else show_number(norm.proved)
    return f"between {show_number(norm.attained)} and {most}"
