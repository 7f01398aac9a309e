"""Where things stand in the repository."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
INSTANCES = ROOT / "instances"
DOCS = ROOT / "docs"
SCRIPTS = ROOT / "scripts"
