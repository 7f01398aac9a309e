"""The parsers of the command line: how they complain and print their help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from subgrad_hardness import __version__
from subgrad_hardness.common.errors import ParameterError

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


class _EightyColumns(argparse.HelpFormatter):
    """A formatter that asks nobody for its width: the terminal's size comes from ``shutil``, with every compressor."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=78)


class Parser(argparse.ArgumentParser):
    """Complains in one line, and does not hide where a help text could not be written."""

    #: Writes what stands below the options in a help text; None: nothing does.
    below: Callable[[], str] | None = None

    def __init__(self, *, formatter_class: type[argparse.HelpFormatter] = argparse.HelpFormatter, **rest: Any) -> None:
        # argparse makes a formatter for every argument that it is told of, long before anybody asks for help.
        super().__init__(formatter_class=_EightyColumns, **rest)
        self._for_help = formatter_class

    def format_help(self) -> str:
        self.formatter_class = self._for_help
        text = super().format_help()
        return text if self.below is None else f"{text}\n{self.below()}"

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        (file or sys.stdout).write(self.format_help())

    def innermost(self, parsed: argparse.Namespace) -> argparse.ArgumentParser:
        """The parser of the sub-command that was given, or this one where there is none."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction) and getattr(parsed, action.dest, None) in action.choices:
                inner = action.choices[getattr(parsed, action.dest)]
                return inner.innermost(parsed) if isinstance(inner, Parser) else inner
        return self

    def error(self, message: str) -> NoReturn:
        raise ParameterError(f"{' '.join(message.split())} (see {self.prog} --help)", place=self.prog)


class Version(argparse.Action):
    """``--version``: this package and, looked up only now, the solvers and exact libraries it uses."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        print(f"subgrad_hardness {__version__}")
        for package in ("python-sat", "ortools", "python-flint", "numpy", "networkx"):
            try:
                print(f"{package} {version(package)}")
            except PackageNotFoundError:
                print(f"{package} not installed")
        parser.exit(0)
