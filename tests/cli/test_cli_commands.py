"""The other commands, help and version, and what importing the package loads."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from support.cli_runner import ABS, UNIQUE, WEDGE, Command, in_process
from support.paths import INSTANCES

import subgrad_hardness
from subgrad_hardness.cli.main import COMMANDS


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


OPTIONS = {
    "check": "--point --solver --time-limit --memory-limit --seed --certificate --no-cross-check --json --exit-code",
    "verify": "FILE --point --other --time-limit --memory-limit --certificates --batch --json",
    "gradient": "--point --relu-at-zero --at --direction --time-limit --json",
    "sample": "--point --method --samples --radius --seed --time-limit --json",
    "cells": "--point --time-limit --json",
    "subdifferential": "--count --clarke --facets --volume --limit --time-limit --npz --certificate --json",
    "info": "--point --json",
    "doctor": "--json",
    "completion": "SHELL bash zsh",
    "cost": "PROGRAM --point --unit --wrt --batch --methods --worst --csv --plot --bounds --forward-limit --random "
    "--json",
    "convert": "--point --input --to --cut --output",
    "encode": "NET --point --to --normal-form --output",
    "decode": "--point --from --normal-form --certificate --json",
    "obfuscate": "--point --steps --seed --output unimodular rescale identity split move linear deepen",
    "plot fan": "NET --point --time-limit --output",
    "plot clarke": "NET --point --onto --time-limit --output",
    "plot transition": "--variables --ratios --seeds --solver --set --time-limit --data --from --output",
    "plot scaling": "FAMILY --vary --set --solvers --seeds --time-limit --data --from --output",
    "plot cost": "--sizes --vertices --values --time-limit --output",
    "plot piggyback": "NET --theta --fixed-point --steps --time-limit --output",
    "plot": "PICTURE fan clarke transition scaling cost piggyback",
    "generate 3sat": "--variables --ratio --seed --form --layered --planted --from-dimacs --as-iteration --output --k",
    "generate ksat": "--k",
    "generate": "FAMILY 3sat list",
    "contains": "VECTOR --point --input --set --near --exit-code --time-limit --certificates --no-certify --json",
    "audit": "--gradient --point --input --framework --mode --precision --exit-code --time-limit --seed "
    "--certificates --json",
    "census": "--data --rows --gradients --framework --precision --look-at --jobs --dask --resume --time-limit --csv "
    "--plot --exit-code --json",
    "support": "DIRECTION --point --input --weights --time-limit --seed --certificate --no-certify --json",
    "shortest": "--point --input --set --time-limit --memory-limit --seed --certificate --no-certify --json",
    "stationary": "--point --constraints --notion --exit-code --time-limit --seed --certificates --json",
    "affine": "--box --constraints --exit-code --time-limit --certificate --no-certify --json",
    "cube": "--point --input --time-limit --memory-limit --certificates --no-certify --json",
    "equal": "NET OTHER --box --constraints --at --exit-code --time-limit --certificate --json",
    "kink": "--theta --fixed-point --exit-code --verify --seed --time-limit --certificate --no-certify --json",
    "piggyback": "--theta --steps --mode --start --relu-at-zero --at --set --contains --support --singular "
    "--verify --certificate --json",
    "regular": "--point --time-limit --memory-limit --seed --certificate --no-certify --json",
    "path": "NET --theta --fixed-point --to --csv --time-limit --memory-limit --json",
    "lipschitz": "--point --time-limit --memory-limit --seed --certificates --no-certify --json",
    "jsr": "--theta --fixed-point --jacobian --length --exit-code --verify --time-limit --certificate --json",
}


@pytest.mark.parametrize("command", [*OPTIONS, "generate list"])
def test_help(run: Command, command: str) -> None:
    ran = run(*command.split(), "--help")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: subgrad-hardness {command.replace('3sat', 'ksat')}")
    for word in OPTIONS.get(command, "-h").split():
        assert word in ran.out


def test_general_help(run: Command) -> None:
    ran = run("--help")
    assert (ran.status, ran.err) == (0, "")
    assert {command.split()[0] for command in OPTIONS} == set(COMMANDS)
    for command in COMMANDS:
        assert re.search(rf"^    {command}\b", ran.out, re.MULTILINE)


def test_version(run: Command) -> None:
    ran = run("--version")
    assert (ran.status, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == f"subgrad_hardness {subgrad_hardness.__version__}"
    assert [line.split()[0] for line in lines[1:]] == ["python-sat", "ortools", "python-flint", "numpy", "networkx"]
    assert all(re.match(r"\S+ \d+\.", line) for line in lines)


def test_gradient(run: Command) -> None:
    ran = run("gradient", INSTANCES / "backprop-zero.json")
    assert (ran.status, ran.err) == (0, "")
    assert "backpropagation of the program (relu'(0) = 0): (0)" in ran.out
    assert "a true Clarke subgradient (lexicographic derivative): (1)" in ran.out
    report = run("gradient", ABS, "--json", "--relu-at-zero", "1/2").json
    assert report["gradient"] == [["0"]]
    assert report["singleton"] is False
    assert report["kinks"] == ["layers[0][0][0]", "layers[0][0][1]"]
    report = run("gradient", WEDGE, "--json", "--at", "f=1", "--direction", "-1,0", "--point", "-1,0").json
    assert report["subgradient"] == [["0", "0"]]
    assert report["derivatives"] == [{"direction": ["-1", "0"], "derivative": ["0"]}]
    assert set(report) == {
        "derivatives",
        "value",
        "gradient",
        "kinks",
        "singleton",
        "other",
        "other_kinks",
        "subgradient",
        "directions",
        "statement",
        "version",
    }


def test_sample(run: Command) -> None:
    ran = run("sample", ABS, "--samples", "20", "--method", "exact")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("2 distinct lexicographic subgradients found in 20 samples (exact)")
    report = run("sample", ABS, "--samples", "20", "--json", "--seed", "3").json
    assert {member["jacobian"][0][0] for member in report["members"]} == {"1", "-1"}


def test_info(run: Command) -> None:
    ran = run("info", UNIQUE)
    assert (ran.status, ran.err) == (0, "")
    facts = dict(re.split(r" {2,}|(?<=nearest kink) ", line, maxsplit=1) for line in ran.out.splitlines())
    assert facts["form"] == "graph"
    assert facts["kinks"].startswith("9, of which 9 can matter")
    assert re.fullmatch("[0-9a-f]{64}", facts["digest"])
    report = run("info", ABS, "--json", "--point", "-1/2").json
    assert report["point"] == ["-1/2"]
    assert report["value"] == ["1/2"]
    assert report["nearest_kink"] == {"distance": "1/2", "node": "layers[0][0]"}
    assert run("info", UNIQUE, "--json").json["kinks"] == 9


def test_info_says_how_hard_the_question_is(run: Command, tmp_path: Path) -> None:
    def layers(*activations: str, point: int = 0) -> str:
        net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": name} for name in activations], "point": [point]}
        file = tmp_path / "net.json"
        file.write_text(json.dumps(net), encoding="utf-8")
        return next(line for line in run("info", file).out.splitlines() if line.startswith("question"))

    assert layers("relu", point=1).endswith("no kinks matter: differentiable at the point")
    assert layers("relu").endswith("one hidden layer of kinks: decided in polynomial time")
    assert layers("relu", "identity", "abs").endswith("2 kinks behind one another: NP-hard in general from two on")
    # The gains from the first kink to the last one add up to zero, along two ways.
    cancels = {
        "inputs": ["x"],
        "nodes": [
            {"id": "h", "op": "relu", "args": ["x"]},
            {"id": "a", "op": "affine", "args": ["h"], "coefficients": [2]},
            {"id": "b", "op": "affine", "args": ["a", "h", "x"], "coefficients": [1, -2, 1]},
            {"id": "f", "op": "relu", "args": ["b"]},
        ],
        "outputs": ["f", "h"],
    }
    assert subgrad_hardness.info(cancels).kink_layers == 1


def test_convert(run: Command, tmp_path: Path) -> None:
    graph, layers = tmp_path / "graph.json", tmp_path / "layers.json"
    ran = run("convert", ABS, "--to", "graph", "-o", graph)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert run("convert", graph, "--to", "layers", "--output", layers).status == 0
    assert run("convert", ABS).out == layers.read_text() == run("convert", layers, "-o", "-").out
    assert json.loads(run("convert", ABS, "--point", "-1/2").out)["point"] == ["-1/2"]
    assert run("convert", graph, "--to", "graph", "-o", graph).status == 0  # onto itself
    text, again = str(tmp_path / "abs.net"), str(tmp_path / "again.json")
    assert run("convert", ABS, "--to", "text", "-o", text).status == 0
    assert run("convert", text).out == Path(text).read_text(encoding="utf-8")  # its own layout is text
    assert run("convert", text, "--to", "json", "-o", again).status == 0
    assert Path(again).read_text(encoding="utf-8") == Path(graph).read_text(encoding="utf-8")
    assert run("convert", text, "--to", "layers").out == run("convert", ABS).out
    assert run("convert", ABS, "--to", "json").out == run("convert", ABS).out
    assert run("check", text).out.startswith("DISTINCT")
    assert run("check", graph, "--exit-code").status == 10


def test_generate(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "net.json"
    arguments = ["--variables", "4", "--ratio", "2", "--seed", "7"]
    ran = run("generate", "3sat", *arguments, "-o", file)
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert run("generate", "ksat", "--k", "3", *arguments).out == file.read_text()
    assert json.loads(file.read_text())["provenance"]["seed"] == 7
    assert run("check", file).status == 0
    formula = tmp_path / "formula.cnf"
    formula.write_text("p cnf 2 2\n1 2 0\n-1 0\n")
    assert run("generate", "3sat", "--from-dimacs", formula, "--form", "layers3", "-o", file).status == 0
    assert run("check", file, "--exit-code").status == 10
    assert run("generate", "list").out.startswith("ksat, 3sat: ")


def test_the_examples_of_the_document(run: Command, tmp_path: Path) -> None:
    page = (INSTANCES.parent / "docs" / "net-format.md").read_text(encoding="utf-8")
    file = tmp_path / "net.json"
    examples = re.findall(r"```json\n(.*?)```.*?```\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 2
    for net, report in examples:
        file.write_text(net)
        ran = run("check", file)
        assert ran.out.splitlines()[:-1] == report.splitlines()[:-1]
        assert run("info", file).status == 0


def commands() -> list[list[str]]:
    """``python -m`` and, where it is installed, the console script."""
    script = shutil.which("subgrad-hardness") or shutil.which("subgrad-hardness", path=str(Path(sys.executable).parent))
    return [[sys.executable, "-m", "subgrad_hardness"], *([[script]] if script else [])]


@pytest.mark.parametrize("command", commands(), ids=lambda command: Path(command[-1]).name)
def test_from_another_folder(command: list[str], tmp_path: Path) -> None:
    for arguments, status in ([["check", ABS, "--exit-code"], 10], [["--version"], 0], [["check", "abs.json"], 2]):
        assert isinstance(arguments, list)
        done = subprocess.run([*command, *arguments], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == status
        assert bool(done.stdout) == (status != 2)
        assert bool(done.stderr) == (status == 2)


HEAVY = ("numpy", "pysat", "ortools", "networkx", "flint")
#: Ends with status 0 if nothing heavy was loaded; says what, if it was.
TELL = f"; import sys; sys.exit(' '.join(name for name in {HEAVY} if name in sys.modules) or 0)"


@pytest.mark.parametrize(
    "code",
    [
        "import subgrad_hardness",
        "from subgrad_hardness import *",
        f"from subgrad_hardness.cli.main import main; main(['check', {ABS!r}])",
        f"from subgrad_hardness.cli.main import main; main(['check', {WEDGE!r}, '--json'])",
        f"from subgrad_hardness.cli.main import main; main(['info', {ABS!r}])",
        "from subgrad_hardness.cli.main import main; main(['check', '--help'])",
        "import subgrad_hardness.certificate.verifier, subgrad_hardness.net.reading",
    ],
)
def test_little_is_loaded(code: str) -> None:
    done = subprocess.run([sys.executable, "-c", code + TELL], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_public_names() -> None:
    for _ in range(2):
        for name in subgrad_hardness.__all__:
            public = getattr(subgrad_hardness, name)
            assert callable(public)
            assert not isinstance(public, ModuleType)
            assert public.__doc__
    assert set(subgrad_hardness.__all__) <= set(dir(subgrad_hardness))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        subgrad_hardness.nothing  # noqa: B018


def test_no_submodule_bears_a_public_name() -> None:
    root = Path(subgrad_hardness.__file__).parent
    modules = {path.stem for path in root.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert not modules & set(subgrad_hardness.__all__)
