"""``doctor``."""

from __future__ import annotations

import argparse

from subgrad_hardness import __version__
from subgrad_hardness.api.doctor import DoctorResult, doctor
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.output import add_json, print_json, say
from subgrad_hardness.common.words import count


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--json."""
    parser.epilog = "Exit status: 0 if all that is needed is here and works, 70 if not."
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what is here and what works."""
    found = doctor()
    if arguments.json:
        print_json(found.to_json())
    else:
        _say(found)
    return ExitStatus.ANSWERED if found.healthy else ExitStatus.INTERNAL


def _say(found: DoctorResult) -> None:
    memory = "" if found.memory is None else f", {found.memory >> 20} MiB for engines"
    say(f"subgrad_hardness {__version__}, Python {found.python}, {found.system}")
    say(f"{count(found.processors, 'processor')}{memory}")
    say("")
    for package in found.packages:
        of = f"  (extra {', '.join(package.extras)})" if package.extras else ""
        say(f"{package.name:<22}{package.version or 'missing':<12}{of}")
    missing = [package for package in found.packages if package.advice is not None]
    if not found.packages:
        say("packages: not known, because this runs from a folder and is not installed")
    for package in missing:
        say(f"{package.name}: {package.advice}")
    say("")
    for trial in found.trials:
        say(f"{'right' if trial.problem is None else 'WRONG':<7}{trial.name}{_why(trial.problem)}")


def _why(problem: str | None) -> str:
    return "" if problem is None else f": {problem}"
