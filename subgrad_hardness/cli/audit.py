"""``audit NET --gradient G``: what does a framework's gradient mean?"""

from __future__ import annotations

import argparse
from typing import Any

from subgrad_hardness.api.audit import FRAMEWORKS, audit
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.auditing.frameworks import MODES
from subgrad_hardness.auditing.rounding import NAMES
from subgrad_hardness.cli.given_vector import add_question, ended, given_vector, look_at_place, written
from subgrad_hardness.cli.options import add_net_arguments, given_point
from subgrad_hardness.cli.output import show
from subgrad_hardness.models.points import element_type


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the gradient, whose it is, limits, certificates."""
    add_net_arguments(parser)
    parser.add_argument(
        "--gradient",
        metavar="G",
        required=True,
        help='what it is: a file (.npy, .npz, .csv, .json), or numbers such as "1,0,-0.5" (rows with semicolons)',
    )
    parser.add_argument("--framework", choices=FRAMEWORKS, help="whose conventions to try first")
    parser.add_argument(
        "--mode",
        choices=MODES,
        default="backward",
        help="forward: it was computed column by column, by Jacobian-vector products",
    )
    parser.add_argument(
        "--precision",
        choices=NAMES,
        help="in which it was computed (default: the type of the array in the file, else float64)",
    )
    parser.add_argument(
        "--exit-code", action="store_true", help="exit 10 if the exact vector is a Clarke subgradient, 20 if not"
    )
    add_question(parser, several=True)


def run(arguments: argparse.Namespace) -> int:
    """Explain, judge and report; exit 3 where the verdict is not known."""
    look_at_place(arguments)
    gradient: Any = given_vector(arguments.gradient, "--gradient")
    result = audit(
        arguments.net,
        gradient,
        point=given_point(arguments),
        framework=arguments.framework,
        mode=arguments.mode,
        precision=arguments.precision or element_type(arguments.gradient),
        certify=not arguments.no_certify,
        seed=arguments.seed,
        time_limit=arguments.time_limit,
        memory_limit=arguments.memory_limit,
    )
    show(result, as_json=arguments.json)
    status = written(arguments, result.certificates, result.membership.uncertified)
    if result.verdict == "unknown":
        return ExitStatus.UNKNOWN
    return ended(arguments, result.verdict in ("lexicographic", "clarke"), status, yes=10, no=20)
