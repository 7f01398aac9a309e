"""What ``COMMAND --help`` says below the options: the engines, the exit status, commands to try.

Loaded for a help text alone.  ``iteration.json`` of the examples is made by
``subgrad-hardness generate absolute --inputs 2 --as-iteration -o iteration.json``.
"""

from __future__ import annotations

import textwrap

#: What every command may end with, beside what ``ENDS`` says.
_ALWAYS = "2 bad input or usage, 70 internal error, 74 output could not be written, 130 interrupted"
_LIMIT = "3 a limit was hit"
_PROVED = "0 answered, 3 unknown, 4 answered, but without a certificate that was asked for"

#: Command -> its own exit statuses.
ENDS = {
    "check": f"{_PROVED}; with --exit-code 10 distinct, 20 unique",
    "verify": f"0 verified, 1 rejected, {_LIMIT}",
    "gradient": "0 answered",
    "sample": "0 answered, 3 a limit was hit before anything was found",
    "subdifferential": _PROVED,
    "contains": f"{_PROVED}; with --exit-code 10 in the set, 20 not",
    "audit": f"{_PROVED}; with --exit-code 10 a Clarke subgradient, 20 not",
    "census": "0 answered, 3 a verdict is not known; with --exit-code 10 all Clarke subgradients, 20 one is not",
    "support": _PROVED,
    "shortest": _PROVED,
    "stationary": f"{_PROVED}; with --exit-code 10 stationary, 20 not",
    "regular": _PROVED,
    "lipschitz": _PROVED,
    "affine": f"{_PROVED}; with --exit-code 20 affine, 10 not",
    "cube": _PROVED,
    "equal": f"{_PROVED}; with --exit-code 20 equal, 10 not",
    "kink": f"{_PROVED}; with --exit-code 10 a kink, 20 none; with --verify as verify",
    "piggyback": f"{_PROVED}; with --verify as verify",
    "path": "0 answered, 3 part of the path is not known",
    "jsr": f"{_PROVED}; with --exit-code 10 unbounded, 20 bounded; with --verify as verify",
    "cells": f"0 these are all, {_LIMIT}",
    "info": f"0 answered, {_LIMIT}",
    "convert": "0 written",
    "encode": f"0 written, {_LIMIT}: nothing was written",
    "decode": "0 distinct, replayed exactly; 3 unknown, whatever the solver claims",
    "generate": "0 written",
    "obfuscate": "0 written",
    "cost": f"0 answered, 1 a bound was broken, {_LIMIT}",
    "doctor": "0 all that is needed is here and works, 70 something is not",
    "completion": "0 written",
    "plot": f"0 drawn, {_LIMIT}",
}

#: Command -> commands to try, in a clone or with nets of one's own.
EXAMPLES = {
    "check": (
        "check instances/abs.json",
        "check instances/wedge.json --point 1/3,1/3 --json",
        "check instances/relu.json instances/ridge.json --output lines.jsonl --certificates certificates",
    ),
    "verify": (
        "verify instances/abs.json abs.cert",
        "verify --batch lines.jsonl",
        "verify instances/relu.json instances/ridge.json --certificates certificates",
    ),
    "gradient": (
        "gradient instances/wedge.json --direction 1,0",
        "gradient instances/abs.json --relu-at-zero 1/2",
    ),
    "sample": ("sample instances/sorting.json --samples 100", "sample instances/abs.json --method ball --radius 1/100"),
    "subdifferential": (
        "subdifferential instances/sum-of-abs.json --clarke --volume",
        "subdifferential instances/abs.json --certificate all.cert",
    ),
    "contains": (
        "contains instances/backprop-outside.json -1",
        "contains instances/sum-of-abs.json 1/2,0 --set clarke --near",
    ),
    "audit": ("audit instances/backprop-outside.json --gradient -1.0 --framework torch",),
    "census": ("census instances/abs.json --data points.json",),
    "support": ("support instances/wedge.json 1,-1",),
    "shortest": ("shortest instances/sum-of-abs.json",),
    "stationary": ("stationary instances/wedge.json", "stationary instances/wedge.json --constraints '1,0;0,1'"),
    "regular": ("regular instances/max.json",),
    "lipschitz": ("lipschitz instances/sum-of-abs.json",),
    "affine": ("affine instances/wedge.json --box 1,2",),
    "cube": ("cube instances/wedge.json --point 3,1",),
    "equal": ("equal instances/abs.json instances/relu.json --box 0,9", "equal instances/abs.json abs.json --at 0"),
    "kink": ("kink iteration.json --theta 0,0",),
    "piggyback": (
        "piggyback iteration.json --theta 1,0 --steps 5",
        "piggyback iteration.json --theta 0,0 --set clarke",
    ),
    "path": ("path iteration.json --theta -1,2 --to 2,-1 --csv kinks.csv",),
    "jsr": ("jsr iteration.json --theta 0,0",),
    "cells": ("cells instances/sum-of-abs.json",),
    "info": ("info instances/sorting.json",),
    "convert": (
        "convert instances/wedge.json --to text",
        "convert instances/abs.json --to graph -o abs.json",
    ),
    "encode": (
        "encode instances/abs.json --to smtlib -o abs.smt2",
        "encode instances/abs.json instances/max.json --to vnnlib -o properties",
    ),
    "decode": ("decode instances/abs.json answer.txt --from smtlib",),
    "generate": (
        "generate list",
        "generate 3sat --variables 20 --ratio 4.26 --seed 1 -o net.json",
        "generate 3sat --variables 20 --ratio 4.26 --seeds 1-100 -o nets",
    ),
    "obfuscate": (
        "obfuscate instances/abs.json --steps rescale,split --seed 1 -o other.json",
        "obfuscate list",
    ),
    "cost": ("cost instances/sorting.json --methods backward,forward", "cost --bounds relu"),
    "doctor": ("doctor --json",),
    "completion": ("completion bash", "completion fish"),
    "plot": ("plot fan instances/wedge.json -o fan.png", "plot cost -o cost.svg"),
}

#: The same of sub-commands; a family of ``generate`` has its own.
NESTED = {
    "plot fan": (
        "plot fan instances/wedge.json -o fan.png",
        "plot fan instances/abs.json --point 1/2 -o fan.svg",
    ),
    "plot clarke": (
        "plot clarke instances/sum-of-abs.json -o clarke.png",
        "plot clarke instances/sum-of-abs.json --onto 1,0 -o shadow.png",
    ),
    "plot transition": (
        "plot transition --variables 10,20 --ratios 3:6:0.5 --seeds 5 --data runs.json -o transition.png",
        "plot transition --from docs/pictures/transition.json -o transition.png",
    ),
    "plot scaling": (
        "plot scaling --solvers auto,cells -o scaling.png",
        "plot scaling maxcut --vary vertices=4,5,6 --set offset=1 --seeds 2 -o scaling.png",
    ),
    "plot cost": ("plot cost --sizes 2,4,8,16 -o cost.png",),
    "plot piggyback": ("plot piggyback iteration.json --theta 1,0 --steps 60 -o piggyback.png",),
    "generate list": ("generate list",),
}


def below(command: str, program: str) -> str:
    """What stands below the options of a command or a sub-command, lines of at most 78 characters but for examples."""
    parts, outer = [], command.split(maxsplit=1)[0]
    if command == "check":
        parts += ["engines (--solver):", *_engines(), ""]
    parts.append("exit status:")
    parts += textwrap.wrap(f"{ENDS[outer]}; {_ALWAYS}", 76, initial_indent="  ", subsequent_indent="  ")
    parts += ["", "examples:", *[f"  {program} {line}" for line in examples(command)]]
    return "\n".join(parts) + "\n"


def examples(command: str) -> tuple[str, ...]:
    """Commands to try of a command or a sub-command."""
    outer, _, inner = command.partition(" ")
    found = NESTED.get(command) if inner else EXAMPLES[outer]
    return _of_family(inner) if found is None else found


def _of_family(name: str) -> tuple[str, ...]:
    from subgrad_hardness.family.registry import find

    family = find(name)
    begin = " ".join(filter(None, ("generate", family.name, family.example)))
    lines = [f"{begin} -o net.json"]
    for seed in family.parameters:
        if seed.name == "seed":
            drawn = f" --{seed.only_with}" if seed.only_with else ""
            lines.append(f"{begin}{drawn} --seeds 1-100 -o nets")
    return tuple(lines)


def _engines() -> list[str]:
    from subgrad_hardness.engine.registry import ENGINES

    shown = {"auto": "what is likely to answer, the cheap engines first (default)"}
    for name, engine in ENGINES.items():
        worth = "exact" if engine.exact else "finds witnesses only"
        shown[name] = f"{engine.summary} ({worth}{', with proofs' if engine.proves else ''})"
    lines = []
    for name, text in shown.items():
        wrapped = textwrap.wrap(text, 62)
        lines += [f"  {name:<12} {wrapped[0]}", *[" " * 15 + line for line in wrapped[1:]]]
    return lines
