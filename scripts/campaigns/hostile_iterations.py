"""Hostile iterations before every command about iterations: an answer or one line, in bounded time.

    python scripts/campaigns/hostile_iterations.py [--count 300] [--seed 0]

First iterations without limits, contractions or numbers that fit into doubles, and files that are none
(``hostile/iterations.py``); then files and certificates that end too early or are damaged at random; options that do
not fit; arguments of the ready algorithms; at last runs of their own, with a limit of time or memory, or Ctrl-C.  A
finding is a status other than 0, 2, 3 and 4 (1 for certificates, 130 for Ctrl-C), an internal error, a warning, output
beside an error, an error of several lines, JSON that is none, and a run of more than twice its limit.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from hostile.damage import damaged, flipped, truncated
from hostile.iterations import ARGUMENTS, OPTIONS, PLAIN, SLOW, files, maps

import subgrad_hardness as sh
from subgrad_hardness.cli.main import main as command_line

#: Seconds a command, and bytes of this process.
SECONDS, MEMORY = 4, 4 * 2**30
#: Seconds until Ctrl-C: the modules are loaded by then.
INTERRUPTED = 1.5
#: What is asked of each file; V has a number for each state, M is a matrix of them, T has one for each parameter.
COMMANDS = {
    "kink": "kink F",
    "exact": "piggyback F --steps 12",
    "float": "piggyback F --mode float --steps 300",
    "reverse": "piggyback F --mode reverse --functional V --steps 300",
    "set": "piggyback F --set clarke --steps 8",
    "members": "piggyback F --set lexicographic --contains M --support M --steps 8",
    "implicit": "piggyback F --set autodiff --singular minimum-norm --steps 8",
    "jsr": "jsr F --length 6",
    "path": "path F --to T",
    "plot": "plot piggyback F -o OUT",
}


class Ended(NamedTuple):
    """Of a command: the status (or what was raised), what it wrote, and seconds."""

    status: Any
    out: str
    err: str
    seconds: float


class Campaign:
    """Counts, and findings as they come."""

    def __init__(self, folder: Path) -> None:
        self.file, self.folder = folder / "iteration.json", folder
        self.counts: Counter[tuple[str, Any]] = Counter()
        self.findings = 0

    def words(self, command: str, states: int, parameters: int) -> list[str]:
        """The command's words for a file of this shape."""
        row = ",".join(["1"] * max(parameters, 1))
        known = {"F": str(self.file), "V": ",".join(["1"] * states), "M": ";".join([row] * states), "T": row}
        known["OUT"] = str(self.folder / "out.svg")
        return [known.get(word, word) for word in COMMANDS.get(command, command).split()]

    def ask(self, title: str, words: Sequence[str], allowed: Sequence[int] = (0, 2, 3, 4, 74)) -> None:
        """One command in this process."""
        out, err, begun = io.StringIO(), io.StringIO(), time.monotonic()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status: Any = command_line(list(words))
        except SystemExit as ended:
            status = ended.code
        except BaseException:
            status = traceback.format_exc()[-400:]
        spent = time.monotonic() - begun
        self.judge(title, words, Ended(status, out.getvalue(), err.getvalue(), spent), allowed)

    def judge(self, title: str, words: Sequence[str], ended: Ended, allowed: Sequence[int]) -> None:
        """Counts it; prints a finding."""
        status, out, err, spent = ended
        self.counts[words[0], status] += 1
        wrong = ""
        if status not in allowed:
            wrong = "status"
        elif "Warning" in err or "Traceback" in err:
            wrong = "stderr"
        elif status == 2 and (out or err.count("\n") != 1 or len(err) > 1500):
            wrong = "an error that is more than one line"
        elif "--json" in words and out and not _is_json(out):
            wrong = "JSON"
        elif spent > 2 * SECONDS:
            wrong = "time"
        if wrong:
            self.findings += 1
            print(
                f"FINDING: {wrong}: {title}: {' '.join(words)[:200]}: {status}, {spent:.1f} s: {err[-600:]}", flush=True
            )

    def call(self, title: str, call: Any) -> None:
        """One call of the library: a result, or one of its errors in one line."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                call()
            self.counts["call", "answered"] += 1
        except (sh.InputError, sh.LimitReached) as problem:
            self.counts["call", "refused"] += 1
            if "\n" in str(problem) or len(str(problem)) > 1500:
                self.findings += 1
                print(f"FINDING: message: {title}: {str(problem)[:600]!r}", flush=True)
        except BaseException as problem:
            self.findings += 1
            print(f"FINDING: {title}: {type(problem).__name__}: {str(problem)[:300]}", flush=True)


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse)
    except ValueError:
        return False
    return True


def _refuse(text: str) -> None:
    raise ValueError(text)


def asked_of_maps(campaign: Campaign) -> None:
    """Every command, its time limited, in JSON."""
    for name, value in maps().items():
        campaign.file.write_text(json.dumps(value), encoding="utf-8")
        states = value["iteration"]["state"]
        inputs = value["inputs"]
        for command in COMMANDS:
            words = campaign.words(command, len(states), len(inputs) - len(states))
            limited = [] if command == "plot" else ["--json"]
            if name in SLOW or command == "set":
                limited = [*limited, "--time-limit", str(SECONDS)]
            if command != "plot" or name not in SLOW:
                campaign.ask(name, [*words, *limited])


def asked_of_files(campaign: Campaign, count: int, draw: random.Random) -> None:
    """Files that are no iterations, cut off and damaged ones."""
    plain = json.dumps(PLAIN).encode()
    broken = files() | truncated({"cut off": plain}, 7)
    broken |= {f"damaged {number}": (damaged, flipped)[number % 2](plain, draw) for number in range(count)}
    for number, (name, data) in enumerate(broken.items()):
        campaign.file.write_bytes(data)
        for command in list(COMMANDS) if number < len(files()) else [list(COMMANDS)[number % len(COMMANDS)]]:
            campaign.ask(name, campaign.words(command, 1, 1))


def asked_of_certificates(campaign: Campaign, count: int, draw: random.Random) -> None:
    """True certificates are accepted, others refused."""
    campaign.file.write_text(json.dumps(PLAIN), encoding="utf-8")
    written = campaign.folder / "certificate.json"
    for command in ("kink F", "piggyback F --set clarke", "jsr F"):
        words, verifies = (
            campaign.words(command, 1, 1),
            [*campaign.words(command.split(" --")[0], 1, 1), "--verify", str(written)],
        )
        campaign.ask("certificate", [*words, "--certificate", str(written)], (0,))
        campaign.ask("true certificate", verifies, (0,))
        data = written.read_bytes()
        broken = truncated({"certificate": data}, max(len(data) // 40, 1))
        broken |= {f"damaged {number}": (damaged, flipped)[number % 2](data, draw) for number in range(count)}
        for name, changed in broken.items():
            written.write_bytes(changed)
            same = changed.strip() == data.strip()
            campaign.ask(name, verifies, (0,) if same else (0, 1, 2))


def asked_with_options(campaign: Campaign) -> None:
    """Options that do not fit."""
    campaign.file.write_text(json.dumps(PLAIN), encoding="utf-8")
    for options in OPTIONS:
        campaign.ask("options", campaign.words(options, 1, 1))


def called_with_arguments(campaign: Campaign) -> None:
    """Ready algorithms and the calls about iterations, with arguments that make no sense."""
    for name, given in ARGUMENTS:
        make = getattr(sh.iterations, name)
        for place in range(len(given)):
            for wrong in _wrong(given[place]):
                changed = [*given[:place], wrong, *given[place + 1 :]]

                def run(make: Any = make, changed: list[Any] = changed) -> None:
                    algorithm = make(*changed)
                    sh.piggyback(algorithm, steps=3, mode="float")

                campaign.call(f"{name}, argument {place}: {str(wrong)[:80]}", run)
    limits: dict[str, Any] = {"time_limit": SECONDS}
    for name, value in maps().items():
        for call in (sh.fixed_point, sh.fixed_point_box, sh.contraction, sh.implicit_set):
            campaign.call(f"{name}, {call.__name__}", partial(call, value, **limits))


def _wrong(value: Any) -> list[Any]:
    """Other things in its place."""
    general: list[Any] = [
        None,
        "",
        "x",
        True,
        float("nan"),
        float("inf"),
        10**400,
        "1e3000",
        "-1",
        0,
        [],
        [[]],
        {},
        [[1, 2], [3]],
    ]
    arrays: list[Any] = [
        np.zeros((0, 0)),
        np.full((2, 2), np.nan),
        np.zeros((2, 2, 2)),
        np.array(["a", "b"]),
        np.array([1 + 2j, 1]),
    ]
    if isinstance(value, list):
        arrays += [value[:1], [value], value * 2, [None, *value[1:]]]
    return [*general, *arrays]


def limited_runs(campaign: Campaign) -> None:
    """Processes of their own with little time or memory, and with Ctrl-C in the midst."""
    for name in ("many kinks", "many states", "drift"):
        campaign.file.write_text(json.dumps(maps()[name]), encoding="utf-8")
        states = len(maps()[name]["iteration"]["state"])
        for command in COMMANDS:
            words = campaign.words(command, states, 1)
            limits = (
                [[]] if command == "plot" else [["--time-limit", "0"], ["--time-limit", "1"], ["--memory-limit", "1M"]]
            )
            for more in limits:
                _process(campaign, name, [*words, *more], None, (0, 2, 3, 4))
            _process(campaign, name, words, INTERRUPTED, (0, 2, 3, 4, 130, -signal.SIGINT))


def _process(campaign: Campaign, title: str, words: list[str], interrupt: float | None, allowed: Sequence[int]) -> None:
    begun = time.monotonic()
    run = subprocess.Popen(
        [sys.executable, "-m", "subgrad_hardness", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        out, err = run.communicate(timeout=2 * SECONDS if interrupt is None else interrupt)
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    campaign.judge(title, words, Ended(run.returncode, out, err, time.monotonic() - begun), allowed)


def main() -> None:
    """Run all, print counts, exit 1 with findings."""
    parser = argparse.ArgumentParser(description="Hostile iterations.")
    parser.add_argument("--count", type=int, default=300, help="damaged files (default 300)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="some of maps,files,certificates,options,arguments,limits")
    chosen = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    draw = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as temporary:
        campaign = Campaign(Path(temporary))
        parts: dict[str, Callable[[], None]] = {
            "maps": partial(asked_of_maps, campaign),
            "files": partial(asked_of_files, campaign, chosen.count, draw),
            "certificates": partial(asked_of_certificates, campaign, chosen.count // 3, draw),
            "options": partial(asked_with_options, campaign),
            "arguments": partial(called_with_arguments, campaign),
            "limits": partial(limited_runs, campaign),
        }
        for name, part in parts.items():
            if name in (chosen.only or ",".join(parts)).split(","):
                part()
                print(f"{name}: {sum(campaign.counts.values())} runs so far, {campaign.findings} findings", flush=True)
        left = sorted(path.name for path in Path(temporary).iterdir())
        campaign.findings += any("tmp" in name for name in left)
        print(f"left: {left}")
    for (command, status), number in sorted(campaign.counts.items(), key=str):
        print(f"  {command} {status}: {number}")
    sys.exit(1 if campaign.findings else 0)


if __name__ == "__main__":
    main()
