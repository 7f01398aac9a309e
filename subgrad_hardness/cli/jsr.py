"""``jsr NET``: do the products of an iteration's Jacobians stay bounded?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.joint_spectral_radius import MOST_LETTERS, joint_spectral_radius
from subgrad_hardness.api.verify_spectral_radius import verify_spectral_radius
from subgrad_hardness.cli.given_vector import ended, look_at_place, written_file
from subgrad_hardness.cli.iteration_arguments import add_iteration, given_state, given_theta
from subgrad_hardness.cli.options import add_limits, integer
from subgrad_hardness.cli.output import add_json, show
from subgrad_hardness.cli.verifying import one_standard_input, said
from subgrad_hardness.iterative.jacobians import SENSES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, theta, the fixed point, the sense, the length of words, a certificate, limits."""
    add_iteration(parser)
    parser.add_argument(
        "--jacobian",
        metavar="SENSE",
        choices=SENSES,
        default="clarke",
        help="lexicographic or clarke (the same matrices), or autodiff: each kink its own slope (default clarke)",
    )
    parser.add_argument(
        "--length",
        metavar="N",
        type=integer,
        default=12,
        help=f"of the longest products looked at (default 12, at most {MOST_LETTERS})",
    )
    parser.add_argument("--exit-code", action="store_true", help="exit 10 where products are unbounded, 20 if bounded")
    parser.add_argument("--verify", metavar="FILE", help="check a certificate of this command, and do nothing else")
    add_limits(parser)
    parser.add_argument("--certificate", metavar="FILE", help="write the certificate to FILE")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Bracket and report; exit 3 where it is not known whether products stay bounded."""
    look_at_place(arguments)
    if arguments.verify is not None:
        return _verify(arguments)
    result = joint_spectral_radius(
        arguments.net,
        given_theta(arguments),
        fixed_point=given_state(arguments.fixed_point, "--fixed-point"),
        jacobian=arguments.jacobian,
        length=arguments.length,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    show(result, as_json=arguments.json)
    text = None if result.certificate is None else result.certificate.dumps()
    status = written_file(arguments, text, result.why)
    verdict = None if result.verdict == "unknown" else result.verdict == "unbounded"
    return ended(arguments, verdict, status, yes=10, no=20)


def _verify(arguments: argparse.Namespace) -> int:
    one_standard_input("NET and the certificate", arguments.net, arguments.verify)
    found = verify_spectral_radius(
        arguments.verify,
        arguments.net,
        given_theta(arguments),
        fixed_point=given_state(arguments.fixed_point, "--fixed-point"),
        jacobian=arguments.jacobian,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    return said(found, as_json=arguments.json)
