"""``python -m subgrad_hardness``."""

from __future__ import annotations

import sys

from subgrad_hardness.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
