"""``cube NET``: the largest cube around the point on which the net is affine."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.cube import cube
from subgrad_hardness.api.shown import show_matrix, show_number, show_vector
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import print_json, say
from subgrad_hardness.cli.region_options import add_common, common, proof_line, status


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, certificates, limits."""
    add_net_arguments(parser)
    parser.add_argument("--bent-certificate", metavar="FILE", help="write there that the net bends at the distance r")
    add_common(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the radius and a point at that distance with two Jacobians; exit 3 if nobody knows."""
    options = common(arguments)
    options["certify"] = options["certify"] or arguments.bent_certificate is not None
    found = cube(arguments.net, point=given_point(arguments), bent_certificate=arguments.bent_certificate, **options)
    if arguments.json:
        print_json(found.to_json())
    elif found.why is not None:
        lower = "0" if found.lower is None else show_number(found.lower)
        upper = "infinite" if found.upper is None else show_number(found.upper)
        say(f"UNKNOWN    {found.why}")
        say(f"radius     from {lower} to {upper}")
    else:
        say(f"radius     {'infinite: affine everywhere' if found.radius is None else show_number(found.radius, 17)}")
        if found.bend is not None and found.jacobians is not None:
            say(f"bend       {show_vector(found.bend)}")
            for jacobian in found.jacobians:
                say(f"Jacobian   {show_matrix(jacobian)}")
        elif found.matrix is not None:
            say(f"Jacobian   {show_matrix(found.matrix)}")
        say(proof_line(found.certified, found.uncertified))
    missing = (arguments.certificate is not None and found.affine_certificate is None) or (
        arguments.bent_certificate is not None and found.bent_certificate is None
    )
    return status(found.why is None, not missing, missing)
