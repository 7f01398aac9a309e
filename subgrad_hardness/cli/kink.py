"""``kink NET``: is theta a kink of the limit of an iteration?"""

from __future__ import annotations

import argparse

from subgrad_hardness.api.solution_kink import solution_kink
from subgrad_hardness.api.verify_solution import verify_solution
from subgrad_hardness.cli.given_vector import add_question, ended, look_at_place, written_file
from subgrad_hardness.cli.iteration_arguments import add_iteration, given_state, given_theta
from subgrad_hardness.cli.output import show
from subgrad_hardness.cli.verifying import one_standard_input, said


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, theta, the fixed point, a certificate to verify, limits."""
    add_iteration(parser)
    parser.add_argument("--exit-code", action="store_true", help="exit 10 for a kink, 20 where there is none")
    parser.add_argument("--verify", metavar="FILE", help="check a certificate of this command, and do nothing else")
    add_question(parser, several=False)


def run(arguments: argparse.Namespace) -> int:
    """Decide and report; exit 3 where it is not known."""
    look_at_place(arguments)
    if arguments.verify is not None:
        return _verify(arguments)
    result = solution_kink(
        arguments.net,
        given_theta(arguments),
        fixed_point=given_state(arguments.fixed_point, "--fixed-point"),
        certify=not arguments.no_certify,
        seed=arguments.seed,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    show(result, as_json=arguments.json)
    text = None if result.certificate is None else result.certificate.dumps()
    status = written_file(arguments, text, result.uncertified or result.why)
    verdict = None if result.verdict == "unknown" else result.verdict == "kink"
    return ended(arguments, verdict, status, yes=10, no=20)


def _verify(arguments: argparse.Namespace) -> int:
    one_standard_input("NET and the certificate", arguments.net, arguments.verify)
    found = verify_solution(
        arguments.net,
        arguments.verify,
        given_theta(arguments),
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    return said(found, as_json=arguments.json)
