"""N_G(d) = F(xbar + G d, theta + d): the net that is differentiable at 0 iff the limit xbar is at theta.

Statement.  Let y = F'((xbar, theta); (y, d)) have one solution for every d, xbar'(theta; d), and let G be p x m with
xbar'(theta; d) = G d on an open cone.  Then xbar is differentiable at theta iff N_G is at 0; its Jacobian is G then.
Proof.  N_G'(0; d) = F'((xbar, theta); (G d, d)).  If this is G d for all d, then G d solves the equation for all d.  If
xbar is differentiable at theta its Jacobian is G, which it is on an open cone, so that G d solves the equation for all
d, and N_G'(0; d) = G d.  So the second question for F is the first one for N_G; and a d with N_G'(0; d) != G d is one
with xbar'(theta; d) != G d.
"""

from __future__ import annotations

from fractions import Fraction

from subgrad_hardness.iterative.iteration import Iteration, Vector
from subgrad_hardness.local.local_net import Matrix
from subgrad_hardness.net.building import GraphBuilder
from subgrad_hardness.net.conversion import to_graph
from subgrad_hardness.net.forms import GraphForm, Node
from subgrad_hardness.net.program import Program


def solution_net(iteration: Iteration, state: Vector, jacobian: Matrix) -> Program:
    """N_G at the origin, its inputs the changes of the parameters; in the words of docs/iterations-kinks.md.

    Linear in F and the nonzeros of G.
    """
    build = GraphBuilder([f"d.{name}" for name in iteration.parameters])
    read: dict[str, int] = {}
    for name, value, row in zip(iteration.state, state, jacobian, strict=True):
        terms = [(index, entry) for index, entry in enumerate(row) if entry]
        read[name] = build.affine(terms, value, name=f"state.{name}")
    for index, (name, value) in enumerate(zip(iteration.parameters, iteration.theta, strict=True)):
        read[name] = build.affine([(index, Fraction(1))], value, name=f"parameter.{name}")
    program = to_graph(iteration.program)
    form = program.form
    assert isinstance(form, GraphForm)
    first = len(build.inputs) + len(build.nodes)
    handles = [*[read[name] for name in program.inputs], *range(first, first + len(form.nodes))]
    for node in form.nodes:  # in their order, which need not be that in which they read one another
        arguments = tuple([handles[argument] for argument in node.arguments])
        own = None if node.row is None else node.row._replace(arguments=arguments)
        build.add(Node(f"F.{node.id}", node.operation, arguments, own, node.slope))
    return build.program([handles[output] for output in form.outputs])
