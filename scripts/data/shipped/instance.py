"""One shipped net, and the shortest way to write one."""

from __future__ import annotations

from typing import NamedTuple

from subgrad_hardness.net.program import Program


class Instance(NamedTuple):
    """One net: its name, what it shows, the verdict and how that is known."""

    name: str
    about: str
    verdict: str
    known_by: str
    net: Program


def graph(inputs: str, nodes: str, outputs: str) -> Program:
    """A net in the text language."""
    return Program.from_text(f"inputs {inputs}; {nodes}; outputs {outputs}")
