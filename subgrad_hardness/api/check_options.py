"""What is asked of ``check``: its options, in one place."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from subgrad_hardness.api.options import (
    require_bytes,
    require_choice,
    require_flag,
    require_optional_flag,
    require_path,
    require_positive,
    require_positive_seconds,
    require_seconds,
    require_seed,
    require_text,
    require_threads,
)
from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.engine.registry import SOLVERS
from subgrad_hardness.net.rational import NumberLike

#: A cube's budget in seconds, unless another one is asked for.
CUBE_SECONDS = 8.0


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
    jobs: int = 1
    dask: str | None = None
    resume: str | os.PathLike[str] | None = None
    cube_seconds: float = CUBE_SECONDS

    @property
    def cubes(self) -> bool:
        """Whether the question is split for several processes, or kept in a file."""
        return self.jobs > 1 or self.dask is not None or self.resume is not None

    def required(self) -> CheckOptions:
        """These options as plain values.  Raises ParameterError for the first that makes no sense."""
        required = replace(
            self,
            solver=require_choice(self.solver, "solver", SOLVERS),
            time_limit=require_seconds(self.time_limit),
            memory_limit=require_bytes(self.memory_limit),
            seed=require_seed(self.seed),
            cross_checks=require_flag(self.cross_checks, "cross_checks"),
            certify=require_optional_flag(self.certify, "certify"),
            threads=require_threads(self.threads),
            jobs=require_positive(self.jobs, "jobs", "processes"),
            dask=require_text(self.dask, "dask"),
            resume=require_path(self.resume, "resume"),
            cube_seconds=require_positive_seconds(self.cube_seconds, "cube_seconds"),
        )
        if required.cubes and required.threads > 1:
            raise ParameterError("one process decides a cube; give jobs alone", place="threads")
        if required.dask is not None and required.jobs != 1:
            raise ParameterError("the cluster has as many processes as it has", place="jobs")
        return required
