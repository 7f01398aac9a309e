"""A program as a networkx graph, for drawing and for graph algorithms."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from subgrad_hardness.models.reading import load
from subgrad_hardness.net.lowering import Relu
from subgrad_hardness.net.node_values import node_values
from subgrad_hardness.net.rational import NumberLike
from subgrad_hardness.net.reading import NetLike

if TYPE_CHECKING:
    import networkx


def to_networkx(net: NetLike, point: Sequence[NumberLike] | None = None) -> networkx.DiGraph:
    """The rewritten program (affine rows and relus, SPEC 1) as a directed graph at its point.

    Parameters
    ----------
    net : path, ``"-"`` (standard input), parsed mapping or Program
    point : sequence of p numbers, optional
        Replaces the net's own point.

    Returns
    -------
    networkx.DiGraph
        Nodes are integers: 0..p-1 the inputs, then the rewritten nodes in topological order, with the
        attributes ``kind`` (``input``, ``affine``, ``relu``), ``name`` (the input's or the user's node)
        and ``value`` (exact, at the point); for relus also ``kink`` (preactivation exactly 0).  Edges run
        from arguments and carry the exact ``coefficient`` (1 into a relu; repeated arguments are summed).
        The graph's attribute ``outputs`` lists the output nodes.

    Raises
    ------
    NetError, PointError
        Bad input; the message names the file and the place.

    Notes
    -----
    Linear in the nonzeros.

    Examples
    --------
    >>> import subgrad_hardness as sh
    >>> graph = sh.to_networkx(sh.Program.from_text("inputs x; f = relu x; outputs f"))
    >>> [(node, data["kind"]) for node, data in graph.nodes(data=True)]
    [(0, 'input'), (1, 'relu')]
    """
    import networkx

    program = load(net, point)
    lowered = program.tangent
    numerators, denominators = node_values(lowered, program.point)
    values = [Fraction(*pair) for pair in zip(numerators, denominators, strict=True)]
    graph = networkx.DiGraph(outputs=lowered.outputs)
    for index, name in enumerate(program.inputs):
        graph.add_node(index, kind="input", name=name, value=values[index])
    for index, (node, unit) in enumerate(zip(lowered.nodes, lowered.units, strict=True), start=lowered.inputs):
        name = program.unit_name(unit)
        if isinstance(node, Relu):
            graph.add_node(index, kind="relu", name=name, value=values[index], kink=not values[node.argument])
            graph.add_edge(node.argument, index, coefficient=Fraction(1))
            continue
        graph.add_node(index, kind="affine", name=name, value=values[index])
        for argument, coefficient in zip(node.arguments, node.rationals(), strict=True):
            before = graph.get_edge_data(argument, index, {"coefficient": Fraction(0)})["coefficient"]
            graph.add_edge(argument, index, coefficient=before + coefficient)
    return graph
