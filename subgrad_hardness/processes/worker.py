"""Run one job in a worker process that can be stopped at any moment.

A time limit has to hold inside parsers and solvers written in C, which look at no clock of ours, and
some of which abort the process where memory is refused; the only way is another process.  The worker
sends every better result as it has it, so that what was known when a limit was hit still stands.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import IO, Any, BinaryIO, TypeVar

from subgrad_hardness.common.errors import NetError, ParameterError
from subgrad_hardness.common.files import read_bytes
from subgrad_hardness.common.garbage import collect_rarely
from subgrad_hardness.common.limits import Interrupted, LimitReached, Limits, lacks_memory
from subgrad_hardness.common.progress import hearing
from subgrad_hardness.models.reading import load, load_bytes
from subgrad_hardness.net.reading import NetLike
from subgrad_hardness.processes.channels import Channels, Ended
from subgrad_hardness.processes.spawn import end_with_parent, from_parent, sender, start_process

#: The worker is asked to end at the limit and is stopped this much later.
GRACE = 0.4

# Bytes; large enough to be given back to the system at once.
_RESERVE = 1 << 20

#: Longer waits are no different, and overflow the clocks of some platforms.
_MOST_SECONDS = 1e9


Result = TypeVar("Result")


class StandardInput:
    """The bytes of a net that came from standard input, parsed inside the worker."""

    def __init__(self, data: bytes) -> None:
        self.data = data


class _Within:
    """A stream that is written to until a limit: a large net is sent in many pieces."""

    def __init__(self, stream: IO[bytes], limits: Limits) -> None:
        self.stream = stream
        self.limits = limits

    def write(self, data: bytes, /) -> int:
        self.limits.check()
        return self.stream.write(data)


def run_limited(
    job: Callable[[NetLike, Limits, Channels[Result]], Result],
    net: NetLike,
    seconds: float | None,
    memory: int | None,
    progress: Callable[[str], None] | None,
) -> Ended[Result]:
    """``job(net, limits, channels)`` in a worker (``limited``), for ``seconds`` and not a second longer.

    Raises what the job raises, Interrupted on Ctrl-C, and ParameterError where the system has no memory limits.
    """
    start = time.monotonic()
    seconds = _MOST_SECONDS if seconds is None else min(seconds, _MOST_SECONDS)
    limits = Limits(start + seconds)
    if memory is not None:
        _require_memory_limits()
    if net == "-":
        data = _read_standard_input(seconds)
        if data is None:
            return Ended(None, "time limit")
        payload: object = StandardInput(data)
    else:
        try:  # not every mapping can be pickled
            payload = net if isinstance(net, str | os.PathLike) else load(net, limits=limits)
        except LimitReached:
            return Ended(None, "time limit")
    messages: queue.Queue[tuple[str, Any]] = queue.Queue()
    latest: Result | None = None
    # Threads that a numerical library cannot start for want of memory may leave it waiting for ever.
    environment = None if memory is None else {"OPENBLAS_NUM_THREADS": "1", **os.environ}
    with start_process("subgrad_hardness.processes.worker", environment) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            with contextlib.suppress(BrokenPipeError):
                pickle.dump((limits.remaining, memory), process.stdin)
                pickle.dump((job, payload), _Within(process.stdin, limits))
                process.stdin.flush()
            threading.Thread(target=_receive, args=(process.stdout, messages), daemon=True).start()
            while True:
                wait = start + seconds + GRACE - time.monotonic()
                try:
                    kind, value = messages.get(timeout=max(wait, 0))
                except queue.Empty:
                    return Ended(latest, "time limit")
                if kind == "result":
                    return Ended(value, None)
                if kind == "memory" and memory is not None:
                    return Ended(latest, "memory limit")
                if kind == "memory":
                    raise MemoryError
                if kind == "error":
                    raise value
                if kind == "gone" and memory is not None:  # solvers in C abort where memory is refused
                    return Ended(latest, "the worker process ended without an answer, as at the memory limit")
                if kind == "gone":
                    return Ended(latest, "the worker process ended without an answer")
                if kind == "better":
                    latest = value
                elif progress is not None:
                    progress(value)
        except LimitReached:
            return Ended(None, "time limit")
        except KeyboardInterrupt:
            raise Interrupted(latest) from None
        finally:
            process.kill()


def _require_memory_limits() -> None:
    try:
        import resource

        usable = hasattr(resource, "RLIMIT_DATA")
    except ImportError:
        usable = False
    if not usable:
        raise ParameterError("this system has none", place="memory limit")


def _limit_memory(most: int) -> None:
    """From now on memory beyond ``most`` bytes of data is refused; a lower limit from outside stays."""
    import resource

    _, highest = resource.getrlimit(resource.RLIMIT_DATA)
    if highest == resource.RLIM_INFINITY or most < highest:
        resource.setrlimit(resource.RLIMIT_DATA, (most, highest))
    sys.unraisablehook = lambda _: None  # finalisers and threads that find no memory are no news


def _lift_memory_limit() -> None:
    import resource

    _, highest = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (highest, highest))


def _read_standard_input(seconds: float) -> bytes | None:
    """The bytes of standard input, or None if it does not end in time.  Raises NetError."""
    try:
        descriptor = sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):  # closed, or something in its place
        return read_bytes("-", NetError)
    pieces: list[bytes] = []
    problems: list[OSError] = []

    def read() -> None:
        # Raw reads: a buffered one would hold a lock that the interpreter's end needs.
        try:
            while not pieces or pieces[-1]:
                pieces.append(os.read(descriptor, 1 << 20))
        except OSError as problem:
            problems.append(problem)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(seconds)
    if problems:
        raise NetError(f"cannot be read: {problems[0].strerror}", file="<stdin>")
    return None if reader.is_alive() else b"".join(pieces)


def _receive(stream: BinaryIO, messages: queue.Queue[tuple[str, Any]]) -> None:
    try:
        while True:
            messages.put(pickle.load(stream))
    except (EOFError, OSError, pickle.UnpicklingError, ValueError):
        messages.put(("gone", None))


def main() -> None:
    """The worker's side: read one job, send messages, end when the parent does."""
    collect_rarely()
    message = sender()
    seconds, memory = from_parent()
    limits = Limits.seconds(seconds)
    job, payload = from_parent()
    threading.Thread(target=end_with_parent, daemon=True).start()

    def send(kind: str, value: object) -> None:
        message((kind, value))

    # Freed where memory ran out: Python needs some to handle that, and may wait for it for ever.
    reserve = bytearray(_RESERVE)
    try:
        if memory is not None:
            _limit_memory(memory)
        if isinstance(payload, StandardInput):
            payload = load_bytes(payload.data, "<stdin>")
        channels = Channels(partial(send, "progress"), partial(send, "better"))
        with hearing(channels.progress):
            send("result", job(payload, limits, channels))
    except Exception as problem:
        del reserve
        if memory is not None:
            _lift_memory_limit()  # the message needs some, too
        if lacks_memory(problem):
            send("memory", None)
        else:
            send("error", problem)
    os._exit(0)  # no clean-up: a solver's threads may still be busy
