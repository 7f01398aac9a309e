"""Write instances/: small nets to learn from, each with its known verdict, and their manifest.

    python scripts/data/make_instances.py            # writes instances/
    python scripts/data/make_instances.py --check    # exit 1 if a file on the disk differs

The nets are in ``shipped/``, one file a group; graphs are written in the text language of
docs/net-format.md.  The bytes are the same on every machine.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from shipped import autodiff, doubles, first_kinks, outputs_and_points, silent_kinks, thin_cones
from shipped.formulas import random_formulas, small_formulas
from shipped.instance import Instance

from subgrad_hardness.common.files import write_text
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.writing import dumps

FOLDER = Path(__file__).resolve().parents[2] / "instances"
#: In the order of the manifest.
HAND_WRITTEN = (first_kinks, autodiff, thin_cones, doubles, silent_kinks, outputs_and_points)


def instances() -> Iterator[Instance]:
    """All of them, in the order of the manifest."""
    for group in HAND_WRITTEN:
        yield from group.INSTANCES
    yield from small_formulas()
    yield from random_formulas()


def files() -> dict[str, str]:
    """File name -> text, the manifest included."""
    result: dict[str, str] = {}
    manifest = []
    for instance in instances():
        known = {"verdict": instance.verdict, "known_by": instance.known_by}
        provenance = {**(instance.net.provenance or {"family": "hand-written"}), "about": instance.about, **known}
        program = instance.net._replace(name=instance.name, provenance=provenance)
        file = f"{instance.name}.json"
        if file in result:
            raise ValueError(f"two instances are called {instance.name}")
        result[file] = dumps(program)
        manifest.append({"file": file, "about": instance.about, **known, "digest": program.digest})
    result["manifest.json"] = write_json({"version": 1, "instances": manifest}, indent=1) + "\n"
    return result


def main() -> int:
    """Write the files, or compare them with the disk."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs or is left over")
    check = parser.parse_args().check
    wanted = files()
    present = {path.name for path in FOLDER.glob("*.json")}
    wrong = sorted(present - set(wanted))
    for name, text in wanted.items():
        if check and (name not in present or (FOLDER / name).read_bytes() != text.encode("utf-8")):
            wrong.append(name)
        elif not check:
            write_text(FOLDER / name, text)
    if wrong:
        print(f"not as the script makes them: {', '.join(wrong)}", file=sys.stderr)
        return 1
    print(f"{len(wanted)} files {'as expected' if check else 'written'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
