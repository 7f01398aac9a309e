"""``info NET``."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.info import info
from subgrad_hardness.api.shown import show_names, show_number, show_vector
from subgrad_hardness.cli.losses import add_loss, given_net
from subgrad_hardness.cli.options import add_net_arguments, given_point, nonnegative_seconds
from subgrad_hardness.cli.output import add_json, print_json, say
from subgrad_hardness.common.words import count

#: What is known about the question, by the kinks behind one another.
_QUESTIONS = (
    "no kinks matter: differentiable at the point",
    "one hidden layer of kinks: decided in polynomial time",
    "{} kinks behind one another: NP-hard in general from two on",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """NET, the point, the time limit, --json."""
    add_net_arguments(parser)
    parser.add_argument(
        "--time-limit", metavar="S", type=nonnegative_seconds, default=None, help="stop after S seconds (exit 3)"
    )
    add_json(parser)
    add_loss(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what the net is made of; returns 0."""
    found = info(given_net(arguments), point=given_point(arguments), time_limit=arguments.time_limit)
    if arguments.json:
        print_json(found.to_json())
        return 0
    nearest = found.nearest_kink
    kinks = f"{found.kinks}"
    if found.kinks:
        kinks += f", of which {found.live_kinks} can matter to an output, at {show_names(found.kink_names)}"
    lines = {
        "name": found.name or "(none)",
        "form": found.form,
        "inputs": f"{len(found.inputs)}: {show_names(found.inputs)}",
        "outputs": str(found.outputs),
        "units": f"{found.units} ({', '.join(f'{number} {name}' for name, number in found.operations.items())})",
        "weights": f"{found.weights} nonzero, numbers up to {count(found.largest_digits, 'digit')}",
        "rewritten": f"{count(found.relus, 'relu')}, at most {found.depth} on a path",
        "point": show_vector(found.point),
        "value": show_vector(found.value),
        "kinks": kinks,
        "question": _QUESTIONS[min(found.kink_layers, 2)].format(found.kink_layers),
        "nearest kink": "(none)" if nearest is None else f"|{nearest.node}| = {show_number(nearest.distance)}",
        "digest": found.digest,
    }
    for key, text in lines.items():
        say(f"{key:<13}{text}")
    return 0
