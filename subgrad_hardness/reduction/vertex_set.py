"""What clique, independent set and vertex cover share: a graph, how many vertices, and which ones are chosen."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from subgrad_hardness.reduction.graph import Choice, GraphError, SimpleGraph
from subgrad_hardness.reduction.source import SourceProblem


@dataclass(frozen=True, slots=True)
class VertexSetProblem(SourceProblem[Choice]):
    """Is there a set of vertices of a certain kind, with at least, or at most, so many of them?

    Raises GraphError for a negative size.
    """

    graph: SimpleGraph
    size: int

    #: The name under which provenance speaks of the problem.
    problem: ClassVar[str]

    def __post_init__(self) -> None:
        if self.size < 0:
            raise GraphError("less than 0", place="size")

    def satisfied(self, chosen: Choice, /) -> bool:
        """Whether the chosen vertices are such a set; linear.  Raises GraphError for a wrong length."""
        self.graph.require_choice(len(chosen), "chosen")
        return self.solved_by(chosen)

    @abstractmethod
    def solved_by(self, chosen: Choice) -> bool:
        """Whether the chosen vertices, one entry for each vertex, are such a set."""

    def source(self) -> dict[str, Any]:
        return {"problem": self.problem, **self.graph.source(), "k": self.size}
