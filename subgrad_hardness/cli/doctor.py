"""``doctor``."""

from __future__ import annotations

import argparse

from subgrad_hardness.api.doctor import doctor
from subgrad_hardness.api.status import ExitStatus
from subgrad_hardness.cli.output import add_json, show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--json."""
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what is here and what works."""
    found = doctor()
    show(found, as_json=arguments.json)
    return ExitStatus.ANSWERED if found.healthy else ExitStatus.INTERNAL
