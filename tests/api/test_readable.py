"""Answers for people: the command's text from Python, doubles, views for notebooks."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest
from support.cli_runner import ABS, WEDGE, in_process
from support.paths import INSTANCES

import subgrad_hardness as sh
from subgrad_hardness.api.readable import Readable
from subgrad_hardness.net.rational import format_rational

#: A name that would be markup, and a line break, if it were not written as text.
NASTY = "<script>alert(1)</script>\n&"
FOLD = {"inputs": ["x"], "nodes": [{"id": NASTY, "op": "abs", "args": ["x"]}], "outputs": [NASTY], "name": NASTY}
HALF = {"inputs": ["x", "t"], "version": 2, "iteration": {"state": ["x"]}}
HALF["nodes"] = [{"id": "f", "op": "affine", "args": ["x", "t"], "coefficients": ["1/2", 1]}]
HALF["outputs"] = ["f"]

ANSWERS: dict[str, Callable[[], Any]] = {
    "check": lambda: sh.check(FOLD),
    "gradient": lambda: sh.gradient(FOLD, relu_at_zero={NASTY: "1/3"}, directions=[[1]]),
    "info": lambda: sh.info(FOLD),
    "contains": lambda: sh.contains(FOLD, ["1/3"], near=True),
    "subdifferential": lambda: sh.subdifferential(FOLD).report(facets=True, volume=True),
    "session": lambda: sh.subdifferential(FOLD),
    "lasso": lambda: sh.lasso_solution([[1, 0], [0, 1]], [3, "1/3"], 1),
    "lasso path": lambda: sh.lasso_path([[1, 0], [0, 1]], [3, "1/3"], "1/4"),
    "total variation path": lambda: sh.total_variation_path([3, "1/3", 2]),
    "graphical lasso": lambda: sh.graphical_lasso_solution([[2, 1], [1, 3]], "1/2"),
    "path of a limit": lambda: sh.solution_path(HALF, [0], [2]),
    "lipschitz": lambda: sh.lipschitz(FOLD),
    "doctor": sh.doctor,
    "fixed point": lambda: sh.fixed_point(HALF),
    "fixed point between bounds": lambda: sh.fixed_point_box(
        sh.iterations.ridge([[2, 1], [1, 3]], [1, 1], "1/3", "1/4")
    ),
    "iteration": lambda: sh.load_iteration(HALF),
    "net": lambda: sh.load(FOLD),
    "polytope": lambda: sh.subdifferential(FOLD).polytope(),
    "family": lambda: sh.families()[0],
    "algorithm": lambda: sh.iterations.lasso([[1, 0], [0, 1]], [3, "1/3"], 1, "1/2"),
    "layers": lambda: sh.Program.from_layers([[["1/3"]], [[1]]]),
    "batch": lambda: next(sh.check_many([FOLD])),
}


class Balanced(HTMLParser):
    """Every tag is closed in its order; texts are kept."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= {"style"}  # nothing is loaded, nothing runs
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_public_answer_is_readable() -> None:
    ends = ("Result", "Solution", "Path", "Report", "NetInfo", "FixedPoint", "FixedPointBox", "Subdifferential")
    answers = [getattr(sh, name) for name in sh.__all__ if name.endswith(ends) and isinstance(getattr(sh, name), type)]
    assert len(answers) > 30
    for answer in answers:
        assert issubclass(answer, Readable), answer
        assert any("lines" in vars(base) for base in answer.__mro__ if base is not Readable), answer


@pytest.mark.parametrize(
    ("call", "command"),
    [
        (lambda: sh.info(WEDGE), ["info", WEDGE]),
        (lambda: sh.gradient(ABS, directions=[[1]]), ["gradient", ABS, "--direction", "1"]),
        (lambda: sh.gradient(ABS, relu_at_zero="1/3"), ["gradient", ABS, "--relu-at-zero", "1/3"]),
        (lambda: sh.subdifferential(WEDGE).report(volume=True), ["subdifferential", WEDGE, "--volume"]),
        (lambda: sh.contains(ABS, [2], which="clarke"), ["contains", ABS, "2", "--set", "clarke"]),
        (lambda: sh.stationary(ABS, constraints=[[1]]), ["stationary", ABS, "--constraints", "1"]),
        (lambda: sh.cost(WEDGE), ["cost", WEDGE]),
        (lambda: sh.equal(ABS, ABS, at=[0]), ["equal", ABS, ABS, "--at", "0"]),
    ],
    ids=lambda each: each[0] if isinstance(each, list) else "",
)
def test_the_text_is_the_commands(
    call: Callable[[], Any], command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert in_process(capsys)(*command).out == call().explain() + "\n"


@pytest.mark.parametrize("name", ANSWERS)
def test_views_for_notebooks(name: str) -> None:
    answer = ANSWERS[name]()
    html = answer._repr_html_()
    seen = Balanced(html)
    assert "script" not in seen.tags
    assert "://" not in html
    if isinstance(answer, Readable):
        shown = "".join(seen.text.split())
        assert all("".join(line.split()) in shown for line in answer.explain().split("\n"))


def test_nothing_public_shows_an_address() -> None:
    for name, make in ANSWERS.items():
        answer = make()
        assert " at 0x" not in repr(answer) + answer._repr_html_(), name
        assert repr(answer).startswith("<"), name  # no list of all fields
        assert len(repr(answer)) < 200, name


def test_columns_stay_under_one_another_in_exported_notebooks() -> None:
    for answer, space in ((sh.cost(WEDGE), "pre;"), (sh.info(WEDGE), "pre;"), (sh.check(WEDGE), "pre-wrap;")):
        html = answer._repr_html_()
        assert html.count("<pre") == html.count(f'<pre style="font-family:monospace;white-space:{space}') > 0


def test_headlines_are_no_verdicts_and_nothing_is_counted_before_it_is_listed() -> None:
    assert sh.stationary(WEDGE).lines()[0] == "Is (0, 0) stationary?"
    session = sh.subdifferential(ABS)
    assert session.lines()[0].endswith("2 kinks, are not enumerated yet")
    assert repr(session) == "<Subdifferential: not enumerated yet>"
    session.report()
    assert "2 lexicographic subgradients" in session.lines()[0]


def test_a_bound_by_the_way_is_not_shown_as_a_distance() -> None:
    asked = sh.contains(ABS, [3])
    assert asked.lines()[0] == "Is (3) a subgradient at (0)?"
    assert asked.lines()[4:] == ["for the exact distance (clarke, autodiff): near=True, or --near"]
    near = sh.contains(ABS, [3], near=True).lines()[4:]
    assert near == ["squared distance (clarke): 4, to (1)", "squared distance (autodiff): 4, to (1)"]


def test_fractions_can_be_read_and_long_ones_are_folded() -> None:
    long = Fraction(1, 3**200)
    answer = sh.gradient({"inputs": 2, "layers": [{"weight": [["-2/3", str(long)]]}]})
    html = answer._repr_html_()
    assert "&minus;<sup>2</sup>&frasl;<sub>3</sub>" in html
    assert f"</summary>{format_rational(long)}</details>" in html


def test_doubles_are_the_nearest_ones() -> None:
    weights = ["1/3", "-1e400", "1e-400", str(2**53 + 1)]
    found = sh.gradient({"inputs": 4, "layers": [{"weight": [weights]}]}).to_numpy()
    assert found["gradient"].tolist() == [[1 / 3, -math.inf, 0.0, 2.0**53]]
    assert found["gradient"].dtype == "float64"
    assert "singleton" not in found


def test_doubles_of_parts() -> None:
    report = sh.subdifferential(INSTANCES / "abs.json").report(clarke=True).to_numpy()
    assert sorted(report["clarke.vertices"].ravel()) == sorted(report["members.jacobian"].ravel()) == [-1.0, 1.0]
    norms = sh.lipschitz(ABS).to_numpy()
    assert norms["l1.attained"] == 1.0
    solution = sh.lasso_solution([[1, 0], [0, 1]], [3, "1/3"], 1).to_numpy()
    assert solution["x"].tolist() == [2.0, 0.0]


def test_what_holds_much_shows_itself_shortly() -> None:
    net = {"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}]}
    assert repr(sh.subdifferential(net).polytope()) == "<Polytope: dimension 1, 2 vertices>"
    assert re.fullmatch(
        r"<Certificate: distinct, of the net with the digest [0-9a-f]{12}\.\.\.>", repr(sh.check(net).certificate)
    )


def test_errors_of_a_users_input_are_one_line_in_notebooks() -> None:
    with pytest.raises(sh.PointError) as problem:
        sh.check(ABS, point=[1, 2, 3])
    assert problem.value._render_traceback_() == [f"PointError: {problem.value}"]
    assert all(hasattr(error, "_render_traceback_") for error in (sh.InputError, sh.OutputError, sh.LimitReached))
