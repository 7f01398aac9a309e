"""``generate FAMILY ...`` writes a net of known origin; ``generate list`` names the families."""

from __future__ import annotations

import argparse
import textwrap
from typing import TYPE_CHECKING, Any

from subgrad_hardness.api.generate import families, generate

if TYPE_CHECKING:
    from subgrad_hardness.family.contract import Family

# Family parameters keep this prefix in the namespace, apart from what other options are called.
_PREFIX = "parameter:"
# Columns of a paragraph, less the list's indentation.
_WIDTH = 92


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command a family and alias, its options as the family declares them; and ``list``."""
    parser.description = "Write a net of a family as a net file (JSON)."
    commands = parser.add_subparsers(dest="family", metavar="FAMILY", required=True)
    commands.add_parser("list", help="list the families", allow_abbrev=False)
    for family in families():
        command = commands.add_parser(
            family.name,
            aliases=list(family.aliases),
            help=family.summary.replace("%", "%%"),
            description=_described(family).replace("%", "%%"),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        # A parser says of required options, and of those of which one is needed, that they are.
        one_of = command.add_mutually_exclusive_group(required=True) if family.one_of else command
        for parameter in family.parameters:
            text = parameter.help.replace("%", "%%")
            settings: dict[str, Any] = {"dest": _PREFIX + parameter.name, "default": argparse.SUPPRESS}
            if parameter.metavar is None:
                command.add_argument(f"--{parameter.option}", action="store_true", help=text, **settings)
                continue
            if parameter.default is not None:
                text += f" (default: {parameter.default})"
            group: argparse._ActionsContainer = command
            if parameter.required:
                text += " (required)"
                settings["required"] = True
            elif parameter.name in family.one_of:
                text += f" (one of {' and '.join('--' + name for name in family.one_of)} is required)"
                group = one_of
            group.add_argument(f"--{parameter.option}", metavar=parameter.metavar, help=text, **settings)
        command.add_argument(
            "--as-iteration",
            action="store_true",
            help="write the iteration y <- (y + N(theta)) / 2, whose limit is the net, as a file of version 2",
        )
        command.add_argument(
            "-o", "--output", metavar="NET", default="-", help="the net file to write (default: standard output)"
        )


def run(arguments: argparse.Namespace) -> int:
    """Write the net, or the list; returns the exit code 0.  Raises InputError and OutputError."""
    from subgrad_hardness.common.files import write_text
    from subgrad_hardness.net.writing import dumps

    if arguments.family == "list":
        write_text("-", "".join(map(_entry, families())))
        return 0
    given = {name.removeprefix(_PREFIX): value for name, value in vars(arguments).items() if name.startswith(_PREFIX)}
    net = generate(arguments.family, **given)
    if arguments.as_iteration:
        from subgrad_hardness.iterative.embedding import as_iteration
        from subgrad_hardness.iterative.reading import to_object
        from subgrad_hardness.net.json_writing import write_json

        write_text(arguments.output, write_json(to_object(as_iteration(net)), indent=1) + "\n")
        return 0
    write_text(arguments.output, dumps(net))
    return 0


def _entry(family: Family[Any]) -> str:
    """A family in the list: its names, its line, its picture."""
    lines = [f"{', '.join((family.name, *family.aliases))}: {family.summary}", *_wrapped(family)]
    return "\n    ".join(lines) + "\n"


def _described(family: Family[Any]) -> str:
    return "\n\n".join(filter(None, ("\n".join(textwrap.wrap(family.summary, _WIDTH)), "\n".join(_wrapped(family)))))


def _wrapped(family: Family[Any]) -> list[str]:
    return textwrap.wrap(" ".join(family.picture.split()), _WIDTH)
