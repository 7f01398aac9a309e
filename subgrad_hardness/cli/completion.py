"""``completion SHELL``: a script by which bash, zsh or fish completes commands, options, their values and files."""

from __future__ import annotations

import argparse

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.files import write_text
from subgrad_hardness.common.words import missing_extra

SHELLS = ("bash", "zsh", "fish")
#: What values that are files and folders are called in help texts.
_FILES = frozenset({"NET", "OTHER", "FILE", "CERTIFICATE", "ANSWER", "PROGRAM", "LINES", "VECTOR"})
_FOLDERS = frozenset({"DIR", "FOLDER"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The shell."""
    installed = (
        "bash: put 'source <(subgrad-hardness completion bash)' into ~/.bashrc; "
        "zsh: write the script to a file _subgrad-hardness in a folder of $fpath; "
        "fish: subgrad-hardness completion fish > ~/.config/fish/completions/subgrad-hardness.fish"
    )
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=installed)


def run(arguments: argparse.Namespace) -> int:
    """Write the script; returns 0.  Raises ParameterError where shtab, which writes bash's and zsh's, is missing."""
    if arguments.shell == "fish":
        from subgrad_hardness.cli.fish import fish_script

        write_text("-", fish_script(arguments.whole(), _FILES, _FOLDERS))
        return 0
    try:
        import shtab
    except Exception as problem:  # a broken package raises whatever it likes
        raise ParameterError(missing_extra("shtab", "completion", problem), place="completion") from None
    parser = arguments.whole()
    _tell_files(parser, shtab.FILE, shtab.DIRECTORY)
    write_text("-", shtab.complete(parser, shell=arguments.shell))
    return 0


def _tell_files(parser: argparse.ArgumentParser, file: object, folder: object) -> None:
    """Say of every value that is a file or a folder that it is one, in sub-commands as well."""
    for action in parser._actions:  # argparse has no public list
        if isinstance(action, argparse._SubParsersAction):
            for inner in dict.fromkeys(action.choices.values()):
                _tell_files(inner, file, folder)
        elif action.choices is None and action.metavar in _FILES | _FOLDERS:
            action.complete = folder if action.metavar in _FOLDERS else file  # type: ignore[attr-defined]
