"""A batch that is killed again and again: does every net get its line, once, and the right one?

    python scripts/campaigns/kill_batch.py
    python scripts/campaigns/kill_batch.py --nets 500 --kills 20 --jobs 2 --seed 1 --keep FOLDER

Makes nets of several families with known verdicts, both of them, some slow, and some files that are no nets.
Decides them once without a fault; then once more, while the batch's whole process group is killed with SIGKILL at
random moments (while it starts, while it reads its file, while it decides and writes) and the same command is
given again each time.  Checks that no kill took a line that was there before, that in the end every net has one
line exactly, and that every line agrees with what is known and with the undisturbed batch.  Exit status 1 if not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from subgrad_hardness import dumps, generate

COMMAND = [sys.executable, "-m", "subgrad_hardness", "check"]

#: Family and parameters; a seed is added.  The last of the list are the slow ones.
FAMILIES: tuple[tuple[str, dict[str, object]], ...] = (
    ("thincone", {"levels": 4}),
    ("thincone", {"levels": 4, "shut": True}),
    ("lattice", {"depth": 4, "inputs": 4, "forms": 8}),
    ("copies", {"widths": "8-12-12-1"}),
    ("zonotope", {"inputs": 3, "inner": 5, "outer": 6}),
    ("zonotope", {"inputs": 3, "inner": 5, "outer": 6, "construction": "scaled", "outside": True}),
    ("3sat", {"variables": 12, "ratio": "4.26", "planted": True}),
    ("maxcut", {"vertices": 6, "offset": 0}),
    ("maxcut", {"vertices": 6, "offset": 1}),
    ("3sat", {"variables": 40, "ratio": "4.26", "planted": True}),
    ("copies", {"widths": "32-64-64-1"}),
    ("maxcut", {"vertices": 8, "offset": 1}),
)

#: What no net can be.
BAD = (
    "",
    "{",
    '{"inputs": 1}',
    '{"inputs": 2, "layers": [{"weight": [[1]]}]}',
    "\ufeff[]",
    '{"inputs": 1, "inputs": 1}',
)

#: One file in so many is bad, one kill in so many comes at a random moment after the start.
EACH_BAD, EACH_EARLY = 25, 4

#: The exit status of ``check`` for bad input, and so of the whole batch.
BAD_INPUT = 2


class Line(NamedTuple):
    """What a line says, as far as it does not depend on the clock."""

    status: int
    verdict: str | None
    digest: str | None
    kinks: int | None

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Line:
        return cls(value["status"], value.get("verdict"), value.get("digest"), value.get("kinks"))


def make_nets(folder: Path, count: int, seed: int) -> dict[str, str | None]:
    """Write the files, in a few folders; the verdict of each by its path, None where it is no net."""
    known: dict[str, str | None] = {}
    for number in range(count):
        place = folder / f"part{number % 3}" / f"net{number:04d}.json"
        place.parent.mkdir(parents=True, exist_ok=True)
        if number % EACH_BAD == 0:
            place.write_text(BAD[number // EACH_BAD % len(BAD)], encoding="utf-8")
            known[str(place)] = None
            continue
        family, parameters = FAMILIES[number % len(FAMILIES)]
        program = generate(family, **parameters, **({} if family == "thincone" else {"seed": seed * count + number}))
        place.write_text(dumps(program), encoding="utf-8")
        assert program.provenance is not None
        known[str(place)] = program.provenance["verdict"]
    return known


def whole_lines(output: Path) -> list[bytes]:
    """The finished lines of an output file, which may not be there yet."""
    if not output.exists():
        return []
    return [line for line in output.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


def start(nets: Path, output: Path, jobs: int) -> subprocess.Popen[bytes]:
    """The batch, in a process group of its own."""
    command = [*COMMAND, str(nets), "--output", str(output), "--jobs", str(jobs)]
    return subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)


def kill_later(batch: subprocess.Popen[bytes], output: Path, source: random.Random, more: int | None) -> bool:
    """Kill the batch's group after ``more`` lines, or a random moment after its start; whether it still ran."""
    if more is None:
        time.sleep(source.uniform(0, 1.0))
    else:
        target = len(whole_lines(output)) + more
        while batch.poll() is None and len(whole_lines(output)) < target:
            time.sleep(0.02)
        time.sleep(source.uniform(0, 0.1))
    running = batch.poll() is None
    os.killpg(batch.pid, signal.SIGKILL)
    batch.wait()
    return running


def faults(lines: list[bytes], known: Mapping[str, str | None], straight: Mapping[str, Line]) -> list[str]:
    """What is wrong with the lines of the batch that was killed."""
    values = [json.loads(line) for line in lines]
    times = Counter(value["net"] for value in values)
    found = [f"{net}: {times[net]} lines" for net in known if times[net] != 1]
    found += [f"{net}: no net of this batch" for net in times if net not in known]
    for value in values:
        net, line = value["net"], Line.of(value)
        if line != straight.get(net):
            found.append(f"{net}: {line}, undisturbed {straight.get(net)}")
        if line.verdict != known.get(net) or line.status != (0 if known.get(net) else BAD_INPUT):
            found.append(f"{net}: {line}, known is {known.get(net)}")
    return found


def campaign(folder: Path, options: argparse.Namespace) -> list[str]:
    """Run it all in ``folder``; the faults."""
    source = random.Random(options.seed)
    nets = folder / "nets"
    known = make_nets(nets, options.nets, options.seed)
    kinds = Counter(verdict or "bad input" for verdict in known.values())
    print(f"{len(known)} nets: {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items()))}")

    began = time.monotonic()
    undisturbed = folder / "undisturbed.jsonl"
    status = start(nets, undisturbed, options.jobs).wait()
    straight = {value["net"]: Line.of(value) for value in map(json.loads, whole_lines(undisturbed))}
    print(f"undisturbed: {len(straight)} lines, exit status {status}, {time.monotonic() - began:.1f} s")
    result = [] if status == BAD_INPUT else [f"undisturbed batch: exit status {status}"]

    output = folder / "killed.jsonl"
    kills, early, torn, before = 0, 0, 0, list[bytes]()
    began = time.monotonic()
    while kills < options.kills:
        is_early = kills % EACH_EARLY == EACH_EARLY - 1
        most = 2 * (options.nets - len(before)) // (options.kills - kills + 2)  # so that there are nets for each kill
        more = None if is_early else source.randint(1, max(1, most))
        if not kill_later(start(nets, output, options.jobs), output, source, more):
            result.append(f"the batch was over after {kills} kills")
            break
        kills += 1
        early += is_early
        lines = whole_lines(output)
        torn += output.exists() and not output.read_bytes().endswith(b"\n") and output.stat().st_size > 0
        if lines[: len(before)] != before:
            result.append(f"kill {kills}: lines that were there are gone")
        print(f"  kill {kills}: {len(lines)} lines, {len(lines) - len(before)} more", flush=True)
        before = lines
    status = start(nets, output, options.jobs).wait()
    lines = whole_lines(output)
    if status != BAD_INPUT:
        result.append(f"last run: exit status {status}")
    if lines[: len(before)] != before:
        result.append("last run: lines that were there are gone")
    again = start(nets, output, options.jobs).wait()
    if again != status or whole_lines(output) != lines:
        result.append("a run with nothing left to do changed something")
    print(
        f"killed {kills} times ({early} of them a random moment after the start; {torn} left half a line): "
        f"{len(lines)} lines, exit status {status}, {time.monotonic() - began:.1f} s"
    )
    return result + faults(lines, known, straight)


def main() -> int:
    """Parse the options, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nets", type=int, default=500, help="how many files (default 500)")
    parser.add_argument("--kills", type=int, default=20, help="how often to kill (default 20)")
    parser.add_argument("--jobs", type=int, default=2, help="--jobs of the batch (default 2)")
    parser.add_argument("--seed", type=int, default=0, help="of the nets and the moments (default 0)")
    parser.add_argument("--keep", metavar="FOLDER", help="work in FOLDER and leave it (default: a temporary one)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.keep or temporary)
        found = campaign(folder, options)
    for fault in found:
        print(f"FAULT {fault}")
    print(f"{len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
