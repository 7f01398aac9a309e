"""``jsr NET``: do the products of an iteration's Jacobians stay bounded?"""

from __future__ import annotations

import argparse
from fractions import Fraction

from subgrad_hardness.api.joint_spectral_radius import MOST_LETTERS, SpectralRadiusResult, joint_spectral_radius
from subgrad_hardness.api.shown import show_matrix, show_number, show_vector
from subgrad_hardness.api.verify_spectral_radius import verify_spectral_radius
from subgrad_hardness.cli.given_vector import ended, look_at_place, written_file
from subgrad_hardness.cli.iteration_arguments import add_iteration, given_state, given_theta
from subgrad_hardness.cli.options import add_limits, integer
from subgrad_hardness.cli.output import add_json, print_json, say
from subgrad_hardness.cli.verifying import one_standard_input, said
from subgrad_hardness.common.words import count
from subgrad_hardness.iterative.jacobians import SENSES

# So many matrices are shown to people.
_MOST_SHOWN = 6
# Denominators below this are read at a glance.
_SHORT = 100


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
    if arguments.json:
        print_json(result.to_json())
    else:
        _report(result)
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


def _report(result: SpectralRadiusResult) -> None:
    heads = {
        "bounded": "BOUNDED: products of Jacobians of every length stay bounded",
        "unbounded": "UNBOUNDED: products of Jacobians grow without bound",
        "unknown": f"UNKNOWN: {result.why}",
    }
    say(heads[result.verdict])
    if result.contracts:
        say("  they tend to 0: the derivatives of the iterates have a limit set")
    if result.theta is not None and result.fixed_point is not None:
        say(f"  theta = {show_vector(result.theta)}, fixed point {show_vector(result.fixed_point)}")
    say(f"  {count(len(result.matrices), 'matrix', 'matrices')}:")
    for number, matrix in enumerate(result.matrices[:_MOST_SHOWN]):
        say(f"    {number}: {show_matrix(matrix)}")
    if len(result.matrices) > _MOST_SHOWN:
        say(f"    ... and {len(result.matrices) - _MOST_SHOWN} more (--json lists all)")
    if result.lower is not None and result.word is not None:
        word = " ".join(map(str, result.word))
        say(f"  joint spectral radius at least {_both(result.lower)}: the product {word}")
    if result.upper is not None:
        say(f"  joint spectral radius at most  {_both(result.upper)}: a norm ({result.norm})")


def _both(bound: Fraction) -> str:
    """The exact number, and one to compare at a glance."""
    short = show_number(bound)
    return short if bound.denominator < _SHORT else f"{short}, about {float(bound):.6f}"
