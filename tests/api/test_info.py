"""``info`` under a time limit, from the library and from the command line."""

from __future__ import annotations

import pytest
from support.cli_runner import ABS, in_process

import subgrad_hardness as sh
from subgrad_hardness.api.status import ExitStatus

NET = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}


def test_with_time_to_spare_it_says_the_same() -> None:
    assert sh.info(NET, time_limit=60) == sh.info(NET)


def test_the_limit_is_an_error_of_its_own() -> None:
    with pytest.raises(sh.LimitReached, match="time limit"):
        sh.info(NET, time_limit=0)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    run = in_process(capsys)
    limited, free = run("info", ABS, "--time-limit", "60"), run("info", ABS)
    assert (limited.status, limited.out) == (0, free.out)
    stopped = run("info", ABS, "--time-limit", "0")
    assert (stopped.status, stopped.out) == (ExitStatus.UNKNOWN, "")
    assert stopped.error == f"{ABS}: time limit"
