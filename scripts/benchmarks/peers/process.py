"""Run one solver on one problem in a process of its own, killed at the limit."""

from __future__ import annotations

import contextlib
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import BinaryIO, NamedTuple

from peers.contract import Outcome, Problem

# A solver is asked to stop at the limit, and killed this much later.
_GRACE = 2.0
# Nobody imports for longer than this.
_STARTING = 60.0

_START = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.path[:0] = sys.argv[1:3]
from peers.child import main
main(sys.argv[3])
"""
_BENCHMARKS = Path(__file__).resolve().parents[1]
_ROOT = _BENCHMARKS.parents[1]


class Run(NamedTuple):
    """One run of one solver.

    Attributes
    ----------
    outcome : what it said; ``unknown`` for a run that was killed or died.
    version : of the solver; empty if it never started.
    imports : seconds that its imports took.
    peak : its peak memory in MiB; None if it was killed.
    limited : it did not answer within the limit.
    """

    outcome: Outcome
    version: str = ""
    imports: float = 0.0
    peak: float | None = None
    limited: bool = False


def run(module: str, problem: Problem, seconds: float) -> Run:
    """``peers.MODULE.solve(problem, seconds)`` in a process of its own.

    An answer that comes after the limit does not count.  A solver that cannot be imported, or dies,
    is ``unknown`` with the last line of its standard error as the note.
    """
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            [sys.executable, "-P", "-c", _START, str(_BENCHMARKS), str(_ROOT), module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        assert process.stdin is not None and process.stdout is not None
        messages: queue.Queue[tuple[object, ...] | None] = queue.Queue()
        threading.Thread(target=_receive, args=(process.stdout, messages), daemon=True).start()
        try:
            version, imports, done = "", 0.0, None
            with contextlib.suppress(queue.Empty):
                ready = messages.get(timeout=_STARTING)
                if ready is not None:
                    version, imports = str(ready[1]), float(str(ready[2]))
                    with contextlib.suppress(BrokenPipeError):
                        pickle.dump((problem, seconds), process.stdin)
                        process.stdin.flush()
                    done = messages.get(timeout=seconds + _GRACE)
                if done is None:
                    return Run(Outcome("unknown", seconds, note=f"died: {_last_line(errors)}"), version, imports)
                _, outcome, peak = done
                assert isinstance(outcome, Outcome) and isinstance(peak, int)
                if outcome.seconds > seconds:
                    outcome = Outcome("unknown", seconds, None, outcome.encoding, "time limit")
                limited = outcome.verdict == "unknown" and outcome.seconds > 0.95 * seconds
                return Run(outcome, version, imports, peak / 1024, limited)
            return Run(Outcome("unknown", seconds, note="killed at the limit"), version, imports, None, True)
        finally:
            process.kill()


def _receive(stream: BinaryIO, messages: queue.Queue[tuple[object, ...] | None]) -> None:
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError, ValueError):
        while True:
            messages.put(pickle.load(stream))
    messages.put(None)


def _last_line(errors: BinaryIO) -> str:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no message"
