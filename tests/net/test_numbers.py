"""Exact numbers: text to rational and back, their limits, and numbers anywhere in a net file."""

# mypy: disallow-untyped-decorators=False

from __future__ import annotations

import json
import math
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.net.forms import LayeredForm
from subgrad_hardness.net.program import Program
from subgrad_hardness.net.rational import (
    MAX_DIGITS,
    common_denominator,
    exact,
    format_int,
    format_rational,
    parse_int,
    parse_rational,
    primitive,
    too_long,
)
from subgrad_hardness.net.reading import load, load_bytes
from subgrad_hardness.net.writing import dumps


@contextmanager
def long_integers() -> Iterator[None]:
    """Python's own conversion of long integers, which the library must not need."""
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(before)


def weight(text: str) -> Fraction:
    """The weight that the JSON value ``text`` denotes."""
    net = load_bytes(f'{{"inputs": 1, "layers": [{{"weight": [[{text}]]}}]}}'.encode(), "net.json")
    assert isinstance(net.form, LayeredForm)
    return next(net.form.layers[0].rows[0].rationals(), Fraction(0))


@given(st.integers())
def test_integers_both_ways(value: int) -> None:
    assert parse_int(str(value)) == value
    assert format_int(value) == str(value)


@pytest.mark.parametrize("digits", [3999, 4000, 4001, 4300, 4301, 5000, 8001, 20_000, 100_000])
@pytest.mark.parametrize("sign", ["", "-"])
def test_long_integers_both_ways(digits: int, sign: str) -> None:
    source = random.Random(digits)
    for text in (
        sign + "1" + "0" * (digits - 1),
        sign + "9" * digits,
        sign + "1" + "".join(source.choices("0123456789", k=digits - 1)),
    ):
        value = parse_int(text)
        assert format_int(value) == text
        with long_integers():
            assert value == int(text)
        assert parse_int("0" * 5000 + text.lstrip("-")) == abs(value)
        assert weight(text) == value == parse_rational(text)


@pytest.mark.parametrize("text", ["", "-", "+", " 1", "1 ", "1_0", "1.0", "٣", "1e3", "--1", "1" * 5000 + "-1", "²"])
def test_no_integer(text: str) -> None:
    with pytest.raises(ValueError, match="is not an integer"):
        parse_int(text)


@given(st.fractions())
def test_rationals_both_ways(value: Fraction) -> None:
    text = format_rational(value)
    assert text == str(value)
    assert parse_rational(text) == value


_DIGITS = st.text("0123456789", min_size=1, max_size=25)


@given(
    st.sampled_from(["", "+", "-"]),
    st.one_of(
        st.builds("{}/{}".format, _DIGITS, _DIGITS.filter(lambda digits: digits.strip("0") != "")),
        st.builds(
            "{}.{}{}".format, _DIGITS, st.one_of(st.just(""), _DIGITS), st.sampled_from(["", "e5", "E-07", "e+0"])
        ),
        st.builds(".{}{}".format, _DIGITS, st.sampled_from(["", "e-30", "E+07"])),
        st.builds("{}e{}".format, _DIGITS, st.integers(-400, 400)),
    ),
)
def test_every_written_form(sign: str, text: str) -> None:
    assert parse_rational(sign + text) == Fraction(sign + text)
    assert weight(json.dumps(sign + text)) == Fraction(sign + text)


@settings(max_examples=150)
@given(st.text("0123456789.eE+-/_ ٣²x\n\x00", max_size=6))
def test_what_is_no_rational_to_fraction_is_none_here(text: str) -> None:
    try:
        expected = Fraction(text)
        plain = text.isascii() and not set(text) & set(" _\n")
    except (ValueError, ZeroDivisionError):
        plain = False
    if plain:
        assert parse_rational(text) == expected
    else:
        with pytest.raises(ValueError, match=r"is not a rational|divides by zero") as caught:
            parse_rational(text)
        assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "text",
    ["9" * MAX_DIGITS, "-" + "9" * MAX_DIGITS, "1/" + "7" * MAX_DIGITS, "9" * MAX_DIGITS + "/7",
     f"1e{MAX_DIGITS - 1}", f"1e-{MAX_DIGITS - 1}", "0." + "3" * (MAX_DIGITS - 1),
     "0" * (MAX_DIGITS + 5) + "1", "0" * (MAX_DIGITS + 5) + "1/3",
     f"0e{10**30}", f"-0.0e-{10**30}", "1e" + "0" * 10_000 + "1"],
)  # fmt: skip
def test_up_to_the_digit_limit(text: str) -> None:
    assert parse_rational(format_rational(parse_rational(text))) == parse_rational(text)


@pytest.mark.parametrize(
    "text",
    ["1" + "0" * MAX_DIGITS, "-1" + "0" * MAX_DIGITS, "1/1" + "0" * MAX_DIGITS, f"1e{MAX_DIGITS}", f"1e-{MAX_DIGITS}",
     "0." + "3" * MAX_DIGITS, "1e999999999", "-1e-999999999", f"1e{'9' * 5000}", f"0.1e{MAX_DIGITS + 1}", "1e1000000"],
)  # fmt: skip
def test_beyond_the_digit_limit(text: str) -> None:
    with pytest.raises(ValueError, match=r"^the number needs more than 100000 digits$"):
        parse_rational(text)


def test_the_limit_of_python_numbers() -> None:
    limit = 10**MAX_DIGITS
    assert not any(map(too_long, (limit - 1, 1 - limit, Fraction(1, limit - 1))))
    assert all(map(too_long, (limit, -limit, Fraction(1, limit))))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_reals_are_the_rationals_that_they_denote(value: float) -> None:
    assert weight(repr(value) if "." in repr(value) or "e" in repr(value) else f"{value}") == Fraction(value)
    assert exact(value) == Fraction(value)
    assert parse_rational(format_rational(value)) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Fraction(3602879701896397, 36028797018963968)),
        ('"0.1"', Fraction(1, 10)),
        ("-0.0", Fraction(0)),
        ("-0", Fraction(0)),
        ("1e-400", Fraction(0)),
        ("-1e-400", Fraction(0)),
        ('"-2e-400"', Fraction(-2, 10**400)),
        ("5e-324", Fraction(1, 2**1074)),
        ("2e-324", Fraction(0)),
        ("1.7976931348623157e308", Fraction((2**53 - 1) * 2**971)),
        ("1e2", Fraction(100)),
        ("1E+2", Fraction(100)),
        ("9007199254740993", Fraction(2**53 + 1)),
        ("9007199254740993.0", Fraction(2**53)),
        ('"9007199254740993.0"', Fraction(2**53 + 1)),
        ('"1e400"', Fraction(10**400)),
        ('"6/4"', Fraction(3, 2)),
        ('"-0/5"', Fraction(0)),
        ('"5."', Fraction(5)),
    ],
)
def test_json_numbers(text: str, value: Fraction) -> None:
    assert weight(text) == value


def _net(place: str, number: str) -> bytes:
    """A net with ``number`` at ``place``, and good numbers elsewhere."""
    at = {"weight": "1", "sparse": "1", "bias": "1", "slope": "1", "point": "0"} | {place: number}
    return (
        '{{"inputs": 1, "layers": [{{"weight": [[{weight}]], "bias": [{bias}], "activation": "leaky_relu",'
        ' "slope": {slope}}}, {{"weight": {{"shape": [1, 1], "entries": [[0, 0, {sparse}]]}}}}],'
        ' "point": [{point}]}}'.format(**at)
    ).encode()


def _graph(place: str, number: str) -> bytes:
    at = {"coefficient": "1", "constant": "1", "node": "1"} | {place: number}
    return (
        '{{"inputs": 1, "nodes": [{{"id": "u", "op": "affine", "args": ["x0"], "coefficients": [{coefficient}],'
        ' "bias": {constant}}}, {{"id": "v", "op": "leaky_relu", "args": ["u"], "slope": {node}}}],'
        ' "outputs": ["v"]}}'.format(**at)
    ).encode()


PLACES = {
    "weight": "layers[0].weight[0][0]",
    "sparse": "layers[1].weight.entries[0][2]",
    "bias": "layers[0].bias[0]",
    "slope": "layers[0].slope",
    "point": "point[0]",
    "coefficient": "nodes[0].coefficients[0]",
    "constant": "nodes[0].bias",
    "node": "nodes[1].slope",
}


def _read(place: str, number: str) -> Program:
    build = _graph if place in ("coefficient", "constant", "node") else _net
    return load_bytes(build(place, number), "net.json")


@pytest.mark.parametrize("place", PLACES)
def test_numbers_at_every_place(place: str) -> None:
    long = "1" + "0" * 5000 + "1"
    for one, other in (("0.5", '"1/2"'), ("-0.0", "0"), ("0.1", json.dumps(str(Fraction(0.1)))), (long, f'"{long}"')):
        assert _read(place, one) == _read(place, other)
        assert load_bytes(dumps(_read(place, one)).encode(), "net.json") == _read(place, other)
    assert _read(place, "0.1") != _read(place, '"0.1"')
    bad: dict[str, Any] = {
        "NaN": "NaN is not a number",
        "-Infinity": "-Infinity is not a number",
        "null": "null, expected a number",
        "true": "true, expected a number",
        "1e309": "1e309 overflows a binary64 number; write it as a string to keep it exact",
        '"1e999999999"': "the number needs more than 100000 digits",
        '"1 /2"': '\'1 /2\' is not a rational number such as "1/3" or "-0.25e-3"',
    }
    for number, message in bad.items():
        with pytest.raises(NetError) as caught:
            _read(place, number)
        assert str(caught.value) == f"net.json: {PLACES[place]}: {message}"


@given(st.lists(st.one_of(st.integers(), st.fractions(), st.floats(allow_nan=False, allow_infinity=False))))
def test_common_denominator(values: list[int | Fraction | float]) -> None:
    numerators, denominator = common_denominator(values)
    assert [Fraction(numerator, denominator) for numerator in numerators] == [Fraction(value) for value in values]
    assert denominator == math.lcm(*(Fraction(value).denominator for value in values))


@given(st.lists(st.integers()))
def test_primitive(values: list[int]) -> None:
    result = primitive(values)
    content = math.gcd(*values)
    assert [content * value for value in result] == values
    assert math.gcd(*result) in (0, 1)


def test_program_without_numbers_is_refused_as_a_mapping_too() -> None:
    for number in (None, True, "1_0", [1]):
        with pytest.raises(NetError, match=r"^<net>: layers\[0\]\.bias\[0\]: "):
            load({"inputs": 1, "layers": [{"weight": [[1]], "bias": [number]}]})
