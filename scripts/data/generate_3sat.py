"""Write the net of a random 3-SAT formula: the options of ``python -m subgrad_hardness generate 3sat``.

Example: python scripts/data/generate_3sat.py --variables 20 --ratio 4.26 --seed 1 -o net.json
"""

from __future__ import annotations

import sys

from subgrad_hardness.cli.main import main

if __name__ == "__main__":
    sys.exit(main(["generate", "3sat", *sys.argv[1:]]))
