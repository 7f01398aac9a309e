"""``contains NET V``: is V a lexicographic subgradient, a Clarke subgradient, or neither?"""

from __future__ import annotations

import argparse
from fractions import Fraction

from subgrad_hardness.api.contained import ContainsResult
from subgrad_hardness.api.contains import contains
from subgrad_hardness.api.shown import show_matrix, show_number
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import (
    add_question,
    combination_lines,
    given_vector,
    look_at_certificate,
    not_written,
)
from subgrad_hardness.cli.options import given_point
from subgrad_hardness.cli.output import Progress, print_json, say
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.net.rational import parse_rational

_WORDS = {True: "yes", False: "no", None: "not decided"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, V, the distance, and what all such questions have."""
    add_question(parser)
    parser.add_argument(
        "vector",
        metavar="V",
        help='exact numbers such as "0,-1/2,0.1" (Jacobian: rows with ; between them), or a .npy, .npz or JSON file',
    )
    parser.add_argument(
        "--near", metavar="EPS", default=None, help="also: the distance to the Clarke set, and is it at most EPS"
    )
    parser.add_argument("--exit-code", action="store_true", help="exit 10 for a Clarke subgradient, 20 for none")


def run(arguments: argparse.Namespace) -> int:
    """Print the answers; exit 3 if it is not decided whether V is in the Clarke set."""
    look_at_certificate(arguments)
    progress = Progress()
    try:
        result = contains(
            arguments.net,
            given_vector(arguments.vector, "V"),
            point=given_point(arguments),
            near=_near(arguments.near),
            time_limit=arguments.time_limit,
            memory_limit=arguments.memory_limit,
            seed=arguments.seed,
            certify=not arguments.no_certify,
            certificate=arguments.certificate,
            progress=progress,
        )
    finally:
        progress.clear()
    if arguments.json:
        print_json(result.to_json())
    else:
        for line in _report(result):
            say(line)
    if result.clarke is None:
        return ExitStatus.UNKNOWN
    if arguments.certificate is not None and result.certificate("clarke") is None:
        return not_written(arguments, dict(result.uncertified).get("clarke"))
    if arguments.exit_code:
        return ExitStatus.DISTINCT if result.clarke else ExitStatus.UNIQUE
    return 0


def _near(text: str | None) -> Fraction | None:
    if text is None:
        return None
    try:
        return parse_rational(text)
    except ValueError as problem:
        raise ParameterError(str(problem), place="--near") from None


def _report(result: ContainsResult) -> list[str]:
    lines = [
        f"Clarke subgradient: {_WORDS[result.clarke]}",
        f"lexicographic subgradient: {_WORDS[result.lexicographic]}",
    ]
    if result.combination is not None and len(result.combination) > 1:
        lines += ["It is the convex combination", *combination_lines(result.combination)]
    if result.separator is not None:
        separator = result.separator
        lines.append(
            f"The functional {show_matrix(separator.functional)} is {show_number(separator.value)} there, "
            f"and at most {show_number(separator.bound)} on all Clarke subgradients."
        )
    if result.distance is not None:
        distance = result.distance
        exact = "" if distance.squared == distance.least else f" at most (and at least {show_number(distance.least)})"
        lines.append(f"squared distance:{exact} {show_number(distance.squared)}, to {show_matrix(distance.nearest)}")
        lines.append(f"within the distance that was asked for: {_WORDS[distance.near]}")
    if result.certificates:
        lines.append(f"certified: {', '.join(name for name, _ in result.certificates)}")
    lines += [f"no certificate ({name}): {why}" for name, why in result.uncertified]
    return lines if result.why is None else [*lines, f"not decided: {result.why}"]
