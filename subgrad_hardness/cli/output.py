"""Printing what a command found."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from subgrad_hardness.net.json_text import write_json


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="print exactly one JSON object on standard output")


def print_json(value: dict[str, Any]) -> None:
    """One JSON object and a newline on standard output."""
    sys.stdout.write(write_json(value) + "\n")
