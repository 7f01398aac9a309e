"""Processes on this machine that do tasks, and may die of it.

Each has one task at a time, so that a death costs that task's result and no other; a new process takes its place.
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
from typing import Any, Generic, NoReturn

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.garbage import collect_rarely
from subgrad_hardness.common.limits import NO_LIMITS, LimitReached, Limits
from subgrad_hardness.common.memory import shared_among
from subgrad_hardness.processes.spawn import sender, start_process
from subgrad_hardness.processes.workers import Lost, Result, Task, Work, WorkersLost

#: A process is replaced after so many tasks: whatever a long life may pile up in it goes with it.
MOST_TASKS = 500

# Longer waits are no different, and overflow the clocks of some platforms.
_MOST_SECONDS = 1e6


class Sign(Enum):
    """The first thing that is heard of a process, and the last."""

    READY = "it has started: what kills it now is the task's doing"
    GONE = "it has ended"


class Done(Generic[Result]):
    """The result of the task that a process was at."""

    def __init__(self, result: Result) -> None:
        self.result = result


_NOT_STARTED = "a process that decides nets could not start"

# Signals from outside, as the kernel's when memory is short; others tell of a fault in the process.
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU)


class Pool(Generic[Task, Result]):
    """At most ``jobs`` processes, started as they are needed; implements ``Workers``."""

    def __init__(self, jobs: int, work: Work[Task, Result], lost: Lost[Task, Result]) -> None:
        self._jobs = jobs
        self._work = work
        self._lost = lost
        self._waiting: deque[Task] = deque()
        self._workers: list[_Worker[Task]] = []
        # Of each process what it says: a sign, a result, or a ParameterError about an option that cannot be had here.
        self._messages: queue.Queue[tuple[_Worker[Task], Any]] = queue.Queue()

    def __enter__(self) -> Pool[Task, Result]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.stop()

    @property
    def processes(self) -> int:
        return self._jobs

    @property
    def full(self) -> bool:
        """One task waits, so that no process has to."""
        return len(self._waiting) > 0 and len(self._running()) == self._jobs

    @property
    def busy(self) -> bool:
        return bool(self._waiting or self._running())

    def submit(self, task: Task) -> None:
        self._waiting.append(task)
        self._assign()

    def next(self, limits: Limits = NO_LIMITS) -> Result:
        """The next result.  Raises WorkersLost if processes cannot even start."""
        while True:
            try:
                worker, message = self._messages.get(timeout=_timeout(limits))
            except queue.Empty:
                raise LimitReached("time limit") from None
            match message:
                case ParameterError():
                    raise message
                case Sign.READY:
                    worker.ready = True
                case Done():
                    worker.finished()
                    if worker.done >= MOST_TASKS:
                        self._drop(worker)
                    self._assign()
                    result: Result = message.result
                    return result
                case Sign.GONE:
                    task = worker.task
                    end = self._end_of(worker)
                    if task is not None and end is not None:
                        return self._lost(task, end[0], killed=end[1])

    def _end_of(self, worker: _Worker[Task]) -> tuple[str, bool] | None:
        """How a process ended that nobody had dropped.  Raises WorkersLost."""
        if worker not in self._workers:  # it was dropped; this is only its end
            return None
        end, killed = _how(self._drop(worker))
        if not worker.ready and not killed:
            raise WorkersLost(f"{_NOT_STARTED}: {end}")
        self._assign()
        return end, killed

    def _running(self) -> list[_Worker[Task]]:
        return [worker for worker in self._workers if worker.task is not None]

    def _drop(self, worker: _Worker[Task]) -> int:
        self._workers.remove(worker)
        return worker.stop()

    def _assign(self) -> None:
        """Give what waits to whoever is idle and alive, and to new processes while there may be more."""
        while self._waiting:
            idle = next((worker for worker in self._workers if worker.task is None), None)
            if idle is None and len(self._workers) < self._jobs:
                idle = _Worker(self._messages, self._work, shared_among(self._jobs))
                self._workers.append(idle)
            if idle is None:
                return
            if idle.alive:
                idle.give(self._waiting.popleft())
            else:
                self._drop(idle)


def _timeout(limits: Limits) -> float | None:
    """Seconds to wait; None where there is no limit, so that Ctrl-C is heard on every platform."""
    return None if limits == NO_LIMITS else min(limits.remaining, _MOST_SECONDS)


class _Worker(Generic[Task]):
    """One process, and the task it is at."""

    def __init__(
        self, messages: queue.Queue[tuple[_Worker[Task], Any]], work: object, environment: Mapping[str, str]
    ) -> None:
        try:
            self._process = start_process("subgrad_hardness.processes.pool", environment)
        except OSError as problem:  # no more processes, or no memory for one
            raise WorkersLost(f"{_NOT_STARTED}: {problem.strerror}") from None
        self._messages = messages
        self.task: Task | None = None
        self.ready = False
        self.done = 0
        self._send(work)
        threading.Thread(target=self._receive, daemon=True).start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def give(self, task: Task) -> None:
        self.task = task
        self._send(task)

    def _send(self, value: object) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it is gone: ``_receive`` will say so
            pickle.dump(value, self._process.stdin)
            self._process.stdin.flush()

    def finished(self) -> None:
        self.task = None
        self.done += 1

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
    """The process's side: do one task after the other."""
    collect_rarely()
    send = sender()
    received: queue.Queue[Any] = queue.Queue()
    threading.Thread(target=_read, args=(received,), daemon=True).start()
    message: Any = Sign.READY
    work = received.get()
    while True:
        send(message)
        task = received.get()
        try:
            message = Done(work(task))
        except ParameterError as problem:
            message = problem


def _read(received: queue.Queue[Any]) -> None:
    """Take what is sent until standard input ends, that is until the parent does; then end at once, whatever runs."""
    with contextlib.suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            received.put(pickle.load(sys.stdin.buffer))
    os._exit(1)
