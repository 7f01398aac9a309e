"""Generating nets of known origin, and often of known verdict, from the library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from subgrad_hardness.family.contract import Family
    from subgrad_hardness.net.program import Program


def generate(family: str, **parameters: object) -> Program:
    """A net of a family; the same for the same arguments on every platform and Python version.

    Parameters
    ----------
    family : str
        A name or alias from ``families()``, such as ``"3sat"``.
    **parameters
        As the family declares them (``families()`` lists them with ranges and defaults).  Numbers may also be given as
        text, which is read exactly: ``ratio="4.26"``.

    Returns
    -------
    Program
        The net, at the origin.  Its ``provenance`` says family, parameters, seed, and the verdict, where it is known,
        with how it is known.

    Raises
    ------
    ParameterError
        For an unknown family or parameter, values out of range, and parameters that are missing.
    FormulaError
        For a formula file that cannot be read, with the file and the line.

    Notes
    -----
    Linear in the size of the net, but for families that solve the source problem to know the verdict; they do so up to
    sizes that take a second or so.  docs/atlas.md has the families, with sources.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> net = sh.generate("3sat", variables=3, ratio="4.26", seed=1)
    >>> net.name
    '3-SAT, 3 variables, 13 clauses, seed 1, minmax'
    >>> sh.check(net).verdict
    'distinct'
    """
    from subgrad_hardness.family.registry import find

    return find(family).build(**parameters)


def families() -> tuple[Family[Any], ...]:
    """All families of nets that ``generate`` knows.

    Returns
    -------
    tuple of Family
        Each with ``name``, ``aliases``, ``summary`` (one line), ``picture`` (a paragraph), the declared ``parameters``
        (``name``, ``help``, ``default``, ``required``) and ``one_of``, of which exactly one has to be given.

    Notes
    -----
    The command line's ``generate FAMILY --help`` is written from the same declarations.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> maxcut = next(family for family in sh.families() if family.name == "maxcut")
    >>> [parameter.name for parameter in maxcut.parameters if parameter.required], maxcut.one_of
    (['vertices'], ('k', 'offset'))
    """
    from subgrad_hardness.family.registry import FAMILIES

    return FAMILIES
