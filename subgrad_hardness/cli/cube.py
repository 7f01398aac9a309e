"""``cube NET``: the largest cube around the point on which a net is affine."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.cube import cube
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, look_at_place, written
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, limits, certificates."""
    add_net_arguments(parser)
    add_question(parser, several=True, seed=False)


def run(arguments: argparse.Namespace) -> int:
    """Find it and report; exit 3 where only bounds are known."""
    look_at_place(arguments)
    result = cube(
        arguments.net,
        point=given_point(arguments),
        certify=not arguments.no_certify,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    show(result, as_json=arguments.json)
    found = {"inside": result.inside, "beyond": result.beyond}
    certificates = {name: certificate for name, certificate in found.items() if certificate is not None}
    status = written(arguments, certificates, {} if result.uncertified is None else {"cube": result.uncertified})
    return status if result.exact else ExitStatus.UNKNOWN
