"""Processes that are started: Ctrl-C is their parent's from their first moment on."""

from __future__ import annotations

import os
import pickle
import signal

import pytest

from subgrad_hardness.processes.spawn import start_process

pytestmark = pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="needs signal masks")


def test_ctrl_c_while_the_interpreter_starts_is_not_heard(capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):  # at its first instructions, before Python could have a handler
        with start_process("subgrad_hardness.processes.worker") as process:
            for _ in range(20):
                os.kill(process.pid, signal.SIGINT)
            assert process.stdin is not None and process.stdout is not None
            process.stdin.close()  # without a job
            process.stdout.read()
            assert process.wait(timeout=20) != -signal.SIGINT
    assert capfd.readouterr().err == ""


def test_a_worker_whose_parent_hears_no_more_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with start_process("subgrad_hardness.processes.worker") as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdout.close()  # before its answer, and its input still open
        pickle.dump((10.0, None), process.stdin)
        pickle.dump((len, {}), process.stdin)  # an error is a message, too
        process.stdin.flush()
        assert process.wait(timeout=20) == 1
    assert capfd.readouterr().err == ""


def test_the_parent_hears_it_afterwards() -> None:
    with start_process("subgrad_hardness.processes.worker") as process:
        process.kill()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
