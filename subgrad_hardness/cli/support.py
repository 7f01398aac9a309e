"""``support NET U``: the support function of the Clarke subdifferential in direction U."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.shown import show_matrix, show_number
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.api.support import SupportResult, support
from subgrad_hardness.cli.given_vector import add_question, given_vector, look_at_certificate, not_written
from subgrad_hardness.cli.options import given_point
from subgrad_hardness.cli.output import Progress, print_json, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, U, and what all such questions have."""
    add_question(parser)
    parser.add_argument(
        "direction",
        metavar="U",
        help="a direction, exact numbers with commas; for several outputs a functional, its rows with ; between them; "
        "or a .npy, .npz or .json file",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the value and who attains it; exit 3 if there is a bracket only."""
    look_at_certificate(arguments)
    progress = Progress()
    try:
        result = support(
            arguments.net,
            given_vector(arguments.direction, "U"),
            point=given_point(arguments),
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
    if result.value is None:
        return ExitStatus.UNKNOWN
    if arguments.certificate is not None and result.certificate is None:
        return not_written(arguments, result.uncertified)
    return 0


def _report(result: SupportResult) -> list[str]:
    lines = []
    if result.value is not None:
        lines.append(f"greatest value on the Clarke subdifferential: {show_number(result.value)}")
    elif result.attained is not None:
        most = "unknown" if result.proved is None else show_number(result.proved)
        lines.append(f"greatest value: at least {show_number(result.attained)}, at most {most}")
    if result.member is not None:
        lines.append(f"attained by {show_matrix(result.member.jacobian)}")
    if result.derivative is not None:
        lines.append(f"directional derivative: {show_number(result.derivative)}")
    if result.gap is not None:
        regular = "regular in this direction" if not result.gap else "not regular in this direction"
        lines.append(f"gap: {show_number(result.gap)}, {regular}")
    if result.certificate is not None:
        lines.append("certified")
    return lines if result.why is None else [*lines, f"not decided: {result.why}"]
