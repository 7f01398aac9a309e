"""``generate FAMILY ...`` writes a net of known origin; ``generate list`` names the families."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subgrad_hardness.api.generate import families, generate
from subgrad_hardness.cli.generated import Made
from subgrad_hardness.cli.output import say
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.progress import Steps
from subgrad_hardness.family.registry import find

if TYPE_CHECKING:
    from subgrad_hardness.family.contract import Family
    from subgrad_hardness.family.parameters import Parameter
    from subgrad_hardness.net.program import Program

# Family parameters keep this prefix in the namespace, apart from what other options are called.
_PREFIX = "parameter:"
#: What stands for the seed in a name, and how many nets one command makes at most.
_SEED, _MOST_SEEDS = "{seed}", 10**5
#: A seed's least digits in a name, so that names sort.
_DIGITS = 4
# Columns of a paragraph, less the list's indentation.
_WIDTH = 92


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One sub-command a family and alias, its options as the family declares them; and ``list``."""
    parser.description = "Write a net of a family as a net file (JSON)."
    commands = parser.add_subparsers(dest="family", metavar="FAMILY", required=True)
    commands.add_parser(
        "list",
        help="list the families",
        description="List the families: names, what the nets are, and a paragraph that lets one see them.",
        allow_abbrev=False,
    )
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
            text = parameter.described(family.one_of).replace("%", "%%")
            settings: dict[str, Any] = {"dest": _PREFIX + parameter.name, "default": argparse.SUPPRESS}
            if parameter.metavar is None:
                command.add_argument(f"--{parameter.option}", action="store_true", help=text, **settings)
                continue
            group: argparse._ActionsContainer = command
            if parameter.required:
                settings["required"] = True
            elif parameter.name in family.one_of:
                group = one_of
            group.add_argument(f"--{parameter.option}", metavar=parameter.metavar, help=text, **settings)
        command.add_argument(
            "--as-iteration",
            action="store_true",
            help="write the iteration y <- (y + N(theta)) / 2, whose limit is the net, as a file of version 2",
        )
        output = "the net file to write (default: standard output)"
        if any(parameter.name == "seed" for parameter in family.parameters):
            output += "; with --seeds a folder, or a name with {seed} in it"
            command.add_argument(
                "--seeds", metavar="A-B", type=seeds, help="a net for each seed, such as 1-100 or 1,5,7-9: all or none"
            )
        else:
            command.add_argument("--seed", "--seeds", action=_NothingDrawn, help=argparse.SUPPRESS)
        command.add_argument("-o", "--output", metavar="NET", default="-", help=output)


def run(arguments: argparse.Namespace) -> int:
    """Write the net, or the list; returns the exit code 0.  Raises InputError and OutputError."""
    from subgrad_hardness.common.files import write_text

    if arguments.family == "list":
        write_text("-", "".join(map(_entry, families())))
        return 0
    try:
        if getattr(arguments, "seeds", None) is not None:
            _many(arguments)
        else:
            write_text(arguments.output, _written(generate(arguments.family, **_given(arguments)), arguments))
    except ParameterError as problem:  # the library knows parameters, not options
        if any(problem.place == parameter.option for parameter in find(arguments.family).parameters):
            raise ParameterError(problem.message, place=f"--{problem.place}") from None
        raise
    return 0


class _NothingDrawn(argparse.Action):
    """A seed for a family that has no use for one."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.error(f"{parser.prog.split()[-1]} draws nothing at random: it has no --seed and no --seeds")


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    """The family's parameters."""
    return {name.removeprefix(_PREFIX): value for name, value in vars(arguments).items() if name.startswith(_PREFIX)}


def _written(net: Program, arguments: argparse.Namespace) -> str:
    """The file of one net."""
    from subgrad_hardness.net.writing import dumps

    if not arguments.as_iteration:
        return dumps(net)
    from subgrad_hardness.iterative.embedding import as_iteration

    return as_iteration(net).dumps()


def _many(arguments: argparse.Namespace) -> None:
    """A net for each seed; all files appear together, or none does."""
    from subgrad_hardness.common.files import write_files, written_folder

    given, family = _given(arguments), find(arguments.family)
    if "seed" in given:
        raise ParameterError("contradicts --seed", place="--seeds")
    if arguments.output in ("-", ""):
        raise ParameterError("give -o FOLDER, or -o with a name that has {seed} in it", place="--seeds")
    if _SEED in str(Path(arguments.output).parent):
        raise ParameterError(f"{_SEED} stands in the name of a folder, and all nets go into one", place="-o")
    named = _SEED in arguments.output
    pattern = Path(arguments.output if named else Path(arguments.output) / f"{family.name}-seed{_SEED}.json")
    steps, made = Steps(len(arguments.seeds), "net"), Made(family, given)

    def files() -> Iterator[tuple[Path, bytes]]:
        for number, seed in enumerate(arguments.seeds, start=1):
            net = generate(arguments.family, **given, seed=seed)
            # A seed has one name, whatever the other seeds of a command are, so that folders can grow.
            place = pattern.with_name(pattern.name.replace(_SEED, str(seed).zfill(_DIGITS)))
            text = _written(net, arguments).encode()
            made.add(net, place, text)
            yield place, text
            steps.done(number)
        made.require_draws()

    made.require_condition()
    with written_folder(pattern.parent):
        write_files(files())
    say(made.told(pattern.parent))


def seeds(text: str) -> tuple[int, ...]:
    """An argparse type: seeds and ranges of seeds, with commas between them; each once, in their order."""
    found: dict[int, None] = {}
    for part in text.split(","):
        match = re.fullmatch(r"([0-9]{1,20})(?:-([0-9]{1,20}))?", part.strip(" "), re.ASCII)
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if match is None or low > high:
            raise argparse.ArgumentTypeError(f"{part!r} is neither a seed nor a range of seeds such as 1-100")
        if high - low >= _MOST_SEEDS or len(found) + high - low >= _MOST_SEEDS:
            raise argparse.ArgumentTypeError(f"more than {_MOST_SEEDS} seeds")
        found.update(dict.fromkeys(range(low, high + 1)))
    return tuple(found)


def _entry(family: Family[Any]) -> str:
    """A family in the list: its names, its line, its picture, its options."""
    lines = [f"{', '.join((family.name, *family.aliases))}: {family.summary}", *_wrapped(family)]
    options = "options: " + ", ".join(map(_option, family.parameters))
    return "\n    ".join([*lines, *textwrap.wrap(options, _WIDTH, break_on_hyphens=False)]) + "\n"


def _option(parameter: Parameter) -> str:
    metavar = "" if parameter.metavar is None else f" {parameter.metavar}"
    return f"--{parameter.option}{metavar}{' (required)' if parameter.required else ''}"


def _described(family: Family[Any]) -> str:
    summary = f"{family.summary[0].upper()}{family.summary[1:]}."
    return "\n\n".join(filter(None, ("\n".join(textwrap.wrap(summary, _WIDTH)), "\n".join(_wrapped(family)))))


def _wrapped(family: Family[Any]) -> list[str]:
    return textwrap.wrap(" ".join(family.picture.split()), _WIDTH)
