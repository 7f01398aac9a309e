"""``cube NET``: the largest cube around the point on which a net is affine."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.cube import cube
from subgrad_hardness.api.shown import show_matrix, show_number, show_vector
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, look_at_place, written
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import print_json, say


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
    if arguments.json:
        print_json(result.to_json())
    else:
        centre = show_vector(result.point)
        if result.exact and result.radius is None:
            say("F is affine everywhere")
        elif result.exact and result.radius is not None:
            radius = show_number(result.radius)
            say(f"F is affine on |x - x0| <= {radius} (largest entry) around {centre}, and no further")
        else:
            above = "" if result.radius is None else f", and not beyond {show_number(result.radius)}"
            say(f"F is affine at least on |x - x0| <= {show_number(result.affine_within or 0)} around {centre}{above}")
        say(f"  there F(x) = A x + b, A = {show_matrix(result.matrix)}, b = {show_vector(result.offset)}")
        if result.kink is not None and result.exact:
            say(f"  it bends at {show_vector(result.kink)}")
        made = [name for name in ("inside", "beyond") if getattr(result, name) is not None]
        if made:
            say(f"  certified: {', '.join(made)}")
        if result.why is not None:
            say(f"  {result.why}")
        elif result.uncertified is not None:
            say(f"  no certificate: {result.uncertified}")
    found = {"inside": result.inside, "beyond": result.beyond}
    certificates = {name: certificate for name, certificate in found.items() if certificate is not None}
    status = written(arguments, certificates, {} if result.uncertified is None else {"cube": result.uncertified})
    return status if result.exact else ExitStatus.UNKNOWN
