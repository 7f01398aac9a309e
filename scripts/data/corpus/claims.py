"""The corpus of claims about subdifferentials, regions and two nets: its files, and its own manifest.

What enumeration and engines once made is read from the folder, unless everything is to be made anew.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.claim_changes import CHANGES, STILL_TRUE
from corpus.claim_edits import Change
from corpus.claim_noise import noise
from corpus.claim_truths import NETS, SUBJECTS, Truth, made
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.net.writing import dumps

MADE = "made by enumeration or an engine"


def truths(folder: Path, renew: bool) -> list[Truth]:
    """The true claims, from ``folder`` where there are any of the same nets."""
    manifest = folder / "manifest.json"
    kept: dict[tuple[str, str | None], list[Truth]] = {}
    if manifest.exists() and not renew:
        for entry in json.loads(manifest.read_text(encoding="utf-8"))["correct"]:
            if entry["about"] == MADE:
                net, other = _name(entry["net"]), _name(entry["other"]) if "other" in entry else None
                claim = json.loads((folder / entry["file"]).read_text(encoding="utf-8"))
                kept.setdefault((net, other), []).append(Truth(_name(entry["file"]), net, other, claim))
    return [truth for nets in SUBJECTS for truth in (kept.get(nets) or made(*nets))]


def files(folder: Path, renew: bool) -> Iterator[tuple[str, bytes]]:
    """Paths below ``folder`` and what they hold, the manifest last."""
    programs = {name: program_from(net) for name, (_, net) in NETS.items()}
    true = {truth.name: truth for truth in truths(folder, renew)}
    lists: dict[str, list[dict[str, Any]]] = {"correct": [], "incorrect": [], "unreadable": []}
    for name, program in programs.items():
        yield f"nets/{name}.json", dumps(program).encode("utf-8")
    for truth in true.values():
        file = f"correct/{truth.name}.json"
        yield file, _text(truth.claim)
        lists["correct"].append(_entry(file, truth.net, truth.other, kind=truth.claim["kind"], about=MADE))

    def changed(change: Change, place: str) -> tuple[str, bytes]:
        truth = true[change.base]
        net, claim = change.net or truth.net, copy.deepcopy(truth.claim)
        other = truth.other if change.other is None else change.other or None
        if change.bound:
            claim["digest"] = programs[net].digest
            if other is not None:
                claim["other"] = programs[other].digest
        for edit in change.edits:
            edit(claim)
        file = f"{place}/{change.base}--{change.name}.json"
        if place == "correct":
            about = {"kind": truth.claim["kind"], "about": "a change that leaves it true"}
        else:
            about = {"reason": change.reason}
        lists[place].append(_entry(file, net, other, **about))
        return file, _text(claim)

    for change in STILL_TRUE:
        yield changed(change, "correct")
    for change in CHANGES:
        yield changed(change, "incorrect")
    for change in noise({name: truth.claim for name, truth in true.items()}):
        yield changed(change, "unreadable")
    nets = [{"file": f"nets/{name}.json", "about": about} for name, (about, _) in NETS.items()]
    yield "manifest.json", _text({"version": 1, "nets": nets, **lists})


def _entry(file: str, net: str, other: str | None, **about: str) -> dict[str, str]:
    second = {} if other is None else {"other": f"nets/{other}.json"}
    return {"file": file, "net": f"nets/{net}.json", **second, **about}


def _name(file: str) -> str:
    return Path(file).stem


def _text(value: Any) -> bytes:
    return (write_json(value, indent=1) + "\n").encode("utf-8")
