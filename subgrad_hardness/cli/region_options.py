"""The options of the commands about regions."""

from __future__ import annotations

import argparse
from typing import Any

from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.options import add_limits, integer
from subgrad_hardness.cli.output import add_json
from subgrad_hardness.net.rational import parse_rational


def add_region(parser: argparse.ArgumentParser) -> None:
    """``--box`` and ``--constraints``."""
    parser.add_argument(
        "--box",
        metavar="BOX",
        help='a lower and an upper bound for all inputs, "-1,1/2", or a file of p pairs (JSON, .npy)',
    )
    parser.add_argument(
        "--constraints", metavar="FILE", help="rows of p + 1 numbers, a and b for a x <= b (JSON, .npy)"
    )


def add_common(parser: argparse.ArgumentParser) -> None:
    """Certificates, the seed, limits, ``--json``."""
    parser.add_argument("--certificate", metavar="FILE", help="write the certificate there (exit 4 if there is none)")
    parser.add_argument("--no-certify", action="store_true", help="no proof: the answer at the engines' speed")
    parser.add_argument("--seed", metavar="N", type=integer, default=0, help="of all random choices (default: 0)")
    add_limits(parser)
    add_json(parser)


def common(arguments: argparse.Namespace) -> dict[str, Any]:
    """The options of ``add_common`` as the library calls take them."""
    return {
        "certificate": arguments.certificate,
        "certify": arguments.certificate is not None or not arguments.no_certify,
        "seed": arguments.seed,
        "time_limit": arguments.time_limit,
        "memory_limit": arguments.memory_limit,
    }


def given_box(text: str | None) -> Any:
    """The pair of numbers of ``--box``, or the name of a file."""
    if text is None:
        return None
    try:
        low, high = map(parse_rational, [entry.strip(" ") for entry in text.split(",")])
    except ValueError:
        return text
    return low, high


def status(known: bool, certified: bool, wanted: bool) -> int:
    """0 if it was answered, 3 if not, 4 without a certificate that was wanted."""
    if not known:
        return ExitStatus.UNKNOWN
    return ExitStatus.ANSWERED if certified or not wanted else ExitStatus.NOT_CERTIFIED


def proof_line(certified: bool, uncertified: str | None) -> str:
    """What is said of the proof."""
    if certified:
        return "proof      accepted by the verifier"
    return f"proof      none: {uncertified or 'it was not asked for'}"
