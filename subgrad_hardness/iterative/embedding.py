"""Every net as an iteration whose limit is the net: y <- (y + N(theta)) / 2.

A contraction with rate 1/2 from everywhere, whose limit at theta is N(theta): whether theta is a kink of the limit is
whether the net has two subgradients there, so that deciding it is as hard, and families of hard nets become families
of hard iterations.
"""

from __future__ import annotations

from fractions import Fraction

from subgrad_hardness.iterative.iteration import Iteration
from subgrad_hardness.models.reading import load
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.conversion import to_graph
from subgrad_hardness.net.forms import GraphForm, Node
from subgrad_hardness.net.reading import NetLike


def as_iteration(net: NetLike) -> Iteration:
    """The iteration y <- (y + N(theta)) / 2 of a net N, whose limit is N(theta).

    Parameters
    ----------
    net : path, ``"-"`` (standard input), parsed mapping or Program
        Its inputs become the parameters, its point theta; name and provenance travel along.

    Returns
    -------
    Iteration
        With one state y0, y1, ... for each output (underscores before it where an input is called so), from 0.

    Raises
    ------
    NetError
        Bad input.

    Notes
    -----
    Linear in the net.  ``generate FAMILY --as-iteration`` writes such files.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> halving = sh.as_iteration({"inputs": 1, "layers": [{"weight": [[1]], "activation": "abs"}], "point": [-3]})
    >>> halving.state, halving.parameters, halving.step([3])
    (('y0',), ('x0',), (Fraction(3, 1),))
    """
    program = to_graph(load(net))
    form = program.form
    assert isinstance(form, GraphForm)
    prefix = "y"
    while any(name.startswith(prefix) for name in (*program.inputs, *[node.id for node in form.nodes])):
        prefix = "_" + prefix
    state = [f"{prefix}{index}" for index in range(program.output_count)]
    build = GraphBuilder([*state, *program.inputs])
    shift, half = len(state), Fraction(1, 2)
    for node in form.nodes:
        arguments = tuple([argument + shift for argument in node.arguments])
        row = None if node.row is None else node.row._replace(arguments=arguments)
        build.add(Node(node.id, node.operation, arguments, row, node.slope))
    outputs = [
        build.affine([(index, half), (output + shift, half)], name=f"next.{name}")
        for index, (name, output) in enumerate(zip(state, form.outputs, strict=True))
    ]
    point = [*[Fraction(0)] * shift, *program.point]
    named = build.program(outputs, point, name=program.name, provenance=program.provenance)
    return Iteration(named, state, program.inputs)
