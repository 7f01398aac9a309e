"""The table of all families; a new one is one import and one name in it."""

from __future__ import annotations

from typing import Any

from subgrad_hardness.common.errors import ParameterError
from subgrad_hardness.family.absidentity import ABSIDENTITY
from subgrad_hardness.family.absolute import ABSOLUTE
from subgrad_hardness.family.almostlinear import ALMOSTLINEAR
from subgrad_hardness.family.arrangement import ARRANGEMENT
from subgrad_hardness.family.backprop import BACKPROP
from subgrad_hardness.family.clique import CLIQUE
from subgrad_hardness.family.cliquecoloring import CLIQUECOLORING
from subgrad_hardness.family.coloring import COLORING
from subgrad_hardness.family.contract import Family
from subgrad_hardness.family.copies import COPIES
from subgrad_hardness.family.cubeforms import CUBEFORMS
from subgrad_hardness.family.dense import DENSE
from subgrad_hardness.family.hamilton import HAMILTON
from subgrad_hardness.family.isotonic import ISOTONIC
from subgrad_hardness.family.ksat import KSAT
from subgrad_hardness.family.lattice import LATTICE
from subgrad_hardness.family.maxcut import MAXCUT
from subgrad_hardness.family.naesat import NAESAT
from subgrad_hardness.family.needle import NEEDLE
from subgrad_hardness.family.onein3 import ONEIN3
from subgrad_hardness.family.parity import PARITY
from subgrad_hardness.family.partition import PARTITION
from subgrad_hardness.family.pigeonhole import PIGEONHOLE
from subgrad_hardness.family.pooling import POOLING
from subgrad_hardness.family.scan import SCAN
from subgrad_hardness.family.shortestpath import SHORTESTPATH
from subgrad_hardness.family.sorting import SORTING
from subgrad_hardness.family.stationarity import STATIONARITY
from subgrad_hardness.family.subsetsum import SUBSETSUM
from subgrad_hardness.family.tent import TENT
from subgrad_hardness.family.thincone import THINCONE
from subgrad_hardness.family.totalvariation import TOTALVARIATION
from subgrad_hardness.family.tropical import TROPICAL
from subgrad_hardness.family.tseitin import TSEITIN
from subgrad_hardness.family.vertexcover import VERTEXCOVER
from subgrad_hardness.family.zonotope import ZONOTOPE
from subgrad_hardness.net.json_text import show

FAMILIES: tuple[Family[Any], ...] = (
    KSAT,
    MAXCUT,
    LATTICE,
    COPIES,
    ZONOTOPE,
    DENSE,
    THINCONE,
    TENT,
    NAESAT,
    ONEIN3,
    CLIQUE,
    VERTEXCOVER,
    COLORING,
    HAMILTON,
    PARTITION,
    SUBSETSUM,
    PIGEONHOLE,
    TSEITIN,
    PARITY,
    CLIQUECOLORING,
    NEEDLE,
    ARRANGEMENT,
    ALMOSTLINEAR,
    BACKPROP,
    ABSIDENTITY,
    STATIONARITY,
    SORTING,
    POOLING,
    SCAN,
    ABSOLUTE,
    TROPICAL,
    SHORTESTPATH,
    ISOTONIC,
    TOTALVARIATION,
    CUBEFORMS,
)


def find(name: str) -> Family[Any]:
    """The family of that name or alias.  Raises ParameterError."""
    for family in FAMILIES:
        if name == family.name or name in family.aliases:
            return family
    names = ", ".join(name for family in FAMILIES for name in (family.name, *family.aliases))
    raise ParameterError(f"{show(str(name))} is unknown; known: {names}", place="family")
