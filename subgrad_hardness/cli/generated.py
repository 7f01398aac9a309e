"""The nets of one ``generate --seeds``: whether the seed matters, and what is told of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.common.words import count

if TYPE_CHECKING:
    from subgrad_hardness.family.contract import Family
    from subgrad_hardness.net.program import Program


class Made:
    """What is known of nets of one family that differ in their seeds.

    Parameters
    ----------
    family : whose nets they are.
    given : its parameters but for the seed.
    """

    def __init__(self, family: Family[Any], given: Mapping[str, Any]) -> None:
        self._family, self._given = family, given
        self._digests: set[str] = set()
        self._verdicts: Counter[str | None] = Counter()
        self._replaced = 0

    def add(self, net: Program, place: Path, text: bytes) -> None:
        """One more net, which goes to ``place``."""
        self._digests.add(net.digest)
        self._verdicts[(net.provenance or {}).get("verdict")] += 1
        self._replaced += place.is_file() and place.read_bytes() != text

    def require_condition(self) -> None:
        """Raise ParameterError where the family draws nothing without an option that is not given."""
        seed = next(parameter for parameter in self._family.parameters if parameter.name == "seed")
        if seed.only_with and not self._given.get(seed.only_with):
            raise ParameterError(
                f"{self._family.name} draws only with --{seed.only_with}; without it all seeds make the same net",
                place="--seeds",
            )

    def require_draws(self) -> None:
        """Raise ParameterError where several seeds have made one net."""
        if len(self._digests) == 1 < self._verdicts.total():
            moved = any(parameter.name == "moved" for parameter in self._family.parameters)
            other = "; with --moved the seed matters" if moved and not self._given.get("moved") else ""
            raise ParameterError(f"all {self._verdicts.total()} seeds make the same net{other}", place="--seeds")

    def told(self, folder: Path) -> str:
        """How many nets there are, what is known of their verdicts, how many of them differ."""
        total = self._verdicts.total()
        known = [f"{self._verdicts[word]} {word}" for word in ("distinct", "unique") if self._verdicts[word]]
        if self._verdicts[None]:
            known.append(f"{self._verdicts[None]} of unknown verdict")
        parts = [f"{count(total, 'net')} written to {folder}: {', '.join(known)}"]
        if len(self._digests) < total:
            parts.append(f"only {len(self._digests)} of them differ")
        if self._replaced:
            parts.append(f"{count(self._replaced, 'file')} of other contents replaced")
        return "; ".join(parts)
