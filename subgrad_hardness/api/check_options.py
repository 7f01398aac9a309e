"""What is asked of ``check``: its options, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.limits import require_memory_limit
from subgrad_hardness.engine.registry import SOLVERS
from subgrad_hardness.net.rational import NumberLike


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckOptions:
    """The options of ``check`` that an answer may depend on; ``check`` says what each one means."""

    point: Sequence[NumberLike] | None = None
    solver: str = "auto"
    time_limit: float | None = None
    memory_limit: int | None = None
    seed: int = 0
    cross_checks: bool = True
    certify: bool | None = None
    threads: int = 1

    def require(self) -> None:
        """Raise ParameterError for the first option that makes no sense."""
        if self.solver not in SOLVERS:
            raise ParameterError(f"unknown solver {self.solver!r}; known: {', '.join(SOLVERS)}", place="solver")
        if self.time_limit is not None and (not isinstance(self.time_limit, int | float) or not self.time_limit >= 0):
            raise ParameterError(f"{self.time_limit} is not a number of seconds", place="time limit")
        require_memory_limit(self.memory_limit)
        if type(self.threads) is not int or self.threads < 1:
            raise ParameterError(f"{self.threads} is not a positive number of threads", place="threads")
