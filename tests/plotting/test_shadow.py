"""Pictures of Clarke subdifferentials: what is drawn is exact."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from support.cli_runner import ABS, WEDGE, Command, in_process
from support.fixture_nets import FIXTURES, fixture

import subgrad_hardness as sh
from subgrad_hardness.common.limits import NO_LIMITS
from subgrad_hardness.plotting.shadow import shadow_of


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


#: Name -> what backpropagation returns for relu'(0) = 0, 1/2, 1.
STANDINGS = {
    "corner pixel": ["no Clarke subgradient", "Clarke", "no Clarke subgradient"],
    "top2 of 4": ["no Clarke subgradient", "Clarke", "no Clarke subgradient"],
    "median3": ["lexicographic", "Clarke", "lexicographic"],
    "four spikes (0 inside)": ["lexicographic"] * 3,
    "vector (relu x, relu -x)": ["no Clarke subgradient", "Clarke", "no Clarke subgradient"],
}


@pytest.mark.parametrize("name", STANDINGS)
def test_marks_say_what_they_are(name: str) -> None:
    assert [mark.standing for mark in shadow_of(fixture(name), None, NO_LIMITS).marks] == STANDINGS[name]


def test_a_mark_is_judged_in_all_coordinates() -> None:
    """Projected, the result (2, 0, 0, 0) of backpropagation is (0, 0), inside; as a whole it is outside."""
    shadow = shadow_of(fixture("top2 of 4"), (1, 2), NO_LIMITS)
    assert not any(shadow.marks[0].place) and shadow.body.contains((0, 0))
    assert shadow.marks[0].standing == "no Clarke subgradient"


def test_faces_go_around() -> None:
    """Each edge of a solid's faces is in two of them, and consecutive corners share a face's border."""
    for name, faces in (("l1 3", 6), ("permutahedron 4", 14), ("top2 of 4", 8)):
        shadow = shadow_of(fixture(name), None, NO_LIMITS)
        assert len(shadow.faces) == faces
        edges: dict[frozenset[tuple[Fraction, ...]], int] = {}
        for face in shadow.faces:
            for start, end in zip(face, (*face[1:], face[0]), strict=True):
                edge = frozenset((start, end))
                edges[edge] = edges.get(edge, 0) + 1
        assert set(edges.values()) == {2}
        assert len(shadow.body.vertices) - len(edges) + len(shadow.faces) == 2  # Euler


def test_pictures_of_every_kind(run: Command, tmp_path: Path) -> None:
    linear = {"inputs": 3, "layers": [{"weight": [[1, 2, 3]]}]}
    nets = [FIXTURES[name] for name in ("permutahedron 4", "median3", "vector (|x|,|x|) ")]
    for number, net in enumerate((*nets, linear)):
        file = tmp_path / f"{number}.png"
        sh.plot_clarke(net, file)
        assert file.read_bytes().startswith(b"\x89PNG")
    file = tmp_path / "a.svg"
    ran = run("plot", "clarke", WEDGE, "-o", file)
    assert ran.status == 0 and "vertices" in ran.out
    text = file.read_text("utf-8")
    run("plot", "clarke", WEDGE, "-o", file)
    assert file.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((ABS,), "one input and one output"),
        ((WEDGE, "--onto", "0,0"), "two or three different coordinates"),
        ((WEDGE, "--onto", "0,9"), "no coordinate 9"),
        ((WEDGE, "--onto", "0,x"), "is not an integer"),
    ],
)
def test_what_cannot_be_drawn_is_one_line(
    run: Command, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    file = tmp_path / "a.png"
    ran = run("plot", "clarke", *arguments, "-o", file)
    assert ran.status == 2 and message in ran.error and not file.exists()


def test_time_ends(run: Command, tmp_path: Path) -> None:
    ran = run("plot", "clarke", WEDGE, "--time-limit", "0", "-o", tmp_path / "a.png")
    assert ran.status == 3 and "nothing was drawn" in ran.out
