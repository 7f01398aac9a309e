"""How each form of a program stands in a net file; a further form is one entry here (and a class, see ``forms``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from subgrad_hardness.net.canonical_text import graph_text, layers_text
from subgrad_hardness.net.forms import Form
from subgrad_hardness.net.graph_format import plain_graph, read_graph
from subgrad_hardness.net.json_text import Reader
from subgrad_hardness.net.layered_format import plain_layers, read_layers


class Format(NamedTuple):
    """One form in files.

    Attributes
    ----------
    keys : the keys of a net's object that hold it; the first one tells that a net has this form.
    read : ``read(reader, net, inputs)``, the form in a net's object, checked.
    plain : ``plain(form, inputs)``, the values of the keys, short for people.
    canonical : ``canonical(form, inputs)``, the text of each key's value for the digest, in pieces: defaults filled
        in, all sorted.
    """

    keys: tuple[str, ...]
    read: Callable[[Reader, dict[str, Any], Sequence[str]], Form]
    plain: Callable[[Any, Sequence[str]], dict[str, Any]]
    canonical: Callable[[Any, Sequence[str]], Mapping[str, Iterable[str]]]


FORMATS = {
    "layers": Format(("layers",), read_layers, plain_layers, layers_text),
    "graph": Format(("nodes", "outputs"), read_graph, plain_graph, graph_text),
}
