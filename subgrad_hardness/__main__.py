"""``python -m subgrad_hardness``."""

from __future__ import annotations

import sys

from subgrad_hardness.common.garbage import collect_no_more, collect_rarely


def run() -> int:
    """A command in a process of its own; returns the exit status.  Searches for cycles took an eighth of short ones."""
    collect_rarely()
    from subgrad_hardness.cli.main import main  # late: hundreds of modules are made without such a search

    status = main()
    collect_no_more()
    return status


if __name__ == "__main__":
    sys.exit(run())
