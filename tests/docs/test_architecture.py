"""The house stands as docs/architecture.md says: imports run one way, nothing lies about, files are small."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest
from arrows import Package, beyond, circles, floors, misplaced, read, unread, upward
from support.paths import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FLOORS = floors(PAGE)

#: The most lines of a file, and what the median file stays below.
MOST_LINES, MEDIAN_LINES = 320, 110


@pytest.fixture(scope="module")
def the_house() -> Package:
    """Read where a test asks for it: two seconds that collecting the tests does not need."""
    return read(ROOT / "subgrad_hardness")


def test_every_module_stands_in_a_room_of_the_list(the_house: Package) -> None:
    assert misplaced(the_house, FLOORS) == []


def test_rooms_of_the_list_are_there_or_planned(the_house: Package) -> None:
    built = {name.split(".")[0] for name in the_house.modules}
    planned = {line.split()[0] for line in PAGE.splitlines() if line.split()[1:2] == ["(planned)"]}
    assert set(FLOORS) - built <= planned


def test_imports_run_one_way(the_house: Package) -> None:
    assert upward(the_house, FLOORS) == []


def test_no_circles(the_house: Package) -> None:
    assert circles(the_house) == []


def test_the_ground_needs_the_standard_library_only(the_house: Package) -> None:
    assert beyond(the_house, "common", ()) == []


def test_the_trusted_room_stands_on_the_ground(the_house: Package) -> None:
    assert beyond(the_house, "certificate", ("common", "net")) == []


def test_the_trusted_room_holds_the_trusted_files_and_nothing_else() -> None:
    room = ROOT / "subgrad_hardness" / "certificate"
    trusted = {"argument", "checked", "claims", "definitions", "derived", "format", "goals", "localised", "logic"}
    trusted |= {"chords", "diagrams", "levels", "matrices", "refutation", "smooth", "statement", "tree", "verifier"}
    files = {path.relative_to(room).as_posix() for path in room.rglob("*") if "__pycache__" not in path.parts}
    assert files == {"__init__.py", *(f"{name}.py" for name in trusted)}
    code = ast.parse((room / "__init__.py").read_text(encoding="utf-8")).body
    assert [ast.unparse(line) for line in code if not isinstance(line, ast.Expr)] == []


def test_claims_about_iterations_are_checked_apart_from_the_search(the_house: Package) -> None:
    seen = [arrow for arrow in the_house.arrows if arrow.inside and arrow.source.startswith("iterative.verifying.")]
    assert len({arrow.source for arrow in seen}) == 7
    allowed = ("common.", "net.", "certificate.", "iterative.verifying.")
    assert [arrow for arrow in seen if not arrow.target.startswith(allowed)] == []


def test_late_imports_are_seen(the_house: Package) -> None:
    """The package's own tables of names: whoever writes them in another way has to teach the reader."""
    seen = {(arrow.source, arrow.target) for arrow in the_house.arrows if arrow.inside}
    assert {("__init__", "api.check"), ("__init__", "net.program"), ("__init__", "batch.stream")} <= seen
    assert {("cli.main", "cli.check"), ("cli.main", "cli.plot")} <= seen
    engines = {target for source, target in seen if source == "engine.registry"}
    assert {"engine.search", "engine.circuit.decide", "engine.phase.decide", "engine.milp"} <= engines


def test_names_made_at_run_time_come_from_tables_that_are_read(the_house: Package) -> None:
    """``Engine.start`` imports what ``engine.registry`` names, and the test above sees that table; ``installed`` asks
    whether there is another package, and imports nothing."""
    assert [line.split(":")[0] for line in unread(the_house)] == ["engine.contract", "engine.contract"]


def test_files_are_small() -> None:
    sizes = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in source_files()}
    assert [f"{path.relative_to(ROOT)}: {size}" for path, size in sizes.items() if size > MOST_LINES] == []
    package = [size for path, size in sizes.items() if path.is_relative_to(ROOT / "subgrad_hardness")]
    assert statistics.median(package) < MEDIAN_LINES


def source_files() -> list[Path]:
    """The package and the scripts, without the tables that the proof corpus is made from."""
    files = [*(ROOT / "subgrad_hardness").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")]
    return [path for path in files if not path.is_relative_to(ROOT / "scripts" / "data" / "corpus")]


# The reader itself: it has to see an arrow in whatever way it is written.

SMALL = ["ground", "first", "second", "__init__", "__main__"]


def house(folder: Path, **files: str) -> Package:
    """A package ``toy`` with these modules, ``first__a`` being ``first/a.py``."""
    root = folder / "toy"
    for name in ("", "ground", "first", "second"):
        (root / name).mkdir(exist_ok=True)
        (root / name / "__init__.py").touch()
    for name in ("ground.a", "first.a", "first.b", "second.a", "second.b"):
        (root / name.replace(".", "/")).with_suffix(".py").touch()
    for name, text in files.items():
        path = root / f"{name.replace('__', '/') if not name.startswith('__') else name}.py"
        path.write_text(text, encoding="utf-8")
    return read(root)


def test_a_clean_house_has_no_faults(tmp_path: Path) -> None:
    clean = house(
        tmp_path,
        first__a="import json, numpy\nfrom toy.ground import a\nfrom toy.first.b import nothing\n",
        second__a='from ..first import a, b\nsaid = "first.c is no module", "first:a"\n',
        second__b='HERE = "toy.first"\nplace = f"{HERE}.a:start", f"{HERE} .a", f"{1}.{2}"\n',
        __main__="import toy.second.a\nfrom toy import __version__\n",
    )
    assert misplaced(clean, SMALL) == upward(clean, SMALL) == circles(clean) == []
    assert {(arrow.source, arrow.target) for arrow in clean.arrows if arrow.inside} == {
        ("first.a", "ground.a"),
        ("first.a", "first.b"),
        ("second.a", "first.a"),
        ("second.a", "first.b"),
        ("second.b", "first"),
        ("second.b", "first.a"),
        ("__main__", "second.a"),
        ("__main__", "__init__"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "import toy.second.a",
        "import json, toy.second.a as other",
        "from toy.second import a",
        "from toy.second.a import thing",
        "from ..second import a",
        "from ..second.a import thing",
        "from .. import second",
        "from toy import second",
        "def late():\n    from toy.second.a import thing\n",
        "class Late:\n    def late(self):\n        import toy.second.a\n",
        "if TYPE_CHECKING:\n    from toy.second.a import Thing\n",
        "try:\n    import toy.second.a\nexcept ImportError:\n    pass\n",
        'import_module("toy.second.a")',
        'importlib.import_module("toy.second")',
        'TABLE = {"name": "second.a"}',
        'Engine("name", "toy.second.a:start")',
        'HERE = "toy.second"\nEngine("name", f"{HERE}.a:start")',
        'import_module(f"toy.second.{name}")',
        'import_module(f"toy.{room}.a")',
    ],
)
def test_an_upward_arrow_is_seen(text: str, tmp_path: Path) -> None:
    found = upward(house(tmp_path, first__a=text), SMALL)
    assert found
    assert all(line.startswith("first.a:") and "imports second" in line for line in found)


def test_the_line_is_named(tmp_path: Path) -> None:
    text = "x = 1\n\n\ndef late():\n    from toy.second import a\n"
    assert upward(house(tmp_path, ground__a=text), SMALL) == ["ground.a:5 imports second.a, which is above it"]


def test_circles_are_seen(tmp_path: Path) -> None:
    """Within a room, over three modules, late, and over a room's own ``__init__``."""
    assert circles(house(tmp_path, first__a="from toy.first import b", first__b="import toy.first.a")) == [
        "first.a <-> first.b"
    ]
    late = 'def late():\n    return import_module("toy.second.a")\n'
    three = house(tmp_path, first__a="from .b import x", first__b=late, second__a="from ..first.a import x")
    assert circles(three) == ["first.a <-> first.b <-> second.a"]
    assert len(upward(three, SMALL)) == 1
    (tmp_path / "toy" / "ground" / "__init__.py").write_text("from toy.ground.a import x\n", encoding="utf-8")
    assert "ground <-> ground.a" in circles(house(tmp_path, ground__a="from toy.ground import y\n"))


def test_names_made_at_run_time_are_seen(tmp_path: Path) -> None:
    read_well = 'import_module("toy.first.a")\nimport_module(f"toy.first.{x}")\n'
    text = read_well + 'importlib.import_module(room + ".a")\n__import__(x)\n'
    assert unread(house(tmp_path, first__a=text)) == ["first.a:3", "first.a:4"]


def test_modules_at_the_root_are_seen(tmp_path: Path) -> None:
    assert misplaced(house(tmp_path, loose="x = 1"), SMALL) == ["loose.py stands at the root of the package"]
    assert misplaced(house(tmp_path, __main__="x = 1"), ["ground", *SMALL]) == [
        "loose.py stands at the root of the package",
        "the room ground stands twice in the list",
    ]


def test_unknown_rooms_are_seen(tmp_path: Path) -> None:
    assert misplaced(house(tmp_path), ["ground", "second", "__init__"]) == ["the room first is not in the list"]


@pytest.mark.parametrize(
    ("text", "allowed", "fault"),
    [
        ("import json, os.path\nfrom collections.abc import Set\n", (), None),
        ("import numpy", (), "numpy"),
        ("def late():\n    from flint import fmpz\n", (), "flint.fmpz"),
        ("from toy.first import a", (), "first.a"),
        ("from toy.first import a", ("first",), None),
        ('import_module("toy.first.b")', ("second",), "first.b"),
        ("from toy import version", (), "__init__"),
    ],
)
def test_what_lies_beyond_is_seen(text: str, allowed: tuple[str, ...], fault: str | None, tmp_path: Path) -> None:
    found = beyond(house(tmp_path, ground__a=text), "ground", allowed)
    assert [line.split(" imports ")[1] for line in found] == ([] if fault is None else [fault])


def test_a_page_without_a_list_is_no_page() -> None:
    with pytest.raises(ValueError, match="no block"):
        floors("```\ncommon\n```\n")
    assert floors("text\n```floors\ncommon  errors\n\nnet (planned)  forms\n```\nmore\n") == ["common", "net"]
