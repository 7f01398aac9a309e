"""Each recipe of CONTRIBUTING.md is tried: the change is really made, and the tests that it names really see it."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from recipes import PAGE, Block, Copy, changed, recipe

import subgrad_hardness as sh

RECIPES = ("engine", "family", "reduction", "encoder", "proof rule")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path / "repository")


def title(what: str) -> str:
    return f"Add {'an' if what[0] in 'aeiou' else 'a'} {what}"


@pytest.mark.parametrize("what", [*RECIPES, "operation"])
def test_every_recipe_is_there_and_is_reached_from_the_top(what: str) -> None:
    heading = title(what)
    assert f"\n## {heading}\n" in PAGE
    assert f"(#{heading.lower().replace(' ', '-')})" in PAGE


def test_an_engine(copy: Copy) -> None:
    copy.apply(recipe("Add an engine"))
    ran = copy.tests("engine/test_engines.py", only="axes or floors")
    assert not ran.failed, ran.said
    assert "test_engines.py::test_engine[axes]" in ran.passed
    net = copy.folder / "instances" / "abs.json"
    done = copy.run("-m", "subgrad_hardness", "check", net, "--solver", "axes", "--json")
    report = json.loads(done.stdout)
    assert (report["verdict"], report["solver"], report["certified"]) == ("distinct", "axes", True)


def test_a_family(copy: Copy, tmp_path: Path) -> None:
    source, entry, small, benchmark = recipe("Add a family")
    copy.apply([source, entry])
    only = "crosspolytope or command_line_takes_every or declared or list_shows or is_varied"
    ran = copy.tests("family", "scripts/test_benchmark_set.py", only=only)
    assert "test_family_pictures.py::test_every_family_has_a_line_and_a_picture[crosspolytope]" in ran.passed
    assert ran.failed == {
        "test_families_more.py::test_the_command_line_takes_every_family",
        "test_benchmark_set.py::test_it_is_varied",
    }, ran.said
    copy.apply([small, benchmark])
    ran = copy.tests("family/test_families_more.py", only="crosspolytope or command_line_takes_every")
    assert not ran.failed, ran.said
    assert sum("oracle" in name and "crosspolytope" in name for name in ran.passed) == 2
    sets = json.loads((copy.folder / benchmark.file).read_text(encoding="utf-8"))["sets"]
    (tmp_path / "set.json").write_text(json.dumps({"sets": sets[:1]}), encoding="utf-8")
    script = ("scripts/data/make_benchmark_set.py", "--from", tmp_path / "set.json", "--folder", tmp_path / "set")
    assert copy.run(*script).returncode == copy.run(*script, "--decide").returncode == 0
    assert len(list(tmp_path.glob("set/crosspolytope-*.json"))) == 4
    done = copy.run("-m", "subgrad_hardness", "generate", "crosspolytope", "--inputs", "2", "--cancelled")
    assert sh.check(json.loads(done.stdout)).verdict == "unique"


def test_a_reduction(copy: Copy) -> None:
    copy.apply(recipe("Add a reduction"))
    ran = copy.tests("reduction", only="splitting")
    assert not ran.failed, ran.said
    assert "test_set_splitting.py::test_small_problems_both_ways" in ran.passed


def test_an_encoder(copy: Copy, tmp_path: Path) -> None:
    copy.apply(recipe("Add an encoder"))
    ran = copy.tests("encoders", only="wolfram")
    assert not ran.failed, ran.said
    assert sum("wolfram" in name for name in ran.passed) >= 7
    net, answer = copy.folder / "instances" / "abs.json", tmp_path / "answer.txt"
    assert "FindInstance[{" in copy.run("-m", "subgrad_hardness", "encode", net, "--to", "wolfram").stdout
    verdicts = []
    for text in ("{{d0 -> -3/2, a0 -> 0, a1 -> 3/2}}", "{{d0 -> 3/2}}", "{}"):
        answer.write_text(text, encoding="utf-8")
        done = copy.run("-m", "subgrad_hardness", "decode", net, answer, "--from", "wolfram", "--json")
        verdicts.append(json.loads(done.stdout)["verdict"])
    assert sorted(verdicts) == ["distinct", "unknown", "unknown"]  # g is right on one side


#: Kink 4 of relu(-|x| - |y|) has the sign -1, by two generators of each atom.
PEAK: dict[str, Any] = {
    "inputs": ["x", "y"],
    "nodes": [
        {"id": "a", "op": "abs", "args": ["x"]},
        {"id": "b", "op": "abs", "args": ["y"]},
        {"id": "c", "op": "affine", "args": ["a", "b"], "coefficients": [-1, -1]},
        {"id": "f", "op": "relu", "args": ["c"]},
    ],
    "outputs": ["f"],
}


def test_a_proof_rule(copy: Copy) -> None:
    """The new step is accepted where it is right and only there; of the corpus only what the page says moves."""
    copy.apply(recipe("Add a proof rule"))
    certificate = sh.check(PEAK).certificate
    assert certificate is not None
    claim = certificate.to_json()
    (step,) = claim["signs"]
    assert step["generators"] == [0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1]

    def verified(generators: list[int]) -> int:
        (copy.folder / "net.json").write_text(json.dumps(PEAK), encoding="utf-8")
        changed = {**claim, "signs": [{**step, "generators": generators}]}
        (copy.folder / "claim.json").write_text(json.dumps(changed), encoding="utf-8")
        return copy.run("-m", "subgrad_hardness", "verify", "net.json", "claim.json").returncode

    assert verified(step["generators"]) == 0
    assert verified([0, 4, 1, 1, 4, 1]) == 0
    assert verified([0, 4, 1, 1, 4, 2]) == 1
    assert verified([0, 4, 1]) == 1
    assert verified([0, 5, 1, 1, 4, 1]) == 2
    ran = copy.tests("certificate/test_corpus.py", "docs/test_architecture.py", only="test_first or trusted")
    moved = ("unique-generator-kind-four", "unique-generator-kind-negative", "sign-generator-kind")
    assert ran.failed == {f"test_corpus.py::test_first_cannot_read[{name}]" for name in moved}, ran.said
    assert len(ran.passed) > 800


def test_after_all_of_them_imports_still_run_one_way(copy: Copy) -> None:
    copy.apply([block for what in RECIPES for block in recipe(title(what))])
    ran = copy.tests("docs/test_architecture.py", only="stands_in_a_room or one_way or no_circles")
    assert not ran.failed, ran.said
    assert len(ran.passed) == 3


def test_what_the_page_shows_is_in_the_house_style(copy: Copy) -> None:
    if importlib.util.find_spec("ruff") is None:
        pytest.skip("ruff is not installed (the extra lint)")
    shown = [block for what in RECIPES for block in recipe(title(what))]
    copy.apply(shown)
    files = sorted({block.file for block in shown if block.file.endswith(".py")})
    for words in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *words, *files]
        done = subprocess.run(command, cwd=copy.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_changes_are_made_where_they_fit_and_only_there() -> None:
    block = Block("diff", "file", " two\n+new\n@@\n-three\n+third\n")
    assert changed("one\ntwo\nthree\n", block) == "one\ntwo\nnew\nthird\n"
    for text in ("one\nthree\n", "two\ntwo\nthree\n", "two \nthree\n", "one two\nthree\n"):
        with pytest.raises(AssertionError, match="does not have once"):
            changed(text, block)
    for what in RECIPES:
        for found in recipe(title(what)):
            assert found.language in ("python", "diff")
            if found.language == "python":
                assert ast.get_docstring(ast.parse(found.text))
