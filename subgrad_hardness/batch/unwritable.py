"""The error for a file or folder of a batch that cannot be written."""

from __future__ import annotations

from subgrad_hardness.common.errors import one_line
from subgrad_hardness.common.files import OutputError


def unwritable(path: str, problem: Exception) -> OutputError:
    """OutputError naming ``path`` and the reason that ``problem`` gives."""
    reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
    name = path or '""'
    return OutputError(one_line(f"{name}: cannot be written: {reason}"))
