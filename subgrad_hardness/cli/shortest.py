"""``shortest NET``: the Clarke subgradient of smallest norm."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.shortest import ShortestResult, shortest
from subgrad_hardness.api.shown import show_matrix, show_number
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.given_vector import add_question, combination_lines, look_at_certificate, not_written
from subgrad_hardness.cli.options import given_point
from subgrad_hardness.cli.output import Progress, print_json, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, and what all such questions have."""
    add_question(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the subgradient; exit 3 if it may not be the shortest."""
    look_at_certificate(arguments)
    progress = Progress()
    try:
        result = shortest(
            arguments.net,
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
    if not result.decided:
        return ExitStatus.UNKNOWN
    if arguments.certificate is not None and result.certificate is None:
        return not_written(arguments, result.uncertified)
    return 0


def _report(result: ShortestResult) -> list[str]:
    lines = []
    if result.subgradient is not None and result.squared is not None:
        which = "shortest Clarke subgradient" if result.decided else "shortest Clarke subgradient known"
        lines.append(f"{which}: {show_matrix(result.subgradient)}, squared norm {show_number(result.squared)}")
        if not result.decided and result.least is not None:
            lines.append(f"no squared norm is below {show_number(result.least)}")
        if result.combination is not None and len(result.combination) > 1:
            lines += ["It is the convex combination", *combination_lines(result.combination)]
    if result.certificate is not None:
        lines.append("certified")
    return lines if result.why is None else [*lines, f"not decided: {result.why}"]
