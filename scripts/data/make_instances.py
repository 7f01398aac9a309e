"""Write instances/: small nets to learn from, each with its known verdict, and their manifest.

    python scripts/data/make_instances.py            # writes instances/
    python scripts/data/make_instances.py --check    # exit 1 if a file on the disk differs

Graphs are written in the text language of docs/net-format.md.  The bytes are the same on every machine.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from subgrad_hardness.api.generate import generate
from subgrad_hardness.common.files import write_text
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import exact, parse_rational
from subgrad_hardness.net.writing import dumps
from subgrad_hardness.reduction.cnf import parse_dimacs
from subgrad_hardness.reduction.three_sat import MinMaxReduction, ThreeLayerReduction

FOLDER = Path(__file__).resolve().parents[2] / "instances"


class Instance(NamedTuple):
    """One net: its name, what it shows, the verdict and how that is known."""

    name: str
    about: str
    verdict: str
    known_by: str
    net: Program


def _graph(inputs: str, nodes: str, outputs: str) -> Program:
    return Program.from_text(f"inputs {inputs}; {nodes}; outputs {outputs}")


def _needle(low: int, high: int, beside: str = "") -> Program:
    """relu(min(x - low y, high y - x, ...))."""
    nodes = f"left = x - {low} y; right = -x + {high} y; m = min left right {beside}; f = relu m"
    return _graph("x y", nodes, "f")


def _tenths(one: Fraction, two: Fraction, three: Fraction) -> Program:
    """relu(x + one + two - three)."""
    return _graph("x", f"tenth = {one}; fifth = {two}; t = x + tenth + fifth - {three}; f = relu t", "f")


HAND_WRITTEN = (
    # The first kinks that everybody draws.
    Instance(
        "abs",
        "|x|, the first kink of every lecture",
        "distinct",
        "slopes -1 and 1",
        Program.from_layers([[[1]]], activations=["abs"]),
    ),
    Instance("relu", "relu(x) at 0", "distinct", "slopes 0 and 1", Program.from_layers([[[1]]], activations=["relu"])),
    Instance("max", "max(x, y)", "distinct", "gradients (1,0) and (0,1)", _graph("x y", "m = max x y", "m")),
    Instance(
        "max-plus-min",
        "max(x,y) + min(x,y) = x + y: two kinks that cancel",
        "unique",
        "the identity max + min = sum",
        _graph("x y", "m = max x y; n = min x y; sum = m + n", "sum"),
    ),
    Instance(
        "sum-of-abs",
        "|x| + |y|",
        "distinct",
        "gradients (1,1) and (-1,-1)",
        _graph("x y", "a = abs x; b = abs y; f = a + b", "f"),
    ),
    Instance(
        "abs-identity",
        "|x| + |y| - max(|x+y|, |x-y|) is zero everywhere",
        "unique",
        "the identity |x| + |y| = max(|x+y|, |x-y|)",
        _graph(
            "x y", "a = abs x; b = abs y; s = x + y; t = x - y; c = abs s; d = abs t; m = max c d; f = a + b - m", "f"
        ),
    ),
    Instance(
        "median",
        "the median of three numbers",
        "distinct",
        "gradients e1, e2 and e3",
        _graph("x y z", "low = min x y; high = max x y; inner = min high z; median = max low inner", "median"),
    ),
    Instance(
        "median-two-ways",
        "the median as max(min(x,y), min(max(x,y),z)) minus x+y+z-max-min",
        "unique",
        "both terms are the median",
        _graph(
            "x y z",
            "low = min x y; high = max x y; inner = min high z; median = max low inner; top = max x y "
            "z; bottom = min x y z; f = median - x - y - z + top + bottom",
            "f",
        ),
    ),
    Instance(
        "wedge",
        "max(-y, min(0, -x))",
        "distinct",
        "-y > 0 gives (0,-1); y, x > 0, x < y gives (-1,0)",
        _graph("x y", "zero = 0; mx = -x; my = -y; low = min zero mx; f = max my low", "f"),
    ),
    Instance(
        "ridge",
        "max(min(x, -y), y - x)",
        "distinct",
        "x = 1, y = -2 gives (1,0); x = -1, y = 1 gives (-1,1)",
        _graph("x y", "my = -y; d = y - x; low = min x my; f = max low d", "f"),
    ),
    Instance(
        "hardtanh-corner",
        "hardtanh(x) at its corner x = 1",
        "distinct",
        "slopes 1 and 0",
        Program.from_layers([[[1]]], activations=["hardtanh"], point=[1]),
    ),
    Instance(
        "relu6-corner",
        "relu6(x) at its corner x = 6",
        "distinct",
        "slopes 1 and 0",
        Program.from_layers([[[1]]], activations=["relu6"], point=[6]),
    ),
    Instance(
        "leaky-without-leak",
        "leaky_relu with slope 1 is the identity: no kink at all",
        "unique",
        "leaky_1(t) = t",
        Program.from_layers([[[1, 2]]], activations=["leaky_relu"], slope=1),
    ),
    Instance(
        "leaky-identity",
        "leaky_s(x) + leaky_s(-x) - (1-s)|x| is zero, s = 1/3",
        "unique",
        "algebra",
        _graph("x", "y = -x; a = leaky_relu(1/3) x; b = leaky_relu(1/3) y; c = abs x; f = a + b - 2/3 c", "f"),
    ),
    # Where automatic differentiation is wrong, or right by luck.
    Instance(
        "backprop-zero",
        "relu(x) - relu(-x) = x: backpropagation with relu'(0) = 0 returns 0, not 1",
        "unique",
        "relu(x) - relu(-x) = x",
        Program.from_layers([[[1], [-1]], [[1, -1]]]),
    ),
    Instance(
        "backprop-sum",
        "sum of relu(x_i) - relu(-x_i) in 4 inputs: the true gradient is (1,1,1,1)",
        "unique",
        "relu(t) - relu(-t) = t",
        Program.from_layers(
            [
                [
                    [1, 0, 0, 0],
                    [-1, 0, 0, 0],
                    [0, 1, 0, 0],
                    [0, -1, 0, 0],
                    [0, 0, 1, 0],
                    [0, 0, -1, 0],
                    [0, 0, 0, 1],
                    [0, 0, 0, -1],
                ],
                [[1, -1, 1, -1, 1, -1, 1, -1]],
            ]
        ),
    ),
    Instance(
        "backprop-of-zero",
        "x - relu(x) + relu(-x) is zero, backpropagation returns 1",
        "unique",
        "relu(x) - relu(-x) = x",
        _graph("x", "y = -x; a = relu x; b = relu y; f = x - a + b", "f"),
    ),
    Instance(
        "backprop-outside",
        "relu(x) - x + relu(x) - relu(-x) = relu(x): backpropagation returns -1",
        "distinct",
        "F = relu(x), slopes 0 and 1, because relu(x) - relu(-x) = x",
        _graph("x", "y = -x; a = relu x; b = relu y; f = 2 a - b - x", "f"),
    ),
    Instance(
        "relu-of-relu",
        "relu(relu(x)) - relu(x) is zero, and backpropagation agrees",
        "unique",
        "relu is idempotent",
        Program.from_layers([[[1], [1]], [[1, 0], [0, 1]], [[1, -1]]]),
    ),
    # Cones that floating point cannot see.
    Instance(
        "needle",
        "F > 0 only where 2^60 y < x < (2^60 + 1) y",
        "distinct",
        "x = 2^61 + 1, y = 2 is inside",
        _needle(2**60, 2**60 + 1),
    ),
    Instance(
        "needle-shut",
        "the same with both walls at 2^60: F is zero",
        "unique",
        "x > 2^60 y and x < 2^60 y exclude each other",
        _needle(2**60, 2**60),
    ),
    Instance(
        "needle-1e40",
        "F > 0 only where 10^40 y < x < (10^40 + 1) y",
        "distinct",
        "x = 2*10^40 + 1, y = 2 is inside",
        _needle(10**40, 10**40 + 1),
    ),
    Instance(
        "needle-crossed",
        "the walls of the 2^60 needle exchanged, in the half-plane y > 0: F is zero",
        "unique",
        "x > (2^60+1) y and x < 2^60 y need y < 0",
        _needle(2**60 + 1, 2**60, "y"),
    ),
    Instance(
        "almost-linear",
        "relu(x) - relu(-x) with one weight off by 10^-30",
        "distinct",
        "slopes 1 and 1 + 10^-30",
        Program.from_layers([[[1], [-1]], [["1.000000000000000000000000000001", -1]]]),
    ),
    # Where a double is not the number that was meant.
    Instance(
        "tenths-as-strings",
        'relu(x + "0.1" + "0.2" - "0.3") at 0: exactly a kink',
        "distinct",
        "1/10 + 1/5 - 3/10 = 0",
        _tenths(*map(parse_rational, ("0.1", "0.2", "0.3"))),
    ),
    Instance(
        "tenths-as-doubles",
        "relu(x + 0.1 + 0.2 - 0.3) at 0 in doubles: 2^-55 away from the kink",
        "unique",
        "the exact sum of the three doubles is positive",
        _tenths(*map(exact, (0.1, 0.2, 0.3))),
    ),
    Instance(
        "third-exact",
        'relu(3x - 1) at "1/3"',
        "distinct",
        "3 * 1/3 - 1 = 0",
        Program.from_layers([[[3]]], biases=[[-1]], activations=["relu"], point=["1/3"]),
    ),
    Instance(
        "third-as-double",
        "relu(3x - 1) at the double 0.3333333333333333",
        "unique",
        "three times that double is less than 1",
        Program.from_layers([[[3]]], biases=[[-1]], activations=["relu"], point=[0.3333333333333333]),
    ),
    Instance(
        "tiny-weight",
        "10^-400 relu(x), which underflows to zero in every float",
        "distinct",
        "slopes 0 and 10^-400",
        Program.from_layers([[[1]], [["1e-400"]]]),
    ),
    # Kinks whose preactivation is zero on an open set, and kinks that do not matter.
    Instance(
        "vanishing-abs",
        "|relu(x) - relu(y)|: the kink's preactivation is 0 for all x, y < 0",
        "distinct",
        "x > y > 0 gives (1,-1), x, y < 0 gives 0",
        _graph("x y", "rx = relu x; ry = relu y; z = rx - ry; f = abs z", "f"),
    ),
    Instance(
        "vanishing-identity",
        "relu(z) - relu(-z) - z with z = relu(x) - relu(y)",
        "unique",
        "relu(z) - relu(-z) = z",
        _graph("x y", "rx = relu x; ry = relu y; z = rx - ry; mz = -z; a = relu z; b = relu mz; f = a - b - z", "f"),
    ),
    Instance(
        "vanishing-trap",
        "the witnesses lie only where z = relu(x) - relu(y) vanishes on an open set",
        "distinct",
        "F = -max(x,y) > 0 for x, y < 0; F = 0 for x > 0 > y with x < 1",
        _graph(
            "x y",
            "rx = relu x; ry = relu y; z = rx - ry; mx = -x; my = -y; mz = -z; low = min mx my; pz = "
            "relu z; nz = relu mz; t = low - nz - 3 pz; u = relu t; s = pz - rx; v = relu s; f = u + "
            "v",
            "f",
        ),
    ),
    Instance(
        "dead-kink",
        "relu(x) is computed but reaches no output",
        "unique",
        "F = y",
        _graph("x y", "unused = relu x; f = y", "f"),
    ),
    Instance("dead-by-weight", "0 relu(x) + y", "unique", "F = y", _graph("x y", "r = relu x; f = 0 r + y", "f")),
    Instance(
        "dead-behind-inactive",
        "relu(relu(x) - 1) + y at 0: the kink sits behind an inactive relu",
        "unique",
        "F = y near 0",
        _graph("x y", "r = relu x; t = r - 1; q = relu t; f = q + y", "f"),
    ),
    Instance(
        "max-of-equal",
        "max(x, x): a kink whose row is zero",
        "unique",
        "max(x, x) = x",
        _graph("x", "f = max x x", "f"),
    ),
    # Several outputs, and points away from the origin.
    Instance(
        "one-output-kinks",
        "(x + y, |x - y|): only the second output has a kink",
        "distinct",
        "second rows (1,-1) and (-1,1)",
        _graph("x y", "s = x + y; t = x - y; d = abs t", "s d"),
    ),
    Instance(
        "sorting",
        "(max(x,y), min(x,y)): sorting two numbers",
        "distinct",
        "the identity and the exchange",
        _graph("x y", "m = max x y; n = min x y", "m n"),
    ),
    Instance(
        "outputs-all-linear",
        "(max + min, relu(x) - relu(-x)): kinks in both outputs, both linear",
        "unique",
        "max + min = x + y; relu(x) - relu(-x) = x",
        _graph("x y", "m = max x y; n = min x y; s = m + n; mx = -x; a = relu x; b = relu mx; t = a - b", "s t"),
    ),
    Instance(
        "away-on-kink",
        "|x - 1| + |y| at (1, 5)",
        "distinct",
        "gradients (1,1) and (-1,1)",
        Program.from_layers([[[1, 0], [0, 1]], [[1, 1]]], biases=[[-1, 0], None], activations="abs", point=[1, 5]),
    ),
    Instance(
        "away-off-kink",
        "|x - 1| + |y| at (1/2, 5): differentiable, the nearest kink 1/2 away",
        "unique",
        "no kink at the point",
        Program.from_layers([[[1, 0], [0, 1]], [[1, 1]]], biases=[[-1, 0], None], activations="abs", point=["1/2", 5]),
    ),
    Instance(
        "away-mixed",
        "active, inactive and kinked neurons in two layers, at (1, 1)",
        "distinct",
        "near (1,1) the net is relu(x - y) + x + y - 1",
        Program.from_layers(
            [[[1, -1], [1, 1], [-1, -1]], [[1, 1, 5]]],
            biases=[[0, -1, 1], None],
            activations=["relu", "relu"],
            point=[1, 1],
        ),
    ),
    Instance(
        "trained-doubles",
        "a net with double weights at a data point, as training leaves it",
        "unique",
        "no kink at the point",
        Program.from_layers(
            [
                [
                    [0.1375, -0.5861, 0.2214],
                    [-0.3311, 0.0412, 0.7712],
                    [0.9123, 0.1177, -0.4405],
                    [-0.0529, -0.6418, 0.3087],
                ],
                [[0.4471, -0.2209, 0.6158, 0.1093], [-0.5137, 0.8814, 0.0275, -0.3642]],
            ],
            biases=[[0.0132, -0.0417, 0.0008, 0.0291], [0.0021, -0.0146]],
            point=[0.25, -1.5, 0.7],
        ),
    ),
)


def satisfiability() -> Iterator[Instance]:
    """3-SAT formulas as nets: two subgradients iff satisfiable."""
    all_signs = [[a * 1, b * 2, c * 3] for a in (1, -1) for b in (1, -1) for c in (1, -1)]
    known = "all assignments were tried"
    for name, clauses, verdict in (("sat", all_signs[1:], "distinct"), ("unsat", all_signs, "unique")):
        dimacs = "".join(" ".join(map(str, [*clause, 0])) + "\n" for clause in clauses)
        text = f"p cnf 3 {len(clauses)}\n{dimacs}"
        for form, layered in (("minmax", False), ("minmax", True), ("layers3", False)):
            style = "minmax-layered" if layered else form
            yield Instance(
                f"3sat-{name}-{style}",
                f"{len(clauses)} of the 8 sign patterns on 3 variables, {style} form",
                verdict,
                known,
                _formula(text, form, layered),
            )


def _formula(dimacs: str, form: str, layered: bool) -> Program:
    reduction = ThreeLayerReduction() if form == "layers3" else MinMaxReduction(layered)
    return reduction.apply(parse_dimacs(dimacs))[0]


def random_formulas() -> Iterator[Instance]:
    """Random 3-SAT at the phase transition; the verdicts come from a SAT solver on the formulas."""
    for seed in (1, 2):
        for form in ("minmax", "layers3"):
            net = generate("3sat", variables=20, ratio="4.26", seed=seed, form=form)
            assert net.provenance is not None
            satisfiable = _satisfiable(net.provenance["source"]["clauses"])
            yield Instance(
                f"3sat-random-20-seed{seed}-{form}",
                f"random 3-SAT, 20 variables, 85 clauses, {form} form",
                "distinct" if satisfiable else "unique",
                f"CaDiCaL found the formula {'satisfiable' if satisfiable else 'unsatisfiable'}",
                net,
            )


def _satisfiable(clauses: list[list[int]]) -> bool:
    from pysat.solvers import Solver

    with Solver(name="cadical195", bootstrap_with=clauses) as solver:
        return bool(solver.solve())


def instances() -> Iterator[Instance]:
    """All of them, in the order of the manifest."""
    yield from HAND_WRITTEN
    yield from satisfiability()
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
