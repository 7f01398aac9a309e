"""How much memory this process occupies, and how much of the machine's it may occupy."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

#: In the environment of a process: among how many processes of this package its machine's memory is shared.
SHARED = "SUBGRAD_HARDNESS_PROCESSES"


def resident() -> int:
    """Bytes of main memory that this process occupies; 0 where the system does not say.

    What is counted is what the kernel counts where memory is short: Python's objects and those of solvers written in C
    alike.  Linux says it in some microseconds; other systems with ``getrusage`` say the most it ever was.
    """
    with suppress(OSError):  # without a file object, which takes three times as long
        file = os.open("/proc/self/statm", os.O_RDONLY)
        try:
            return int(os.read(file, 256).split()[1]) * os.sysconf("SC_PAGE_SIZE")
        finally:
            os.close(file)
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def memory_budget() -> int | None:
    """Bytes that this process may occupy on its machine; None where the system has no such number.

    Half of the least of these: the machine's memory and that of the process's control groups, shared among as many
    processes as ``SHARED`` says; and the process's own limits, RLIMIT_DATA (``--memory-limit``) and RLIMIT_AS, beyond
    which memory is refused.  Half, because there are moments at which twice as much is taken: tables double when they
    grow, and a SAT solver copies its clauses when it tidies up.
    """
    most = [*(most // _processes() for most in _of_the_machine()), *_of_this_process()]
    return min(most) // 2 if most else None


def shared_among(processes: int) -> dict[str, str]:
    """The environment for each of so many processes that run at a time; they share what this one may have."""
    return {**os.environ, SHARED: str(_processes() * max(processes, 1))}


def give_back() -> None:
    """Give memory that is free to the system, as far as that can be done."""
    gc.collect()
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # the GNU library has it
        if trim is not None:
            trim(0)


def _processes() -> int:
    text = os.environ.get(SHARED, "")
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 10 else 1


@cache
def _of_the_machine() -> tuple[int, ...]:
    return (*_physical(), *_of_control_groups())


def _physical() -> Iterator[int]:
    with suppress(AttributeError, OSError, ValueError):  # a system without these words
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _of_control_groups() -> list[int]:
    try:
        groups = Path("/proc/self/cgroup").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return list(group_limits(groups, Path("/sys/fs/cgroup")))


def group_limits(groups: str, root: Path) -> Iterator[int]:
    """The limits of control groups and of those around them, in bytes; an unlimited one has none.

    Parameters
    ----------
    groups : what /proc/self/cgroup says, a line a hierarchy: ``0::/path`` (version 2) or ``9:memory:/path`` (1).
    root : where they are mounted.
    """
    for line in groups.splitlines():
        fields = line.split(":", 2)
        if len(fields) < 3:
            continue
        if fields[1] == "":
            base, name = root, "memory.max"
        elif "memory" in fields[1].split(","):
            base, name = root / "memory", "memory.limit_in_bytes"
        else:
            continue
        here = base / fields[2].lstrip("/")
        for folder in (here, *here.parents):
            if folder.is_relative_to(base):
                with suppress(OSError, ValueError):  # none at this height, or "max"
                    yield int((folder / name).read_text(encoding="ascii"))


def _of_this_process() -> Iterator[int]:
    try:
        import resource
    except ImportError:
        return
    for name in ("RLIMIT_DATA", "RLIMIT_AS"):
        limit = getattr(resource, name, None)
        if limit is not None:
            most, _ = resource.getrlimit(limit)
            if most != resource.RLIM_INFINITY:
                yield most
