"""A family declares its parameters once, as typed fields; the library and the command line both read that."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from support.cli_runner import Command, in_process

import subgrad_hardness as sh
from subgrad_hardness.family.contract import Family, Values, choice, flag, integer, layer_widths, rational
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.reading import program_from

FAMILY = Path(sh.__file__).parent / "family"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


@dataclass(frozen=True, kw_only=True)
class StarValues(Values):
    rays: int = integer("number of rays", required=True, low=1, high=9)
    k: int | None = integer("a bound", low=0)
    offset: int | None = integer("another way to say it", low=0)
    slope: Fraction = rational("slope of the rays", default=Fraction(1, 2))
    look: str = choice("how it looks", ("open", "closed"), default="open")
    shut: bool = flag("close it")
    colour: str = "blue"  # declares nothing


SEEN: list[tuple[StarValues, frozenset[str]]] = []


def _make(values: StarValues, given: frozenset[str]) -> Program:
    SEEN.append((values, given))
    return program_from({"inputs": values.rays, "layers": [{"weight": [[1] * values.rays]}]})


STAR = Family("star", "a star", StarValues, _make, one_of=("k", "offset"))


def test_values_are_typed_and_filled_in() -> None:
    assert STAR.build(rays="3", k=0, shut=False).input_count == 3
    values, given = SEEN[-1]
    assert values == StarValues(rays=3, k=0, offset=None, slope=Fraction(1, 2), look="open", shut=False, colour="blue")
    assert given == {"rays", "k"}
    assert list(values.declared()) == ["rays", "k", "offset", "slope", "look", "shut"]
    assert [parameter.name for parameter in STAR.parameters] == list(values.declared())
    with pytest.raises(AttributeError):
        values.rays = 4  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"k": 1}, "rays: missing"),
        ({"rays": None, "k": 1}, "rays: missing"),
        ({"rays": 2}, "k: give k or offset, one of them"),
        ({"rays": 2, "k": 0, "offset": 0}, "k: give k or offset, one of them"),
        ({"rays": 0, "k": 1}, "rays: 0 is outside 1..9"),
        ({"rays": 1, "k": 1, "colour": "red"}, "colour: unknown parameter of star; known: rays, k, offset"),
    ],
)
def test_what_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(sh.ParameterError, match=f"^{message}"):
        STAR.build(**given)


def test_every_family_has_a_typed_class() -> None:
    kinds = {"int": int, "Fraction": Fraction, "str": str, "bool": bool, "tuple": tuple}
    for family in sh.families():
        assert issubclass(family.values, Values)
        hints = get_type_hints(family.values)
        for parameter in family.parameters:
            hint = str(hints[parameter.name])
            optional = parameter.default is None and not parameter.required
            assert ("None" in hint) is optional, (family.name, parameter.name)
            if parameter.default is not None:
                (kind,) = (kinds[word] for word in kinds if word in hint)
                assert isinstance(parameter.default, kind)
        assert {entry.name for entry in fields(family.values)} >= {parameter.name for parameter in family.parameters}


def test_no_family_reads_values_by_name() -> None:
    for file in FAMILY.glob("*.py"):
        assert "values[" not in file.read_text("utf-8"), file


@pytest.mark.parametrize("family", sh.families(), ids=lambda family: family.name)
def test_usage_shows_what_is_required(family: Family[Any], run: Command) -> None:
    text = " ".join(run("generate", family.name, "--help").out.split("options:")[0].split())
    usage = text.split("\n")[0]
    for parameter in family.parameters:
        option = f"--{parameter.option}"
        optional = f"[{option}]" if parameter.metavar is None else f"[{option} {parameter.metavar}]"
        if parameter.required:
            assert f" {option} {parameter.metavar} " in usage
            assert optional not in usage
        elif parameter.name not in family.one_of:
            assert optional in usage
    if family.one_of:
        assert "(" + " | ".join(f"--{name} N" for name in family.one_of) + ")" in usage


def test_missing_parameters_on_the_command_line(run: Command) -> None:
    ran = run("generate", "maxcut")
    assert ran.status == 2
    assert "the following arguments are required: --vertices" in ran.error
    ran = run("generate", "maxcut", "--vertices", "3")
    assert ran.status == 2
    assert "one of the arguments --k --offset is required" in ran.error


def test_widths() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Wide(Values):
        widths: tuple[int, ...] = layer_widths("the widths", least=3)

    (parameter,) = Wide.parameters()
    assert (parameter.name, parameter.required, parameter.read("4-3-2")) == ("widths", True, (4, 3, 2))
    with pytest.raises(sh.ParameterError, match="widths: 2 widths, expected at least 3"):
        parameter.read("4-3")
