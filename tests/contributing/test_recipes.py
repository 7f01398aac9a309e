"""Each recipe of CONTRIBUTING.md is tried: the change is really made, and the tests that it names really see it."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from recipes import PAGE, ROOT, Block, Copy, changed, recipe

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
    ran = copy.tests("test_engines.py", "test_architecture.py", only="axes or complete or one_way or circles")
    assert ran.status == 0, ran.said
    assert ran.outcomes["test_engines.py::test_engine[axes]"] == "PASSED"
    net = copy.folder / "instances" / "abs.json"
    done = copy.run("-m", "subgrad_hardness", "check", net, "--solver", "axes", "--json")
    report = json.loads(done.stdout)
    assert (report["verdict"], report["solver"], report["certified"]) == ("distinct", "axes", True)


def test_an_engine_that_lies_is_caught(copy: Copy) -> None:
    """The suite would see an engine that answers wrongly."""
    source, entry = recipe("Add an engine")
    copy.apply([source._replace(text=source.text.replace("question.separates(direction)", "axis == 0")), entry])
    ran = copy.tests("test_engines.py", only="axes")
    assert ran.outcomes == {"test_engines.py::test_engine[axes]": "FAILED"}, ran.said


def test_a_family(copy: Copy) -> None:
    source, entry, small, benchmark = recipe("Add a family")
    copy.copy_instances()
    copy.apply([source, entry])
    only = "crosspolytope or command_line_takes_every or declared or list_shows or is_varied or one_way"
    files = ("test_family.py", "test_family_pictures.py", "test_families_more.py", "test_architecture.py")
    ran = copy.tests(*files, "test_benchmark_set.py", only=only)
    assert {name for name, outcome in ran.outcomes.items() if outcome != "PASSED"} == {
        "test_families_more.py::test_the_command_line_takes_every_family",
        "test_benchmark_set.py::test_it_is_varied",
    }, ran.said
    assert ran.outcomes["test_family_pictures.py::test_every_family_has_a_line_and_a_picture[crosspolytope]"]
    copy.apply([small, benchmark])
    assert copy.run("scripts/data/make_benchmark_set.py").returncode == 0
    assert len(list(copy.folder.glob("instances/benchmark/crosspolytope-*.json"))) == 4
    ran = copy.tests(*files, "test_benchmark_set.py", only=f"{only} or manifest")
    assert ran.status == 0, ran.said
    assert sum("oracle" in name and "crosspolytope" in name for name in ran.outcomes) == 2
    done = copy.run("-m", "subgrad_hardness", "generate", "crosspolytope", "--inputs", "2", "--cancelled")
    assert sh.check(json.loads(done.stdout)).verdict == "unique"


def test_a_reduction(copy: Copy) -> None:
    copy.apply(recipe("Add a reduction"))
    shutil.copy(copy.path("tests/**/reductions.py"), copy.folder / "tests" / "reduction")
    ran = copy.tests("test_set_splitting.py", "test_architecture.py", only="splitting or one_way or circles or floors")
    assert ran.status == 0, ran.said
    assert ran.outcomes["test_set_splitting.py::test_small_problems_both_ways"] == "PASSED"


def test_an_encoder(copy: Copy, tmp_path: Path) -> None:
    copy.apply(recipe("Add an encoder"))
    files = ("test_encoders_nets.py", "test_encoders_command.py", "test_architecture.py")
    ran = copy.tests(*files, only="wolfram or one_way or circles")
    assert ran.status == 0, ran.said
    assert sum("wolfram" in name for name in ran.outcomes) >= 7
    net = copy.folder / "instances" / "abs.json"
    text = copy.run("-m", "subgrad_hardness", "encode", net, "--to", "wolfram").stdout
    assert "FindInstance[{" in text
    (tmp_path / "answer.txt").write_text("{{d0 -> -3/2, a0 -> 0, a1 -> 3/2}}\n", encoding="utf-8")
    done = copy.run("-m", "subgrad_hardness", "decode", net, tmp_path / "answer.txt", "--from", "wolfram", "--json")
    assert json.loads(done.stdout)["verdict"] == "distinct"


#: |x| + |y| and minus itself in other words; kink 4 of relu(-|x| - |y|) has the sign -1, by two generators of each atom.
PEAK = {
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
    """The new step is accepted where it is right and only there; the old corpus keeps its verdicts, but for what the page says."""
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
    ran = copy.tests("test_corpus.py", "test_architecture.py", only="test_first or trusted")
    moved = {name.split("[")[1] for name, outcome in ran.outcomes.items() if outcome == "FAILED"}
    assert all("generator" in name for name in moved), ran.said


def test_what_the_page_shows_is_in_the_house_style(tmp_path: Path) -> None:
    if shutil.which("ruff") is None:
        pytest.skip("ruff is not installed (the extra lint)")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "subgrad_hardness").mkdir()
    for what in RECIPES:
        for number, block in enumerate(recipe(title(what))):
            if block.language == "python":
                (tmp_path / f"{what.replace(' ', '_')}_{number}.py").write_text(block.text, encoding="utf-8")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(["ruff", *command, str(tmp_path)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_changes_are_made_where_they_fit_and_only_there() -> None:
    block = Block("diff", "file", " two\n+new\n@@\n-three\n+third\n")
    assert changed("one\ntwo\nthree\n", block) == "one\ntwo\nnew\nthird\n"
    for text in ("one\nthree\n", "two\ntwo\nthree\n", "two \nthree\n"):
        with pytest.raises(AssertionError, match="does not have once"):
            changed(text, block)
    for what in RECIPES:
        for found in recipe(title(what)):
            assert found.language in ("python", "diff")
            if found.language == "python":
                assert ast.get_docstring(ast.parse(found.text))
