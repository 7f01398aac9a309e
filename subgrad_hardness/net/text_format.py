"""Nets as text, one statement a line: ``inputs x y; f = max x y; outputs f`` (docs/net-format.md).

A text is a graph.  Everything that a net file holds can be written in it, and every graph comes back equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NoReturn

from subgrad_hardness.common.errors import NetError
from subgrad_hardness.common.limits import NO_LIMITS, Limits
from subgrad_hardness.common.words import count
from subgrad_hardness.net.forms import GraphForm, Node, Row
from subgrad_hardness.net.graph_format import show_cycle
from subgrad_hardness.net.json_text import Reader, decoded, show
from subgrad_hardness.net.json_writing import write_json
from subgrad_hardness.net.layered_format import MAX_UNITS, read_row
from subgrad_hardness.net.net_object import Fields
from subgrad_hardness.net.operations import node_operations
from subgrad_hardness.net.order import Cycle, topological_order
from subgrad_hardness.net.rational import Number, exact, format_rational, parse_rational
from subgrad_hardness.net.smooth_operations import known_operation
from subgrad_hardness.net.text_tokens import Statement, Token, place_of, show_name, statements

#: The words that begin a statement which is no node.
STATEMENTS = ("inputs", "outputs", "point", "name", "provenance", "version")


def read_text(data: bytes | str, file: str, limits: Limits = NO_LIMITS) -> Fields:
    """The parts of the program that a text means; ``file`` is its name in messages.

    Raises NetError with file, line and column, and LimitReached.  Linear in the length.
    """
    text = data if isinstance(data, str) else decoded(data, file, NetError)
    return _Parser(text, Reader(file, NetError, limits)).fields()


class _Parser:
    """The statements of a text, sorted by what they say; nodes may read what stands below them."""

    def __init__(self, text: str, reader: Reader) -> None:
        self.text = text
        self.reader = reader
        self.said: dict[str, Statement] = {}
        self.nodes: list[list[Token]] = []
        for statement in statements(text, reader):
            reader.limits.check()
            first, *rest = statement.tokens
            if rest and rest[0].text == "=" and rest[0].kind == "sign":
                if not first.is_name:
                    self.fail(first, f"{show(first.text)} is no name of a node")
                self.nodes.append(statement.tokens)
            elif first.kind != "word" or first.text not in STATEMENTS:
                self.fail(first, f"expected a node (name = ...) or one of {', '.join(STATEMENTS)}")
            elif first.text in self.said:
                self.fail(first, f"{first.text} stands twice")
            else:
                self.said[first.text] = statement

    def fail(self, where: Token | int, message: str) -> NoReturn:
        position = where if isinstance(where, int) else where.position
        self.reader.fail(place_of(self.text, position), message)

    def fields(self) -> Fields:
        """Everything that the text says."""
        for key in ("inputs", "outputs"):
            if key not in self.said:
                self.reader.fail("", f"no {key}")
        if not self.nodes:
            self.reader.fail("", "no nodes; a net has at least one node")
        self.version()
        inputs, index = self.inputs()
        for number, tokens in enumerate(self.nodes):
            name = tokens[0].text
            if name in index:
                what = "an input" if index[name] < len(inputs) else "a node above"
                self.fail(tokens[0], f"{show(name)} is the name of {what} already")
            index[self.checked(tokens[0])] = len(inputs) + number
        nodes = tuple([self.node(tokens, index) for tokens in self.nodes])
        form = GraphForm(nodes, self.references(self.arguments_of("outputs"), index, "output"))
        try:
            topological_order([node.arguments for node in nodes], len(inputs))
        except Cycle as cycle:
            self.fail(self.nodes[cycle.nodes[0]][0], show_cycle([nodes[number].id for number in cycle.nodes]))
        return Fields(inputs, form, self.point(len(inputs)), self.name(), self.provenance())

    def arguments_of(self, key: str) -> list[Token]:
        """What stands behind a statement's word, at least one token."""
        first, *rest = self.said[key].tokens
        if not rest:
            self.fail(first, f"{key} of what? nothing stands behind it")
        return rest

    def version(self) -> None:
        if "version" in self.said:
            first, *rest = self.arguments_of("version")
            if rest or first.text != "1":
                self.fail(first, f"{show(first.text)} is unknown; this is version 1")

    def inputs(self) -> tuple[tuple[str, ...], dict[str, int]]:
        """The names of the inputs, and their numbers."""
        tokens = self.arguments_of("inputs")
        if tokens[0].kind == "number":
            count = int(tokens[0].text) if tokens[0].text.isdigit() and len(tokens[0].text) < 9 else 0
            if len(tokens) > 1 or not 1 <= count <= MAX_UNITS:
                self.fail(tokens[0], f"expected one number from 1 to {MAX_UNITS}, or names")
            names = [f"x{number}" for number in range(count)]
        else:
            names = [self.checked(token) for token in tokens]
        index: dict[str, int] = {}
        for number, name in enumerate(names):
            if name in index:
                self.fail(tokens[number], f"{show(name)} stands twice")
            index[name] = number
        return tuple(names), index

    def checked(self, token: Token) -> str:
        """The name that a token is."""
        if not token.is_name:
            self.fail(token, f"{show(token.text)}, expected a name")
        if token.kind == "quoted":
            if not token.text:
                self.fail(token, "an empty name")
            try:
                self.reader.text(token.text, "", "")
            except NetError as problem:
                self.fail(token, problem.message)
        return token.text

    def references(self, tokens: Sequence[Token], index: Mapping[str, int], what: str) -> tuple[int, ...]:
        result = []
        for token in tokens:
            reference = index.get(token.text) if token.is_name else None
            if reference is None:
                self.fail(token, f"unknown {what} {show(self.checked(token))}")
            result.append(reference)
        return tuple(result)

    def number(self, token: Token, sign: int = 1) -> Number:
        """The exact number that a token is, with its sign."""
        text = token.text
        if token.kind != "number":
            self.fail(token, f"{show(text)}, expected a number")
        if text.isdigit() and len(text) < 1000:
            return sign * int(text)
        try:
            number = parse_rational(text)
        except ValueError as problem:
            self.fail(token, str(problem))
        bits = number.numerator.bit_length() + number.denominator.bit_length()
        self.reader.charge(bits, lambda: place_of(self.text, token.position))
        return sign * number

    def signed(self, tokens: Sequence[Token], at: int) -> tuple[Number, int]:
        """The number at ``at``, which may have a sign, and where the next token is."""
        sign = 1
        if tokens[at].text in ("+", "-") and tokens[at].kind == "sign":
            sign = -1 if tokens[at].text == "-" else 1
            if at + 1 == len(tokens):
                self.fail(tokens[at], "a sign without a number")
            at += 1
        return self.number(tokens[at], sign), at + 1

    def point(self, size: int) -> tuple[Fraction, ...]:
        if "point" not in self.said:
            return (Fraction(0),) * size
        tokens, at = self.arguments_of("point"), 0
        entries: list[Fraction] = []
        while at < len(tokens):
            entry, at = self.signed(tokens, at)
            entries.append(exact(entry))
        if len(entries) != size:
            self.fail(self.said["point"].tokens[0], f"{count(len(entries), 'entry', 'entries')}, expected {size}")
        return tuple(entries)

    def name(self) -> str | None:
        if "name" not in self.said:
            return None
        first, *rest = self.arguments_of("name")
        if rest:
            self.fail(rest[0], "more than one word; a name with blanks stands in quotation marks")
        return first.text if first.is_name and not first.text else self.checked(first)

    def provenance(self) -> Mapping[str, Any] | None:
        if "provenance" not in self.said:
            return None
        (first, *_), value = self.said["provenance"]
        if value is None:
            self.fail(first, "expected a JSON object behind it")
        try:
            return dict(self.reader.anything(value, "provenance"))
        except NetError as problem:
            self.fail(first, f"{problem.place}: {problem.message}")

    def node(self, tokens: list[Token], index: Mapping[str, int]) -> Node:
        """``name = operation arguments`` or ``name = sum``."""
        name, equals, *right = tokens
        if not right:
            self.fail(equals, "nothing stands behind it; the constant zero is 0")
        first = right[0]
        if first.is_name and len(right) > 1 and (right[1].is_name or right[1].text == "("):
            return self.operation(name.text, first, right[1:], index)
        arguments, coefficients, bias = self.sum(right, index)
        row = self.row(name, arguments, coefficients, bias)
        return Node(name.text, "affine", tuple(arguments), row)

    def row(self, token: Token, arguments: Sequence[int], coefficients: Sequence[Number], bias: Number) -> Row:
        return read_row(self.reader, lambda: place_of(self.text, token.position), arguments, coefficients, bias)

    def operation(self, name: str, word: Token, rest: Sequence[Token], index: Mapping[str, int]) -> Node:
        operation = known_operation(word.text) if word.kind == "word" else None
        if operation is None or not operation.in_graphs:
            self.fail(word, f"unknown operation {show(word.text)}; known: {', '.join(node_operations())}, and sums")
        slope: Number | None = None
        if rest[0].text == "(" and rest[0].kind == "sign":
            if len(rest) < 3:
                self.fail(rest[0], "expected a number and )")
            slope, after = self.signed(rest, 1)
            if after == len(rest) or rest[after].text != ")":
                self.fail(rest[min(after, len(rest) - 1)], f"expected ) behind the {operation.parameter or 'slope'}")
            rest = rest[after + 1 :]
        refused = operation.parameter_refused(slope)
        if refused is not None:
            example = "" if operation.parameter is None else f", as in {word.text}({'1/3' if operation.slope else 3}) x"
            self.fail(word, f"{word.text} {refused}{example}")
        arguments = self.references(rest, index, "argument")
        refused = operation.arguments_refused(len(arguments))
        if refused is not None:
            self.fail(word, refused)
        return Node(name, word.text, arguments, None, None if slope is None else exact(slope))

    def sum(self, tokens: Sequence[Token], index: Mapping[str, int]) -> tuple[list[int], list[Number], Number]:
        """Arguments, coefficients and constant of terms that + and - stand between."""
        arguments: list[int] = []
        coefficients: list[Number] = []
        constant: Number = 0
        at = 0
        while at < len(tokens):
            sign, before = 1, tokens[at]
            if before.kind == "sign" and before.text in "+-":
                sign = -1 if before.text == "-" else 1
                at += 1
            elif at:
                self.fail(before, "expected + or -, or the end of the statement")
            if at == len(tokens):
                self.fail(before, "a sign without a term")
            coefficient: Number = sign
            token = tokens[at]
            if token.kind == "number":
                coefficient = self.number(token, sign)
                at += 1
                if at == len(tokens) or not tokens[at].is_name:
                    constant += coefficient
                    continue
                token = tokens[at]
            arguments += self.references([token], index, "argument")
            coefficients.append(coefficient)
            at += 1
        return arguments, coefficients, constant


def write_text(program: Fields) -> str:
    """The text of a program; layers are written as their graph.  Linear."""
    form = program.form.to_graph(program.inputs)
    shown = [show_name(name) for name in (*program.inputs, *(node.id for node in form.nodes))]
    lines = []
    if program.name is not None:
        lines.append(f"name {show_name(program.name)}")
    if program.provenance is not None:
        lines.append(f"provenance {write_json(dict(program.provenance))}")
    counted = program.inputs == tuple(f"x{number}" for number in range(len(program.inputs)))
    lines.append(f"inputs {len(program.inputs) if counted else ' '.join(shown[: len(program.inputs)])}")
    if any(program.point):
        lines.append(f"point {' '.join(map(format_rational, program.point))}")
    for node, name in zip(form.nodes, shown[len(program.inputs) :], strict=True):
        if node.row is not None:
            lines.append(f"{name} = {_sum(node.row, shown)}")
            continue
        slope = "" if node.slope is None else f"({format_rational(node.slope)})"
        lines.append(f"{name} = {node.operation}{slope} {' '.join([shown[argument] for argument in node.arguments])}")
    lines.append(f"outputs {' '.join([shown[output] for output in form.outputs])}")
    return "\n".join(lines) + "\n"


def _sum(row: Row, names: Sequence[str]) -> str:
    terms = [(number, names[argument]) for argument, number in zip(row.arguments, row.rationals(), strict=True)]
    bias = Fraction(row.bias, row.denominator)
    if bias or not terms:
        terms.append((bias, ""))
    pieces: list[str] = []
    for number, name in terms:
        sign = "-" if number < 0 else "+" if pieces else ""
        size = "" if name and abs(number) == 1 else format_rational(abs(number))
        pieces.append(f"{sign}{' ' if pieces else ''}{size}{' ' if size and name else ''}{name}")
    return " ".join(pieces)
