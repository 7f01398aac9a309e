"""Momentum methods whose iterates converge while products of their Jacobians grow: a table over the condition number.

Each method is tuned to curvatures between 1 and kappa, and minimises a function with the curvature 1 on one side of the
minimum and kappa on the other.  Every line is proved: its bounds are checked by the verifier, which is said.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import subgrad_hardness as sh
from subgrad_hardness.iterative.algorithms import momentum

#: Square roots of kappa, so that the tuned steps are rational: about 3 + 2 sqrt 2 = 5.828... and 17 to 18.
HEAVY_BALL = ("3/2", "2", "9/4", "12/5", "29/12", "5/2", "3", "4", "10")
NESTEROV = ("2", "3", "4", "33/8", "17/4", "5", "10", "30")


class Method(NamedTuple):
    """A method by its name, and how it is tuned to curvatures between 1 and kappa."""

    name: str
    make: Callable[..., sh.Iteration]
    tuned: Callable[[int, Fraction], momentum.Tuned]
    roots: tuple[str, ...]


METHODS = (
    Method("heavy ball", momentum.heavy_ball, momentum.tuned_heavy_ball, HEAVY_BALL),
    Method("Nesterov", momentum.nesterov, momentum.tuned_nesterov, NESTEROV),
)


def row(method: Method, root: Fraction, length: int, folder: Path | None) -> None:
    """One line; the word's letters are L for the curvature kappa, m for the curvature 1."""
    kappa = root * root
    begun = time.perf_counter()
    tuned = method.tuned(1, kappa)
    iteration = method.make([1, kappa], tuned.step, tuned.momentum)
    found = sh.joint_spectral_radius(iteration, length=length)
    seconds = time.perf_counter() - begun
    assert found.certificate is not None and found.lower is not None and found.upper is not None
    verified = sh.verify_spectral_radius(found.certificate, iteration)
    large = min(range(len(found.matrices)), key=lambda number: found.matrices[number][0][0])
    letters = ["L" if number == large else "m" for number in found.word or ()]
    word = " ".join([f"{letter}{n}" if (n := len(list(run))) > 1 else letter for letter, run in groupby(letters)])
    print(
        f"{method.name:12s} {float(kappa):8.4f}  {found.verdict:9s}  "
        f"[{float(found.lower):.5f}, {float(found.upper):.5f}]  {word:14s} {verified!r}  {seconds:.2f} s",
        flush=True,
    )
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{method.make.__name__}-{str(root).replace('/', '_')}.json"
        iteration.save(file)
        (folder / f"{file.stem}.certificate.json").write_text(found.certificate.dumps(), encoding="utf-8")


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--length", type=int, default=12, help="of the longest words (default 12)")
    parser.add_argument("--certificates", type=Path, help="write iterations and certificates to this folder")
    arguments = parser.parse_args()
    print("method          kappa  products   joint spectral radius  word           certificate")
    for method in METHODS:
        for text in method.roots:
            row(method, Fraction(text), arguments.length, arguments.certificates)


if __name__ == "__main__":
    main()
