"""Every registered family says in one line, and in one paragraph, what its nets are."""

from __future__ import annotations

import argparse
from typing import Any

import pytest
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.cli.main import _command_parser
from subgrad_hardness.family.contract import Family


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


@pytest.fixture(scope="module")
def helps() -> dict[str, str]:
    """What ``generate FAMILY --help`` prints; the parser, which knows all families, is made once."""
    parser, _ = _command_parser("generate")
    (commands,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return {name: inner.format_help() for name, inner in commands.choices.items()}


@pytest.mark.parametrize("family", sh.families(), ids=lambda family: family.name)
def test_every_family_has_a_line_and_a_picture(family: Family[Any], helps: dict[str, str]) -> None:
    assert family.summary.strip() == family.summary
    assert 20 <= len(family.summary) <= 120
    assert "\n" not in family.summary
    words = family.picture.split()
    assert 200 <= len(" ".join(words)) <= 800  # some three to seven lines
    assert words[-1].endswith(".")
    assert family.picture.isascii()
    shown = helps[family.name].split()
    assert any(shown[start : start + len(words)] == words for start in range(len(shown)))


def test_the_list_shows_them_all(run: Command) -> None:
    shown = " ".join(run("generate", "list").out.split())
    for family in sh.families():
        assert " ".join((family.summary + " " + family.picture).split()) in shown


def test_no_picture_is_another_familys() -> None:
    assert len({" ".join(family.picture.split()) for family in sh.families()}) == len(sh.families())
