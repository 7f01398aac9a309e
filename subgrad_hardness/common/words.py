"""Sentences that many rooms say: numbers with their nouns, times, and what to install."""

from __future__ import annotations


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: ``one`` for 1, else ``many``, which is ``one`` with an s unless it is given.

    Examples
    --------
    >>> count(1, "kink"), count(2, "kink"), count(0, "entry", "entries")
    ('1 kink', '2 kinks', '0 entries')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """A time for people.

    Examples
    --------
    >>> duration(1.25), duration(75), duration(7300)
    ('1.2 s', '1 min 15 s', '2 h 1 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{int(seconds // 60)} min {int(seconds % 60)} s"
    return f"{int(seconds // 3600)} h {int(seconds % 3600 // 60)} min"


def missing_extra(package: str, extra: str, problem: BaseException | None = None) -> str:
    """What to do where an optional package is not installed, or does not load; the project is installed from a clone.

    Parameters
    ----------
    problem : what its import raised.

    Examples
    --------
    >>> missing_extra("onnx", "onnx")
    "needs the package onnx: pip install onnx, or pip install '.[onnx]' in a clone of subgrad_hardness"
    >>> missing_extra("onnx", "onnx", RuntimeError("another numpy"))
    'needs the package onnx, which does not load (RuntimeError: another numpy): pip install --force-reinstall onnx'
    """
    if problem is not None and not isinstance(problem, ModuleNotFoundError):
        said = " ".join(f"{type(problem).__name__}: {problem}".split())
        return f"needs the package {package}, which does not load ({said}): pip install --force-reinstall {package}"
    clone = f"pip install '.[{extra}]' in a clone of subgrad_hardness"
    return f"needs the package {package}: pip install {package}, or {clone}"


def takes_no(operation: str, parameter: str) -> str:
    """Why an operation cannot have this parameter, and which one can.

    Examples
    --------
    >>> takes_no("abs", "slope"), takes_no("relu", "slope")
    ('takes no slope', 'takes no slope; leaky_relu does')
    """
    return f"takes no {parameter}{'; leaky_relu does' * (operation == 'relu' and parameter == 'slope')}"
