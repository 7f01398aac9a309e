"""Limits and faults, at real sizes: does every end come in time, with its exit status and one clear line?

    python scripts/campaigns/stress.py [--only WORDS] [--folder DIR]

Makes hostile files (200 MB of JSON, 10^5 brackets, 10^6 nodes, weights of 10^5 digits, ...), runs the command
line on each under its limits, and prints a table: exit status, seconds, peak memory, the last line of what was
said.  Exit status 1 if any end was not as it has to be.  Takes some minutes and 400 MB of disk.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from stressing.hostile_files import MAKERS

from subgrad_hardness.engine.registry import SOLVERS

_COMMAND = [sys.executable, "-m", "subgrad_hardness"]
#: An end may come this much later than its limit; starting an interpreter is part of it.
_GRACE = 1.0


@dataclass(frozen=True)
class Case:
    """One run and what has to come of it.

    Attributes
    ----------
    make : writes a file of the folder, by its name; files are made once.
    arguments : of the command line; ``{name}`` stands for a file of the folder.
    statuses : the exit statuses that are right.
    seconds : the run may take at most so long (None: no matter).
    words : have to be in what was said.
    memory : the peak of all its processes, in MiB, may be at most so much.
    setting : what happens beside it.
    file_size : no file may grow larger than this.
    output : standard output is "full" or "closed".
    """

    name: str
    arguments: str
    statuses: tuple[int, ...]
    make: tuple[str, ...] = ()
    seconds: float | None = None
    words: str = ""
    memory: float | None = None
    setting: Callable[[Path], Callable[[subprocess.Popen[bytes]], None]] | None = None
    file_size: int | None = None
    output: str | None = None


def appending(folder: Path) -> Callable[[subprocess.Popen[bytes]], None]:
    """Somebody writes to the large file while it is read."""

    def beside(process: subprocess.Popen[bytes]) -> None:
        with (folder / "large.json").open("ab") as file:
            while process.poll() is None:
                file.write(b" ")
                file.flush()
                time.sleep(0.002)

    return beside


def interrupting(after: float) -> Callable[[Path], Callable[[subprocess.Popen[bytes]], None]]:
    """Ctrl-C after so many seconds."""

    def beside(process: subprocess.Popen[bytes]) -> None:
        time.sleep(after)
        os.killpg(process.pid, signal.SIGINT)

    return lambda _: beside


def cases() -> Iterator[Case]:
    """All runs."""
    for solver in SOLVERS:
        name, line = f"time limit, {solver}", f"check {{hard.json}} --solver {solver} --time-limit 2"
        yield Case(name, line, (3,), ("hard.json",), seconds=2 + _GRACE, words="UNKNOWN")
    for size in ("32M", "100M", "500M"):
        for solver in ("circuit", "phase"):
            yield Case(
                f"memory limit {size}, {solver}",
                f"check {{hard.json}} --solver {solver} --memory-limit {size} --time-limit 60",
                (3,),
                ("hard.json",),
                words="UNKNOWN",
                memory=int(size[:-1]) + 64,
            )
    for name, words in (("large", "200 MB"), ("nodes", "10^6 nodes")):
        yield Case(
            f"{words}, time limit", f"check {{{name}.json}} --time-limit 3", (3,), (f"{name}.json",), 3 + _GRACE, "time"
        )
        yield Case(
            f"{words}, memory limit",
            f"check {{{name}.json}} --memory-limit 500M --time-limit 120",
            (3,),
            (f"{name}.json",),
            words="memory limit",
            memory=600,
        )
    yield Case("10^5 brackets", "check {nested.json}", (2,), ("nested.json",), 2, "nested more than")
    yield Case("10^5 digits", "check {digits.json} --time-limit 30", (0,), ("digits.json",), 31, "DISTINCT")
    yield Case("one digit more", "check {more-digits.json}", (2,), ("more-digits.json",), 2, "more than 100000 digits")
    yield Case(
        "written to while it is read", "check {large.json}", (2,), ("large.json",), 30, "it changed", setting=appending
    )
    for after in (0.3, 1.0, 3.0):
        yield Case(
            f"Ctrl-C after {after} s",
            "check {hard.json} --certificate {out.json}",
            (130,),
            ("hard.json",),
            after + 2 * _GRACE,
            "interrupted",
            setting=interrupting(after),
        )
    for name, line in (("report", "check {easy.json}"), ("JSON", "check {easy.json} --json"), ("help", "check --help")):
        yield Case(f"full disk under the {name}", line, (74,), ("easy.json",), 5, "could not be written", output="full")
    yield Case(
        "full disk under a certificate",
        "check {easy.json} --certificate {out.json}",
        (74,),
        ("easy.json",),
        5,
        "out.json",
        file_size=0,
    )
    yield Case(
        "a folder that is none", "check {easy.json} --certificate {none/out.json}", (74,), ("easy.json",), 5, "none"
    )
    yield Case("a closed pipe", "check {easy.json} --json", (74,), ("easy.json",), 5, output="closed")
    yield Case("a certificate of 200 MB", "verify {easy.json} {large.json} --time-limit 3", (3,), ("large.json",), 4)


@contextmanager
def _output(kind: str | None) -> Iterator[int]:
    if kind == "full":
        descriptor = os.open("/dev/full", os.O_WRONLY)
    elif kind == "closed":
        reader, descriptor = os.pipe()
        os.close(reader)
    else:
        yield subprocess.PIPE
        return
    yield descriptor
    os.close(descriptor)


class Ended(NamedTuple):
    """Exit status, seconds, the peak of the largest process in MiB, and what was said."""

    status: int
    seconds: float
    peak: float
    text: str


# A parent that limits file sizes, and prints the peak memory (KiB) of its children as the last line on standard error.
_TIMED = """
import resource, signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
def prepare():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.argv[1]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
status = subprocess.run(sys.argv[2:], preexec_fn=prepare).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""


def run(case: Case, folder: Path) -> Ended:
    """One run."""
    words = [_named(word, folder) for word in case.arguments.split()]
    limit = "" if case.file_size is None else str(case.file_size)
    start = time.monotonic()
    with (
        _output(case.output) as output,
        subprocess.Popen(
            [sys.executable, "-c", _TIMED, limit, *_COMMAND, *words],
            stdout=output,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process,
    ):
        if case.setting is not None:
            threading.Thread(target=case.setting(folder), args=(process,), daemon=True).start()
        said, complaints = process.communicate()
    *lines, peak = complaints.decode("utf-8", "replace").rstrip("\n").split("\n")
    text = " / ".join([*(said or b"").decode("utf-8", "replace").split("\n"), *lines])
    return Ended(process.returncode, time.monotonic() - start, int(peak or 0) / 1024, text)


def _named(word: str, folder: Path) -> str:
    return str(folder / word[1:-1]) if word.startswith("{") else word


def faults(case: Case, ended: Ended, folder: Path) -> Iterator[str]:
    """What is not as it has to be."""
    status, seconds, peak, text = ended
    if status not in case.statuses:
        yield f"exit {status}, not {case.statuses}"
    if case.seconds is not None and seconds > case.seconds:
        yield f"took {seconds:.1f} s, at most {case.seconds} allowed"
    if case.memory is not None and peak > case.memory:
        yield f"took {peak:.0f} MiB, at most {case.memory:.0f} allowed"
    if case.words not in text:
        yield f"does not say {case.words!r}"
    if "Traceback" in text:
        yield "a traceback"
    left = [name.name for name in folder.iterdir() if name.name not in MAKERS]
    if left:
        yield f"left behind: {', '.join(left)}"


def main() -> int:
    """The exit status: 0 if all ends were right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="cases with these words in their names")
    parser.add_argument("--folder", type=Path, help="for the files (default: a temporary folder)")
    options = parser.parse_args()
    wrong = 0
    print("| case | exit | seconds | peak MiB | said | right |\n| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        for case in cases():
            if options.only not in case.name:
                continue
            for name in case.make:
                if not (folder / name).exists():
                    MAKERS[name](folder / name)
            ended = run(case, folder)
            found = list(faults(case, ended, folder))
            wrong += bool(found)
            said = ended.text.replace(str(folder), ".").replace("|", "/")[:100]
            judged = "; ".join(found) or "yes"
            print(
                f"| {case.name} | {ended.status} | {ended.seconds:.1f} | {ended.peak:.0f} | {said} | {judged} |",
                flush=True,
            )
    print(f"\n{wrong} ends were not right" if wrong else "\nall ends were right")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
