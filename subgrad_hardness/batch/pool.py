"""Processes on this machine that decide items, and may die of it.

Each has one item at a time, so that a death costs that item's answer and no other; a new process takes its place.
A process ends when the one that started it does, however that ends.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import sys
import threading
from collections import deque
from collections.abc import Mapping
from enum import Enum
from types import TracebackType
from typing import NoReturn

from subgrad_hardness.batch.deciding import decide, lost
from subgrad_hardness.batch.item import Item, NetResult
from subgrad_hardness.batch.workers import WorkersLost
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.memory import shared_among
from subgrad_hardness.processes.gc_threshold import collect_rarely
from subgrad_hardness.processes.spawn import private_output, start_process

#: A process is replaced after so many nets: whatever a long life may pile up in it goes with it.
MOST_NETS = 500


class Sign(Enum):
    """The first thing that is heard of a process, and the last."""

    READY = "it has started: what kills it now is the net's doing"
    GONE = "it has ended"


#: What is heard of a process; a ParameterError is about an option that cannot be had here, whatever the net.
Message = Sign | NetResult | ParameterError

_NOT_STARTED = "a process that decides nets could not start"

# Signals from outside, as the kernel's when memory is short; others tell of a fault in the process.
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU)


class Pool:
    """At most ``jobs`` processes, started as they are needed; implements ``Workers``."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._waiting: deque[Item] = deque()
        self._workers: list[_Worker] = []
        self._messages: queue.Queue[tuple[_Worker, Message]] = queue.Queue()

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.stop()

    @property
    def full(self) -> bool:
        """One item waits, so that no process has to."""
        return len(self._waiting) > 0 and len(self._running()) == self._jobs

    @property
    def busy(self) -> bool:
        return bool(self._waiting or self._running())

    def submit(self, item: Item) -> None:
        self._waiting.append(item)
        self._assign()

    def next(self) -> NetResult:
        """The next result.  Raises WorkersLost if processes cannot even start."""
        while True:
            worker, message = self._messages.get()
            match message:
                case ParameterError():
                    raise message
                case Sign.READY:
                    worker.ready = True
                case NetResult():
                    worker.finished()
                    if worker.nets >= MOST_NETS:
                        self._drop(worker)
                    self._assign()
                    return message
                case Sign.GONE:
                    result = self._ended(worker)
                    if result is not None:
                        return result

    def _ended(self, worker: _Worker) -> NetResult | None:
        """The result of the item that a process was at when it ended, if any.  Raises WorkersLost."""
        if worker not in self._workers:  # it was dropped; this is only its end
            return None
        item = worker.item
        end, killed = _how(self._drop(worker))
        if not worker.ready and not killed:
            raise WorkersLost(f"{_NOT_STARTED}: {end}")
        self._assign()
        return None if item is None else lost(item, end, killed=killed)

    def _running(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.item is not None]

    def _drop(self, worker: _Worker) -> int:
        self._workers.remove(worker)
        return worker.stop()

    def _assign(self) -> None:
        """Give what waits to whoever is idle and alive, and to new processes while there may be more."""
        while self._waiting:
            idle = next((worker for worker in self._workers if worker.item is None), None)
            if idle is None and len(self._workers) < self._jobs:
                idle = _Worker(self._messages, shared_among(self._jobs))
                self._workers.append(idle)
            if idle is None:
                return
            if idle.alive:
                idle.give(self._waiting.popleft())
            else:
                self._drop(idle)


class _Worker:
    """One process, and the item it is at."""

    def __init__(self, messages: queue.Queue[tuple[_Worker, Message]], environment: Mapping[str, str]) -> None:
        try:
            self._process = start_process("subgrad_hardness.batch.pool", environment)
        except OSError as problem:  # no more processes, or no memory for one
            raise WorkersLost(f"{_NOT_STARTED}: {problem.strerror}") from None
        self._messages = messages
        self.item: Item | None = None
        self.ready = False
        self.nets = 0
        threading.Thread(target=self._receive, daemon=True).start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def give(self, item: Item) -> None:
        self.item = item
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it is gone: ``_receive`` will say so
            pickle.dump(item, self._process.stdin)
            self._process.stdin.flush()

    def finished(self) -> None:
        self.item = None
        self.nets += 1

    def stop(self) -> int:
        """Kill the process, if it is not dead already; its return code."""
        self._process.kill()
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        return self._process.wait()

    def _receive(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream, contextlib.suppress(EOFError, OSError, pickle.UnpicklingError, ValueError):
            while True:
                self._messages.put((self, pickle.load(stream)))
        self._messages.put((self, Sign.GONE))


def _how(code: int) -> tuple[str, bool]:
    """How a process ended, in words, and whether something outside it did that."""
    if code >= 0:
        return f"the worker process ended with status {code}", False
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if -code in _FROM_OUTSIDE:
        return f"the worker process was killed ({name}), as where memory is short", True
    return f"the worker process crashed ({name})", False


def main() -> NoReturn:
    """The process's side: decide one item after the other."""
    collect_rarely()
    output = private_output()
    items: queue.Queue[Item] = queue.Queue()
    threading.Thread(target=_read_items, args=(items,), daemon=True).start()
    message: Message = Sign.READY
    while True:
        with contextlib.suppress(BrokenPipeError):  # the parent is gone, and this process in a moment
            pickle.dump(message, output)
            output.flush()
        item = items.get()
        try:
            message = decide(item)
        except ParameterError as problem:
            message = problem


def _read_items(items: queue.Queue[Item]) -> None:
    """Take items until standard input ends, that is until the parent does; then end at once, whatever runs."""
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            items.put(pickle.load(sys.stdin.buffer))
    os._exit(1)
