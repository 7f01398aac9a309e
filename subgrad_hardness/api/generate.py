"""Generating nets of known origin, and often of known verdict, from the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subgrad_hardness.family.contract import Family
    from subgrad_hardness.net.program import Program


def generate(family: str, **parameters: object) -> Program:
    """A net of a family; the same for the same arguments on every platform.

    Parameters
    ----------
    family : a name or alias from ``families()``, such as ``"3sat"``.
    parameters : as the family declares them (``families()`` lists them with ranges and defaults);
        numbers may also be given as text, which is read exactly: ``ratio="4.26"``.

    Raises ParameterError for an unknown family or parameter and for values out of range; for a
    formula file FormulaError, naming the file and the line.

    Examples
    --------
    >>> generate("3sat", variables=3, ratio="4.26", seed=1).output_count
    1
    """
    from subgrad_hardness.family.registry import find

    return find(family).build(**parameters)


def families() -> tuple[Family, ...]:
    """All families, each with its name, aliases, one-line summary and declared parameters."""
    from subgrad_hardness.family.registry import FAMILIES

    return FAMILIES
