"""The engines side by side, each in a process of its own; the first answer counts."""

from __future__ import annotations

import pickle
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Sequence

from subgrad_hardness.common.garbage import collect_rarely
from subgrad_hardness.common.limits import Limits
from subgrad_hardness.common.memory import shared_among
from subgrad_hardness.engine.registry import ENGINES, Decision, undecided
from subgrad_hardness.processes.spawn import start_process
from subgrad_hardness.question.answer import Answer, Undecided
from subgrad_hardness.question.question import Question


def race(
    question: Question, names: Sequence[str], limits: Limits, announce: Callable[[str], None], threads: int
) -> Decision:
    """The first exact answer of the engines ``names``, at most ``threads`` of them at a time.

    Each starts in a new interpreter, which costs some tenths of a second, and has its share of the memory.
    """
    waiting, said = list(names), dict[str, Undecided]()
    answers: queue.Queue[tuple[str, Answer]] = queue.Queue()
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < threads:
                name = waiting.pop(0)
                running[name] = _started(question, name, limits, answers, threads)
                announce(f"running {' and '.join(running)} side by side")
            try:
                name, answer = answers.get(timeout=min(limits.remaining, 1e6))
            except queue.Empty:
                break
            if not isinstance(answer, Undecided):
                return Decision(answer, name)
            said[name] = answer
            running.pop(name).wait()
        return undecided(said)
    finally:
        for process in running.values():
            process.kill()
        for process in running.values():
            process.wait()


def _started(
    question: Question, name: str, limits: Limits, answers: queue.Queue[tuple[str, Answer]], sharers: int
) -> subprocess.Popen[bytes]:
    process = start_process("subgrad_hardness.engine.race", shared_among(sharers))

    def follow() -> None:
        assert process.stdin is not None and process.stdout is not None
        try:
            pickle.dump((name, question, limits.remaining), process.stdin)
            process.stdin.flush()
            answers.put((name, pickle.load(process.stdout)))
        except Exception:  # broken pipes, and whatever unpickling half an answer may raise
            answers.put((name, Undecided(f"{name}: its process ended without an answer")))

    threading.Thread(target=follow, daemon=True).start()
    return process


def main() -> None:
    """The worker's side: one engine, one question, until it answers or its parent is gone."""
    from subgrad_hardness.processes.spawn import end_with_parent, from_parent, sender

    collect_rarely()
    send = sender()
    name, question, remaining = from_parent()
    threading.Thread(target=end_with_parent, daemon=True).start()
    send(ENGINES[name].decide(question, Limits(time.monotonic() + remaining)))
