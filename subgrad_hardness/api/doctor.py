"""``doctor``: is all here that the package needs, what is optional, and does a small run come out right?"""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any, ClassVar

from subgrad_hardness.api.readable import Readable
from subgrad_hardness.common.errors import one_line
from subgrad_hardness.common.memory import memory_budget
from subgrad_hardness.common.words import count, missing_extra

_DISTRIBUTION = "subgrad-hardness"
#: What is imported of a package, where it has another name; and extras whose packages are not looked into.
_MODULES = {"python-sat": "pysolvers", "python-flint": "flint", "ortools": "ortools.sat.python.cp_model"}
_FOR_DEVELOPERS = frozenset({"test", "bench", "docs", "lint"})
_ABS = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
#: relu(x) - relu(-x), which is x.
_IDENTITY = {"inputs": 1, "layers": [{"weight": [[1], [-1]], "activation": "relu"}, {"weight": [[1, -1]]}]}


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A package that is needed, or that an extra brings.

    Attributes
    ----------
    name : as pip knows it.
    extras : the extras of this package that bring it; empty for what is always needed.
    version : the installed one, or None.
    problem : what its import raised, where it is here and does not load; of what is needed, and of extras for users.
    advice : how to get it, where it is missing or does not load.
    """

    name: str
    extras: tuple[str, ...]
    version: str | None
    problem: str | None
    advice: str | None

    @property
    def for_developers(self) -> bool:
        """Whether only tests, benchmarks, documentation and style need it."""
        return bool(self.extras) and _FOR_DEVELOPERS.issuperset(self.extras)


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """One part of the self-test: what was tried, and what went wrong (None: nothing)."""

    name: str
    problem: str | None


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class DoctorResult(Readable):
    """What ``doctor`` found.

    Attributes
    ----------
    version : of this package as it is installed; None where it runs from a folder.
    python, system : of the interpreter and the machine.
    processors : how many this process may use.
    memory : bytes that the engines of one process may occupy, or None where the system does not say.
    packages : needed ones first; empty where the package runs from a folder and is not installed.
    trials : the self-test.
    """

    version: str | None
    python: str
    system: str
    processors: int
    memory: int | None
    packages: tuple[Package, ...]
    trials: tuple[Trial, ...]

    @property
    def healthy(self) -> bool:
        """Whether all that is needed is here and the whole self-test came out right."""
        needed = [package for package in self.packages if not package.extras]
        here = all(package.version is not None and package.problem is None for package in needed)
        return here and all(trial.problem is None for trial in self.trials)

    _columns: ClassVar[bool] = True

    def lines(self) -> list[str]:
        """The answer for people."""
        memory = "" if self.memory is None else f", {self.memory >> 20} MiB for engines"
        lines = [
            f"subgrad_hardness {self.version or '(not installed)'}, Python {self.python}, {self.system}",
            f"{count(self.processors, 'processor')}{memory}",
            "",
        ]
        shown = [package for package in self.packages if package.version or not package.for_developers]
        for package in shown:
            of = f"  (extra {', '.join(package.extras)})" if package.extras else ""
            broken = "" if package.problem is None else f"  DOES NOT LOAD: {package.problem}"
            lines.append(f"{package.name:<22}{package.version or 'missing':<12}{of}{broken}")
        if not self.packages:
            lines.append("packages: not known, because this runs from a folder and is not installed")
        if len(shown) < len(self.packages):
            left = count(len(self.packages) - len(shown), "package")
            lines.append(f"not here, and not needed: {left} for tests, benchmarks and documentation")
        lines += [f"{package.name}: {package.advice}" for package in shown if package.advice is not None]
        lines.append("")
        for trial in self.trials:
            why = "" if trial.problem is None else f": {trial.problem}"
            lines.append(f"{'right' if trial.problem is None else 'WRONG':<7}{trial.name}{why}")
        return lines

    def to_json(self) -> dict[str, Any]:
        """The object that ``doctor --json`` prints."""
        return {
            "version": 1,
            "healthy": self.healthy,
            "installed": self.version,
            "python": self.python,
            "system": self.system,
            "processors": self.processors,
            "memory": self.memory,
            "packages": [
                {
                    "name": package.name,
                    "extras": list(package.extras),
                    "version": package.version,
                    "problem": package.problem,
                }
                for package in self.packages
            ],
            "trials": [{"name": trial.name, "problem": trial.problem} for trial in self.trials],
        }


def doctor() -> DoctorResult:
    """Versions, optional parts and a self-test of this installation.

    Returns
    -------
    DoctorResult
        What is wrong is in it, and raises nothing.

    Notes
    -----
    About two seconds, and some more where torch or jax is installed: they are loaded.  Nothing is written but a
    temporary file, and nothing is looked up outside this machine.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> [trial.problem for trial in sh.doctor().trials]
    [None, None, None, None, None, None]
    """
    return DoctorResult(
        version=_version(_DISTRIBUTION),
        python=sys.version.split()[0],
        system=platform.platform(),
        processors=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory=memory_budget(),
        packages=tuple(_packages()),
        trials=tuple([Trial(name=name, problem=_problem(trial)) for name, trial in TRIALS.items()]),
    )


def _packages() -> Iterator[Package]:
    """What the installed package's own list of requirements names."""
    try:
        required = requires(_DISTRIBUTION) or []
    except PackageNotFoundError:
        return
    extras: dict[str, list[str]] = {}
    for requirement in required:
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        extra = re.search(r"extra == ['\"]([\w-]+)", requirement)
        extras.setdefault(name, []).extend([extra[1]] if extra else [])
    for name, brought_by in sorted(extras.items(), key=lambda item: (bool(item[1]), item[0])):
        found, problem, advice = _version(name), None, None
        if found is None:
            advice = missing_extra(name, brought_by[0]) if brought_by else f"pip install {name}"
        elif not brought_by or not _FOR_DEVELOPERS.issuperset(brought_by):
            problem = _problem(partial(import_module, _MODULES.get(name, name)))
            advice = None if problem is None else f"pip install --force-reinstall {name}"
        yield Package(name=name, extras=tuple(brought_by), version=found, problem=problem, advice=advice)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _problem(trial: Callable[[], object]) -> str | None:
    try:
        trial()
    except Exception as problem:  # whatever it is, the report is about it
        return one_line(f"{type(problem).__name__}: {problem}")
    return None


def _expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"{found!r}, expected {wanted!r}")


def _both_verdicts() -> None:
    from subgrad_hardness.api.check import check
    from subgrad_hardness.api.verify import verify

    for net, verdict in ((_ABS, "distinct"), (_IDENTITY, "unique")):
        found = check(net)
        _expect((found.verdict, found.certified), (verdict, True))
        assert found.certificate is not None
        _expect(verify(net, found.certificate).verdict, verdict)


def _refuted_formula() -> None:
    from subgrad_hardness.api.check import check
    from subgrad_hardness.api.generate import generate
    from subgrad_hardness.api.verify import verify

    net = generate("pigeonhole", holes=3)
    found = check(net, solver="circuit", certify=True)
    assert found.certificate is not None
    _expect(verify(net, found.certificate).verdict, "unique")


def _wrong_certificate() -> None:
    from subgrad_hardness.api.check import check
    from subgrad_hardness.api.verify import verify

    certificate = check(_ABS).certificate
    assert certificate is not None
    _expect(verify(_IDENTITY, certificate).verified, False)


def _engines() -> None:
    from subgrad_hardness.api.check import check
    from subgrad_hardness.engine.registry import ENGINES

    for name, engine in ENGINES.items():
        if engine.exact:
            verdicts = {check(_ABS, solver=name).verdict, "distinct", "unknown"}  # not every engine takes every net
            _expect(sorted(verdicts), ["distinct", "unknown"])


def _worker() -> None:
    from subgrad_hardness.api.check import check

    _expect(check(_ABS, time_limit=60).verdict, "distinct")


def _files() -> None:
    import tempfile
    from pathlib import Path

    from subgrad_hardness.api.check import check

    with tempfile.TemporaryDirectory() as folder:
        check(_ABS, certificate=Path(folder, "certificate"))
        _expect(Path(folder, "certificate").exists(), True)


#: The parts of the self-test.
TRIALS: dict[str, Callable[[], None]] = {
    "both verdicts, certified and verified": _both_verdicts,
    "a formula refuted by a SAT solver, certified": _refuted_formula,
    "a certificate of another net is rejected": _wrong_certificate,
    "every exact engine": _engines,
    "a worker process under a time limit": _worker,
    "a file is written": _files,
}
