"""What is asked of ``check``: its options, in one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from subgrad_hardness.api.options import (
    require_bytes,
    require_choice,
    require_flag,
    require_optional_flag,
    require_seconds,
    require_seed,
    require_threads,
)
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

    def required(self) -> CheckOptions:
        """These options as plain values.  Raises ParameterError for the first that makes no sense."""
        return replace(
            self,
            solver=require_choice(self.solver, "solver", SOLVERS),
            time_limit=require_seconds(self.time_limit),
            memory_limit=require_bytes(self.memory_limit),
            seed=require_seed(self.seed),
            cross_checks=require_flag(self.cross_checks, "cross_checks"),
            certify=require_optional_flag(self.certify, "certify"),
            threads=require_threads(self.threads),
        )
