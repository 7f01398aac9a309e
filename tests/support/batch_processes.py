"""Batches in processes of their own: their processes, their lines, and a net that keeps them busy."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from subgrad_hardness import dumps, generate
from support.streams import children, start, until


@contextmanager
def batch(*arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """``check`` with these arguments in a process group of its own, which is killed in the end."""
    with start("check", *map(str, arguments)) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def make_hard(folder: Path) -> str:
    """A file in ``folder`` with a net that nothing decides in a minute."""
    file = folder / "hard.json"
    file.write_text(dumps(generate("pigeonhole", holes=14)), encoding="utf-8")
    return str(file)


def workers(parent: int, sign: bytes = b"subgrad_hardness") -> list[int]:
    """The processes that ``parent`` started to decide nets, by a word of their command line."""
    return [child for child in children(parent) if sign in _command(child)]


def _command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def until_lines(output: Path, count: int) -> bytes:
    """The output once it has so many lines."""
    for _ in until():
        if output.exists() and output.read_bytes().count(b"\n") >= count:
            break
    return output.read_bytes()


def until_busy(process: int, ticks: int = 40) -> None:
    """Wait for a process that has used so many ticks (hundredths of a second) of the processor."""
    for _ in until():
        if float(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11]) > ticks:
            break


def is_stop(said: str, output: Path) -> bool:
    """Whether this is all that a batch of two nets says at its early end; a line that the disk just took may not
    be counted."""
    return said.endswith(f" of 2 nets; their lines are in {output}: the same command goes on\n") and (
        ", after 0" in said or ", after 1" in said
    )
