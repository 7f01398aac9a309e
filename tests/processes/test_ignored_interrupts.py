"""Tests that send Ctrl-C end where the shell's background jobs run, with SIGINT ignored (``nohup ... &``)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

from support.paths import ROOT, TESTS

#: Tests of processes that are interrupted; each would wait for ever for what does not hear it.
SENT = (
    "cli/test_cli_streams.py::test_interrupted[]",
    "cli/test_cli_streams.py::test_interrupted_with_a_limit",
    "cli/test_cli_streams.py::test_interrupted_while_waiting_for_input",
    "solvers/test_sat.py::test_ctrl_c_inside_the_solver_is_a_keyboard_interrupt_each_time",
)
#: The campaign that damages the verifier runs tests without ``conftest.py``, which switches Ctrl-C on again.
CAMPAIGN = ROOT / "scripts" / "campaigns" / "mutate_verifier.py"


def test_tests_of_interruptions_end_where_sigint_is_ignored() -> None:
    names = [str(TESTS / name) for name in SENT]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *names]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    try:
        said, _ = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    assert process.returncode == 0, said.decode()
    assert re.search(rb"^5 passed", said, flags=re.MULTILINE)


def test_who_runs_tests_without_the_settings_sends_no_interrupts() -> None:
    text = CAMPAIGN.read_text(encoding="utf-8")
    assert "--noconftest" in text
    named = re.search(r"for name in \((.*?)\n    \)", text, flags=re.DOTALL)
    assert named is not None
    files = [TESTS / "certificate" / "test_corpus.py", TESTS / "certificate" / "test_claims_corpus.py"]
    files += [next(TESTS.rglob(f"test_{name}.py")) for name in re.findall(r'"(\w+)"', named[1])]
    assert len(files) > 3
    assert [file.name for file in files if "SIGINT" in file.read_text(encoding="utf-8")] == []
