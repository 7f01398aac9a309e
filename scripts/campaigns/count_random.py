"""Random programs over every dictionary: does each keep its bounds, and do all derived programs agree?

    python scripts/campaigns/count_random.py [--programs N] [--seed S]

For each dictionary with unit weights, and for the one with transcendental operations with c_nl = 10 as well: textbook,
structural and amortised backward, and forward along the unit vectors, against their constants; gradients of the three
forms against one another; on piecewise-linear programs against ``gradient`` of the decided side; and, where sympy is
installed, second derivatives of 50 smooth programs against its own.  Prints a table; exit status 1 for any fault.
"""

from __future__ import annotations

import argparse
import math
import operator
import sys
from typing import Any

import subgrad_hardness as sh
from subgrad_hardness.common.randomness import Stream
from subgrad_hardness.cost_model.backward import backward
from subgrad_hardness.cost_model.dictionaries import DICTIONARIES, Dictionary
from subgrad_hardness.cost_model.net_files import as_net
from subgrad_hardness.cost_model.random_programs import campaign, random_program
from subgrad_hardness.cost_model.weights import Weights

_SMOOTH = ("add", "sub", "mul", "div", "exp", "log", "sqrt", "softplus", "sigmoid", "tanh")


def wrong_second_derivatives(seed: int, programs: int = 50) -> int | None:
    """How many second derivatives are not sympy's, to 1e-7; None without sympy."""
    try:
        import sympy
    except ImportError:
        return None
    formulas: dict[str, Any] = {
        **{name: getattr(operator, name) for name in ("add", "sub", "mul")},
        **{name: getattr(sympy, name) for name in ("exp", "log", "sqrt", "tanh")},
        "div": operator.truediv,
        "softplus": lambda t: sympy.log(1 + sympy.exp(t)),
        "sigmoid": lambda t: 1 / (1 + sympy.exp(-t)),
    }
    variants = tuple(variant for variant in DICTIONARIES["full"].variants if variant.operation in _SMOOTH)
    smooth, stream, wrong = Dictionary("smooth", "without kinks", variants), Stream(seed, "second"), 0
    for _ in range(programs):
        program = random_program(stream, smooth, most_inputs=3, most_steps=7)
        p, point = len(program.inputs), program.point or ()
        names = sympy.symbols(f"x0:{p}")
        values = list(names)
        for step in program.steps:
            if step.operation == "const":
                values.append(sympy.Rational(str(step.parameter)))
            else:
                values.append(formulas[step.operation](*[values[argument] for argument in step.arguments]))
        at = {name: sympy.Rational(str(value)) for name, value in zip(names, point, strict=True)}
        expected = [sympy.diff(values[program.outputs[0]], one, two).subs(at) for one in names for two in names]
        found = backward(backward(program)).run(point)[-p * p :]
        pairs = zip(found, expected, strict=True)
        wrong += sum(not math.isclose(a, float(b), rel_tol=1e-7, abs_tol=1e-7) for a, b in pairs)
    return wrong


def main() -> int:
    """Run all campaigns."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=2000, help="a dictionary (default 2000)")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    wrong = 0
    print("| dictionary | largest textbook / bound | mean | largest structural / amortised bound | mean | violations |")
    print("|---|---|---|---|---|---|")
    for name, ten in [*((name, False) for name in DICTIONARIES), ("full", True)]:
        weights = Weights.of(nl=10) if ten else Weights()
        tried = campaign(DICTIONARIES[name], arguments.programs, arguments.seed, weights)
        bounds = DICTIONARIES[name].bounds(weights)
        cells = [
            name + (", c_nl = 10" if ten else ""),
            f"{float(tried.textbook):.3g} / {bounds.textbook.value}",
            f"{tried.mean_textbook:.3g}",
            f"{float(tried.structural):.3g} / {bounds.amortised.value}",
            f"{tried.mean_structural:.3g}",
            str(len(tried.violations)),
        ]
        print("| " + " | ".join(cells) + " |", flush=True)
        for line in tried.violations:
            print(f"  {line}", file=sys.stderr)
        wrong += len(tried.violations)
    stream, different = Stream(arguments.seed, "decided side"), 0
    for _ in range(arguments.programs):
        program = random_program(stream, DICTIONARIES["pl"])
        found = backward(program, at=program.point).run(program.point)
        net = as_net(program, decidable=True)
        different += found[1:] != sh.gradient(net, time_limit=1).gradient[0] or found[:1] != sh.value(net)
    print(f"piecewise-linear programs whose gradient is not that of the decided side: {different}")
    second = wrong_second_derivatives(arguments.seed)
    print(f"second derivatives that are not sympy's: {'sympy is not installed' if second is None else second}")
    return 1 if wrong or different or second else 0


if __name__ == "__main__":
    sys.exit(main())
