"""Write instances/: small nets to learn from, each with its known verdict, and their manifest.

    python scripts/data/make_instances.py            # writes instances/
    python scripts/data/make_instances.py --check    # exit 1 if a file on the disk differs

The bytes are the same on every machine.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from subgrad_hardness.api.generate import generate
from subgrad_hardness.common.files import write_text
from subgrad_hardness.net.json_text import write_json
from subgrad_hardness.net.reading import program_from
from subgrad_hardness.net.writing import dumps, to_mapping
from subgrad_hardness.reduction.cnf import parse_dimacs
from subgrad_hardness.reduction.three_sat import MinMaxReduction, ThreeLayerReduction

FOLDER = Path(__file__).resolve().parents[2] / "instances"

Node = dict[str, Any]


class Instance(NamedTuple):
    """One net: its name, what it shows, the verdict and how that is known."""

    name: str
    about: str
    verdict: str
    known_by: str
    net: dict[str, Any]


def node(name: str, op: str, *args: str, **more: Any) -> Node:
    """A graph node."""
    return {"id": name, "op": op, "args": list(args), **more}


def graph(inputs: str, nodes: list[Node], outputs: str, point: list[Any] | None = None) -> dict[str, Any]:
    """A graph net; names are separated by spaces."""
    net: dict[str, Any] = {"inputs": inputs.split(), "nodes": nodes, "outputs": outputs.split()}
    return net if point is None else {**net, "point": point}


def combination(name: str, terms: dict[str, Any], bias: Any = 0) -> Node:
    """An affine node from {argument: coefficient}."""
    return node(name, "affine", *terms, coefficients=list(terms.values()), bias=bias)


def textbook() -> Iterator[Instance]:
    """The first kinks that everybody draws."""
    yield Instance(
        "abs",
        "|x|, the first kink of every lecture",
        "distinct",
        "slopes -1 and 1",
        {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]},
    )
    yield Instance(
        "relu",
        "relu(x) at 0",
        "distinct",
        "slopes 0 and 1",
        {"inputs": 1, "layers": [{"weight": [[1]], "activation": "relu"}]},
    )
    yield Instance(
        "max", "max(x, y)", "distinct", "gradients (1,0) and (0,1)", graph("x y", [node("m", "max", "x", "y")], "m")
    )
    yield Instance(
        "max-plus-min",
        "max(x,y) + min(x,y) = x + y: two kinks that cancel",
        "unique",
        "the identity max + min = sum",
        graph("x y", [node("m", "max", "x", "y"), node("n", "min", "x", "y"), node("sum", "affine", "m", "n")], "sum"),
    )
    yield Instance(
        "sum-of-abs",
        "|x| + |y|",
        "distinct",
        "gradients (1,1) and (-1,-1)",
        graph("x y", [node("a", "abs", "x"), node("b", "abs", "y"), node("f", "affine", "a", "b")], "f"),
    )
    yield Instance(
        "abs-identity",
        "|x| + |y| - max(|x+y|, |x-y|) is zero everywhere",
        "unique",
        "the identity |x| + |y| = max(|x+y|, |x-y|)",
        graph(
            "x y",
            [
                node("a", "abs", "x"),
                node("b", "abs", "y"),
                combination("s", {"x": 1, "y": 1}),
                combination("t", {"x": 1, "y": -1}),
                node("c", "abs", "s"),
                node("d", "abs", "t"),
                node("m", "max", "c", "d"),
                combination("f", {"a": 1, "b": 1, "m": -1}),
            ],
            "f",
        ),
    )
    median = [
        node("low", "min", "x", "y"),
        node("high", "max", "x", "y"),
        node("inner", "min", "high", "z"),
        node("median", "max", "low", "inner"),
    ]
    yield Instance(
        "median", "the median of three numbers", "distinct", "gradients e1, e2 and e3", graph("x y z", median, "median")
    )
    yield Instance(
        "median-two-ways",
        "the median as max(min(x,y), min(max(x,y),z)) minus x+y+z-max-min",
        "unique",
        "both terms are the median",
        graph(
            "x y z",
            [
                *median,
                node("top", "max", "x", "y", "z"),
                node("bottom", "min", "x", "y", "z"),
                combination("f", {"median": 1, "x": -1, "y": -1, "z": -1, "top": 1, "bottom": 1}),
            ],
            "f",
        ),
    )
    yield Instance(
        "wedge",
        "max(-y, min(0, -x))",
        "distinct",
        "-y > 0 gives (0,-1); y, x > 0, x < y gives (-1,0)",
        graph(
            "x y",
            [
                node("zero", "affine"),
                combination("mx", {"x": -1}),
                combination("my", {"y": -1}),
                node("low", "min", "zero", "mx"),
                node("f", "max", "my", "low"),
            ],
            "f",
        ),
    )
    yield Instance(
        "ridge",
        "max(min(x, -y), y - x)",
        "distinct",
        "x = 1, y = -2 gives (1,0); x = -1, y = 1 gives (-1,1)",
        graph(
            "x y",
            [
                combination("my", {"y": -1}),
                combination("d", {"y": 1, "x": -1}),
                node("low", "min", "x", "my"),
                node("f", "max", "low", "d"),
            ],
            "f",
        ),
    )
    yield Instance(
        "hardtanh-corner",
        "hardtanh(x) at its corner x = 1",
        "distinct",
        "slopes 1 and 0",
        {"inputs": 1, "layers": [{"weight": [[1]], "activation": "hardtanh"}], "point": [1]},
    )
    yield Instance(
        "relu6-corner",
        "relu6(x) at its corner x = 6",
        "distinct",
        "slopes 1 and 0",
        {"inputs": 1, "layers": [{"weight": [[1]], "activation": "relu6"}], "point": [6]},
    )
    yield Instance(
        "leaky-without-leak",
        "leaky_relu with slope 1 is the identity: no kink at all",
        "unique",
        "leaky_1(t) = t",
        {"inputs": 2, "layers": [{"weight": [[1, 2]], "activation": "leaky_relu", "slope": 1}]},
    )
    yield Instance(
        "leaky-identity",
        "leaky_s(x) + leaky_s(-x) - (1-s)|x| is zero, s = 1/3",
        "unique",
        "algebra",
        graph(
            "x",
            [
                combination("y", {"x": -1}),
                node("a", "leaky_relu", "x", slope="1/3"),
                node("b", "leaky_relu", "y", slope="1/3"),
                node("c", "abs", "x"),
                combination("f", {"a": 1, "b": 1, "c": "-2/3"}),
            ],
            "f",
        ),
    )


def backpropagation() -> Iterator[Instance]:
    """Where automatic differentiation is wrong, or right by luck."""
    yield Instance(
        "backprop-zero",
        "relu(x) - relu(-x) = x: backpropagation with relu'(0) = 0 returns 0, not 1",
        "unique",
        "relu(x) - relu(-x) = x",
        {"inputs": 1, "layers": [{"weight": [[1], [-1]], "activation": "relu"}, {"weight": [[1, -1]]}]},
    )
    yield Instance(
        "backprop-sum",
        "sum of relu(x_i) - relu(-x_i) in 4 inputs: the true gradient is (1,1,1,1)",
        "unique",
        "relu(t) - relu(-t) = t",
        {
            "inputs": 4,
            "layers": [
                {
                    "weight": [[int(i == j) * s for j in range(4)] for i in range(4) for s in (1, -1)],
                    "activation": "relu",
                },
                {"weight": [[1, -1] * 4]},
            ],
        },
    )
    yield Instance(
        "backprop-of-zero",
        "x - relu(x) + relu(-x) is zero, backpropagation returns 1",
        "unique",
        "relu(x) - relu(-x) = x",
        graph(
            "x",
            [
                combination("y", {"x": -1}),
                node("a", "relu", "x"),
                node("b", "relu", "y"),
                combination("f", {"x": 1, "a": -1, "b": 1}),
            ],
            "f",
        ),
    )
    yield Instance(
        "backprop-outside",
        "relu(x) - x + relu(x) - relu(-x) = relu(x): backpropagation returns -1",
        "distinct",
        "F = relu(x), slopes 0 and 1, because relu(x) - relu(-x) = x",
        graph(
            "x",
            [
                combination("y", {"x": -1}),
                node("a", "relu", "x"),
                node("b", "relu", "y"),
                combination("f", {"a": 2, "b": -1, "x": -1}),
            ],
            "f",
        ),
    )
    yield Instance(
        "relu-of-relu",
        "relu(relu(x)) - relu(x) is zero, and backpropagation agrees",
        "unique",
        "relu is idempotent",
        {
            "inputs": 1,
            "layers": [
                {"weight": [[1], [1]], "activation": "relu"},
                {"weight": [[1, 0], [0, 1]], "activation": "relu"},
                {"weight": [[1, -1]]},
            ],
        },
    )


def needles() -> Iterator[Instance]:
    """Cones that floating point cannot see."""

    def needle(low: str, high: str) -> dict[str, Any]:
        return graph(
            "x y",
            [
                combination("left", {"x": 1, "y": f"-{low}"}),
                combination("right", {"x": -1, "y": high}),
                node("m", "min", "left", "right"),
                node("f", "relu", "m"),
            ],
            "f",
        )

    big = str(2**60)
    yield Instance(
        "needle",
        "F > 0 only where 2^60 y < x < (2^60 + 1) y",
        "distinct",
        "x = 2^61 + 1, y = 2 is inside",
        needle(big, str(2**60 + 1)),
    )
    yield Instance(
        "needle-shut",
        "the same with both walls at 2^60: F is zero",
        "unique",
        "x > 2^60 y and x < 2^60 y exclude each other",
        needle(big, big),
    )
    yield Instance(
        "needle-1e40",
        "F > 0 only where 10^40 y < x < (10^40 + 1) y",
        "distinct",
        "x = 2*10^40 + 1, y = 2 is inside",
        needle(str(10**40), str(10**40 + 1)),
    )
    yield Instance(
        "needle-crossed",
        "the walls of the 2^60 needle exchanged, in the half-plane y > 0: F is zero",
        "unique",
        "x > (2^60+1) y and x < 2^60 y need y < 0",
        graph(
            "x y",
            [
                combination("left", {"x": 1, "y": f"-{2**60 + 1}"}),
                combination("right", {"x": -1, "y": big}),
                node("m", "min", "left", "right", "y"),
                node("f", "relu", "m"),
            ],
            "f",
        ),
    )
    yield Instance(
        "almost-linear",
        "relu(x) - relu(-x) with one weight off by 10^-30",
        "distinct",
        "slopes 1 and 1 + 10^-30",
        {
            "inputs": 1,
            "layers": [
                {"weight": [[1], [-1]], "activation": "relu"},
                {"weight": [["1.000000000000000000000000000001", -1]]},
            ],
        },
    )


def exactness() -> Iterator[Instance]:
    """Where a double is not the number that was meant."""

    def tenths(one: Any, two: Any, three: Any) -> dict[str, Any]:
        return graph(
            "x",
            [
                node("tenth", "affine", bias=one),
                node("fifth", "affine", bias=two),
                combination("t", {"x": 1, "tenth": 1, "fifth": 1}, three),
                node("f", "relu", "t"),
            ],
            "f",
        )

    yield Instance(
        "tenths-as-strings",
        'relu(x + "0.1" + "0.2" - "0.3") at 0: exactly a kink',
        "distinct",
        "1/10 + 1/5 - 3/10 = 0",
        tenths("0.1", "0.2", "-0.3"),
    )
    yield Instance(
        "tenths-as-doubles",
        "relu(x + 0.1 + 0.2 - 0.3) at 0 in doubles: 2^-55 away from the kink",
        "unique",
        "the exact sum of the three doubles is positive",
        tenths(0.1, 0.2, -0.3),
    )
    third = {"inputs": 1, "layers": [{"weight": [[3]], "bias": [-1], "activation": "relu"}]}
    yield Instance("third-exact", 'relu(3x - 1) at "1/3"', "distinct", "3 * 1/3 - 1 = 0", {**third, "point": ["1/3"]})
    yield Instance(
        "third-as-double",
        "relu(3x - 1) at the double 0.3333333333333333",
        "unique",
        "three times that double is less than 1",
        {**third, "point": [0.3333333333333333]},
    )
    yield Instance(
        "tiny-weight",
        "10^-400 relu(x), which underflows to zero in every float",
        "distinct",
        "slopes 0 and 10^-400",
        {"inputs": 1, "layers": [{"weight": [[1]], "activation": "relu"}, {"weight": [["1e-400"]]}]},
    )


def vanishing() -> Iterator[Instance]:
    """Kinks whose preactivation is zero on an open set, and kinks that do not matter."""
    z = [node("rx", "relu", "x"), node("ry", "relu", "y"), combination("z", {"rx": 1, "ry": -1})]
    yield Instance(
        "vanishing-abs",
        "|relu(x) - relu(y)|: the kink's preactivation is 0 for all x, y < 0",
        "distinct",
        "x > y > 0 gives (1,-1), x, y < 0 gives 0",
        graph("x y", [*z, node("f", "abs", "z")], "f"),
    )
    yield Instance(
        "vanishing-identity",
        "relu(z) - relu(-z) - z with z = relu(x) - relu(y)",
        "unique",
        "relu(z) - relu(-z) = z",
        graph(
            "x y",
            [
                *z,
                combination("mz", {"z": -1}),
                node("a", "relu", "z"),
                node("b", "relu", "mz"),
                combination("f", {"a": 1, "b": -1, "z": -1}),
            ],
            "f",
        ),
    )
    yield Instance(
        "vanishing-trap",
        "the witnesses lie only where z = relu(x) - relu(y) vanishes on an open set",
        "distinct",
        "F = -max(x,y) > 0 for x, y < 0; F = 0 for x > 0 > y with x < 1",
        graph(
            "x y",
            [
                *z,
                combination("mx", {"x": -1}),
                combination("my", {"y": -1}),
                combination("mz", {"z": -1}),
                node("low", "min", "mx", "my"),
                node("pz", "relu", "z"),
                node("nz", "relu", "mz"),
                combination("t", {"low": 1, "nz": -1, "pz": -3}),
                node("u", "relu", "t"),
                combination("s", {"pz": 1, "rx": -1}),
                node("v", "relu", "s"),
                node("f", "affine", "u", "v"),
            ],
            "f",
        ),
    )
    yield Instance(
        "dead-kink",
        "relu(x) is computed but reaches no output",
        "unique",
        "F = y",
        graph("x y", [node("unused", "relu", "x"), node("f", "affine", "y")], "f"),
    )
    yield Instance(
        "dead-by-weight",
        "0 relu(x) + y",
        "unique",
        "F = y",
        graph("x y", [node("r", "relu", "x"), combination("f", {"r": 0, "y": 1})], "f"),
    )
    yield Instance(
        "dead-behind-inactive",
        "relu(relu(x) - 1) + y at 0: the kink sits behind an inactive relu",
        "unique",
        "F = y near 0",
        graph(
            "x y",
            [
                node("r", "relu", "x"),
                combination("t", {"r": 1}, -1),
                node("q", "relu", "t"),
                node("f", "affine", "q", "y"),
            ],
            "f",
        ),
    )
    yield Instance(
        "max-of-equal",
        "max(x, x): a kink whose row is zero",
        "unique",
        "max(x, x) = x",
        graph("x", [node("f", "max", "x", "x")], "f"),
    )


def outputs_and_points() -> Iterator[Instance]:
    """Several outputs, and points away from the origin."""
    yield Instance(
        "one-output-kinks",
        "(x + y, |x - y|): only the second output has a kink",
        "distinct",
        "second rows (1,-1) and (-1,1)",
        graph(
            "x y", [node("s", "affine", "x", "y"), combination("t", {"x": 1, "y": -1}), node("d", "abs", "t")], "s d"
        ),
    )
    yield Instance(
        "sorting",
        "(max(x,y), min(x,y)): sorting two numbers",
        "distinct",
        "the identity and the exchange",
        graph("x y", [node("m", "max", "x", "y"), node("n", "min", "x", "y")], "m n"),
    )
    yield Instance(
        "outputs-all-linear",
        "(max + min, relu(x) - relu(-x)): kinks in both outputs, both linear",
        "unique",
        "max + min = x + y; relu(x) - relu(-x) = x",
        graph(
            "x y",
            [
                node("m", "max", "x", "y"),
                node("n", "min", "x", "y"),
                node("s", "affine", "m", "n"),
                combination("mx", {"x": -1}),
                node("a", "relu", "x"),
                node("b", "relu", "mx"),
                combination("t", {"a": 1, "b": -1}),
            ],
            "s t",
        ),
    )
    away = {
        "inputs": 2,
        "layers": [{"weight": [[1, 0], [0, 1]], "bias": [-1, 0], "activation": "abs"}, {"weight": [[1, 1]]}],
    }
    yield Instance(
        "away-on-kink", "|x - 1| + |y| at (1, 5)", "distinct", "gradients (1,1) and (-1,1)", {**away, "point": [1, 5]}
    )
    yield Instance(
        "away-off-kink",
        "|x - 1| + |y| at (1/2, 5): differentiable, the nearest kink 1/2 away",
        "unique",
        "no kink at the point",
        {**away, "point": ["1/2", 5]},
    )
    yield Instance(
        "away-mixed",
        "active, inactive and kinked neurons in two layers, at (1, 1)",
        "distinct",
        "near (1,1) the net is relu(x - y) + x + y - 1",
        {
            "inputs": 2,
            "layers": [
                {"weight": [[1, -1], [1, 1], [-1, -1]], "bias": [0, -1, 1], "activation": "relu"},
                {"weight": [[1, 1, 5]], "activation": "relu"},
            ],
            "point": [1, 1],
        },
    )
    yield Instance(
        "trained-doubles",
        "a net with double weights at a data point, as training leaves it",
        "unique",
        "no kink at the point",
        {
            "inputs": 3,
            "layers": [
                {
                    "weight": [
                        [0.1375, -0.5861, 0.2214],
                        [-0.3311, 0.0412, 0.7712],
                        [0.9123, 0.1177, -0.4405],
                        [-0.0529, -0.6418, 0.3087],
                    ],
                    "bias": [0.0132, -0.0417, 0.0008, 0.0291],
                    "activation": "relu",
                },
                {
                    "weight": [[0.4471, -0.2209, 0.6158, 0.1093], [-0.5137, 0.8814, 0.0275, -0.3642]],
                    "bias": [0.0021, -0.0146],
                },
            ],
            "point": [0.25, -1.5, 0.7],
        },
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


def _formula(dimacs: str, form: str, layered: bool) -> dict[str, Any]:
    reduction = ThreeLayerReduction() if form == "layers3" else MinMaxReduction(layered)
    program, _ = reduction.apply(parse_dimacs(dimacs))
    return to_mapping(program)


def random_formulas() -> Iterator[Instance]:
    """Random 3-SAT at the phase transition; the verdicts come from a SAT solver on the formulas."""
    for seed in (1, 2):
        for form in ("minmax", "layers3"):
            net = to_mapping(generate("3sat", variables=20, ratio="4.26", seed=seed, form=form))
            satisfiable = _satisfiable(net["provenance"]["source"]["clauses"])
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


FAMILIES = (
    textbook,
    backpropagation,
    needles,
    exactness,
    vanishing,
    outputs_and_points,
    satisfiability,
    random_formulas,
)


def instances() -> Iterator[Instance]:
    """All of them, in the order of the manifest."""
    for family in FAMILIES:
        yield from family()


def files() -> dict[str, str]:
    """File name -> text, the manifest included."""
    result: dict[str, str] = {}
    manifest = []
    for instance in instances():
        known = {"verdict": instance.verdict, "known_by": instance.known_by}
        provenance = {**instance.net.get("provenance", {"family": "hand-written"}), "about": instance.about, **known}
        program = program_from({**instance.net, "name": instance.name, "provenance": provenance})
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
