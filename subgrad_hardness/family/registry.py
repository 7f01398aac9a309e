"""The table of all families; a new one is one import and one line."""

from __future__ import annotations

from subgrad_hardness.family.contract import Family
from subgrad_hardness.family.ksat import KSAT
from subgrad_hardness.net.errors import ParameterError
from subgrad_hardness.net.json_text import show

FAMILIES: tuple[Family, ...] = (KSAT,)


def find(name: str) -> Family:
    """The family of that name or alias.  Raises ParameterError."""
    for family in FAMILIES:
        if name == family.name or name in family.aliases:
            return family
    names = ", ".join(name for family in FAMILIES for name in (family.name, *family.aliases))
    raise ParameterError(f"{show(str(name))} is unknown; known: {names}", place="family")
