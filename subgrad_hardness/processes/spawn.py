"""New interpreters for work in processes of their own, and their ends."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Ctrl-C is the parent's to handle, from the first moment on: it comes blocked until here, because an interpreter that
# has not read its site module yet would complain at length.  The package is found where this one was.
_START = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
if hasattr(signal, "pthread_sigmask"):
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
sys.path.insert(0, sys.argv[1])
from importlib import import_module
import_module(sys.argv[2]).main()
"""
_ROOT = str(Path(__file__).resolve().parents[2])


def start_process(module: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """A new interpreter that calls ``main()`` of ``module``, with pipes for its standard input and output.

    It ignores Ctrl-C and keeps its standard error.  Some tenths of a second.  Raises OSError.
    """
    with _interrupts_blocked():
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _START, _ROOT, module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Ctrl-C waits meanwhile, and processes that are started meanwhile have it blocked."""
    if not hasattr(signal, "pthread_sigmask"):  # as on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def sender() -> Callable[[object], None]:
    """What sends this process's messages, pickled, to the process that started it.

    Standard output is theirs alone from now on: what a solver prints, in Python or in C, goes to standard error.
    Where nobody is left to read a message this process ends, and says nothing: it was stopped, or its parent was.
    """
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def send(message: object) -> None:
        try:
            pickle.dump(message, output)
            output.flush()
        except BrokenPipeError:
            os._exit(1)

    return send


def from_parent() -> Any:
    """The next message that the process that started this one sends; where none comes any more this process ends, and
    says nothing."""
    try:
        return pickle.load(sys.stdin.buffer)
    except (EOFError, OSError, pickle.UnpicklingError):
        os._exit(1)


def end_with_parent() -> None:
    """End this process when its standard input does, that is with the process that started it."""
    # A raw read: a buffered one would hold a lock that the interpreter's end needs.
    while os.read(0, 4096):
        pass
    os._exit(1)
