"""The script by which fish completes: what ``complete`` is told of every command, option and value.

fish has no notion of sub-commands, so each line has a condition: which words stand before the cursor.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

#: Words before the cursor: the whole command line so far begins with those that are given; ``next``: and ends there.
_FUNCTIONS = """\
function __{name}_at
    set -l words (commandline -opc)
    set -e words[1]
    test (count $words) -ge (count $argv); or return 1
    for place in (seq (count $argv))
        test "$words[$place]" = "$argv[$place]"; or return 1
    end
end
function __{name}_next
    test (count (commandline -opc)) -eq (math (count $argv) + 1); and __{name}_at $argv
end
complete -c {program} -f
"""


def fish_script(parser: argparse.ArgumentParser, files: frozenset[str], folders: frozenset[str]) -> str:
    """The script for a whole command line.

    Parameters
    ----------
    files, folders : what values that are files and folders are called in help texts.
    """
    name = parser.prog.replace("-", "_")
    return _FUNCTIONS.format(name=name, program=parser.prog) + "".join(_lines(parser, (), name, files, folders))


def _lines(
    parser: argparse.ArgumentParser, words: tuple[str, ...], name: str, files: frozenset[str], folders: frozenset[str]
) -> Iterator[str]:
    program = name.replace("_", "-")
    condition = f"__{name}_at" if words else f"__{name}_next"  # options before a command stand at once
    at, formatter = f"complete -c {program} -n {_quoted(' '.join((condition, *words)))}", parser._get_formatter()
    for action in parser._actions:  # argparse has no public list
        if action.help == argparse.SUPPRESS:
            continue
        if isinstance(action, argparse._SubParsersAction):
            said = {each.dest.split(maxsplit=1)[0]: each.help or "" for each in action._choices_actions}
            for word, inner in action.choices.items():
                here = _quoted(" ".join((f"__{name}_next", *words)))
                yield f"complete -c {program} -n {here} -a {word} -d {_quoted(said.get(word, ''))}\n"
                yield from _lines(inner, (*words, word), name, files, folders)
            continue
        said_of = _quoted(" ".join(formatter._expand_help(action).split()) if action.help else "")
        value = _value(action, files, folders)
        if not action.option_strings:
            if value:
                yield f"{at}{value}\n"
            continue
        flags = "".join(
            f" -l {flag[2:]}" if flag.startswith("--") else f" -s {flag[1:]}" for flag in action.option_strings
        )
        takes = "" if action.nargs == 0 else value or " -x"
        yield f"{at}{flags}{takes} -d {said_of}\n"


def _value(action: argparse.Action, files: frozenset[str], folders: frozenset[str]) -> str:
    """What may be the value of an option or a positional argument; empty: nobody knows."""
    if action.choices is not None:
        return f" -x -a {_quoted(' '.join(map(str, action.choices)))}"
    if action.metavar in folders:
        return " -x -a '(__fish_complete_directories)'"
    if action.metavar in files:
        return " -r -F" if action.option_strings else " -F"
    return ""


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
