"""``verify NET CERTIFICATE``."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.verify import verify
from subgrad_hardness.cli.options import add_limits, add_net_arguments, given_point
from subgrad_hardness.cli.output import add_json
from subgrad_hardness.cli.verifying import one_standard_input, said


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, CERTIFICATE and the options of SPEC 3."""
    add_net_arguments(parser)
    parser.add_argument("certificate", metavar="CERTIFICATE", help="a certificate file, - for standard input")
    parser.add_argument("--other", metavar="NET", help="the second net of a claim about two (equal, different)")
    add_limits(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print VERIFIED (exit 0), REJECTED with the reason (exit 1), or UNKNOWN where a limit was hit (exit 3)."""
    one_standard_input("NET, CERTIFICATE and --other", arguments.net, arguments.certificate, arguments.other)
    result = verify(
        arguments.net,
        arguments.certificate,
        given_point(arguments),
        other=arguments.other,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    return said(result, as_json=arguments.json)
