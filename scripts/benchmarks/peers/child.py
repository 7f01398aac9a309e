"""The other end of ``process``: one solver, one problem, in this process."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import resource
import sys
import time
from importlib import import_module

#: No solver may have more address space than this (the machine may have less).
MEMORY = 8 * 2**30


def main(module: str) -> None:
    """Messages on standard output: ("ready", version, seconds of imports), ("done", Outcome, peak KiB)."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that a solver prints may mix with the messages
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    def send(*message: object) -> None:
        pickle.dump(message, output)
        output.flush()

    start = time.perf_counter()
    solver = import_module(f"peers.{module}")
    version = solver.prepare()
    send("ready", version, time.perf_counter() - start)
    problem, seconds = pickle.load(sys.stdin.buffer)
    gc.collect()
    gc.freeze()  # what was imported is nobody's to look through during the run
    outcome = solver.solve(problem, seconds)
    send("done", outcome, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    os._exit(0)  # no clean-up: a solver's threads may still be busy
