"""A second verifier, written from docs/certificate.md alone: the standard library and nothing else.

    python second_verifier.py NET CERTIFICATE [OTHER_NET]

Beside this file: second_nets.py (sections 1 to 4 of the document), second_argument.py (section 6), and for the
claims of section 10 second_claims.py, second_programs.py and second_trees.py.
Slower than the real one and built differently (vector forward mode and one exact solve instead of
branches and backward passes), so that the two share no mistake.
"""

from __future__ import annotations

import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))  # python -I leaves it out

from support.second_argument import KEYS, OPTIONAL, RejectedError, UnreadableError, check_argument, read_argument
from support.second_claims import check_claim, read_claim
from support.second_nets import Net, Reader, columns, jacobian, localise, long_integers, net_digest, parse, read_net

HEADER = {"format", "version", "kind", "digest"}
REGIONS = {"affine", "bent", "equal", "different"}

# Section 5: what is checked, in this order.


def read_header(value: Any) -> str:
    """The kind."""
    if type(value) is not dict or not set(value) >= HEADER or type(value["kind"]) is not str:
        raise UnreadableError("no certificate")
    if value["format"] != "subgrad_hardness certificate" or type(value["version"]) is not int or value["version"] != 1:
        raise UnreadableError("another format or version")
    if type(value["digest"]) is not str or not re.fullmatch("[0-9a-f]{64}", value["digest"]):
        raise UnreadableError("no digest")
    return value["kind"]


def check(value: Any, net: Net, point: list[Fraction], other: tuple[Net, list[Fraction]] | None) -> None:
    """RejectedError or UnreadableError unless the claim about the net (and the other one) is proved."""
    kind = read_header(value)
    statement = value.get("statement", "clarke")
    if type(statement) is not str or statement not in ("clarke", "lexicographic"):
        raise UnreadableError("no statement")
    smooth = net.smooth or (other is not None and other[0].smooth)
    about_clarke = smooth and statement == "clarke" and (kind != "distinct" or len(net.outputs) > 1)
    value = {key: part for key, part in value.items() if key != "statement"}
    if kind not in ("distinct", "unique"):
        claim = read_claim({key: part for key, part in value.items() if key not in HEADER}, kind)
        check_digest(value, net)
        if (smooth and kind in REGIONS) or (about_clarke and localise(net, point).kinks):
            raise RejectedError("not about a net with smooth nodes")
        check_claim(claim, net, point, other)
        return
    unique = kind == "unique"
    if set(value) - ({*OPTIONAL} if unique else set()) != HEADER | {"directions"} | (KEYS if unique else set()):
        raise UnreadableError("not the keys of its kind")
    directions = Reader().directions(value["directions"])
    if len(directions) != (1 if unique else 2):
        raise UnreadableError("another number of matrices")
    argument = read_argument(value) if unique else None
    check_digest(value, net)
    if other is not None:
        raise RejectedError("a second net")
    if about_clarke and localise(net, point).kinks:
        raise RejectedError("not about Clarke subgradients of a net with smooth nodes")
    found = [jacobian(net, point, columns(matrix, len(net.inputs))) for matrix in directions]
    if argument is not None:
        check_argument(argument, localise(net, point), found[0])
    elif found[0] == found[1]:
        raise RejectedError("the same Jacobian")


def check_digest(value: dict[str, Any], net: Net) -> None:
    if value["digest"] != net_digest(net):
        raise RejectedError("another net or point")


def verdict(
    net_data: bytes, certificate_data: bytes, point: list[Fraction] | None = None, other_data: bytes | None = None
) -> str:
    """``verified``, ``rejected`` or ``unreadable``."""
    with long_integers():
        try:
            net, point = read_net(net_data, point)
            other = None if other_data is None else read_net(other_data)
            check(parse(certificate_data), net, point, other)
        except UnreadableError:
            return "unreadable"
        except RejectedError:
            return "rejected"
    return "verified"


if __name__ == "__main__":
    first, certificate, *others = (Path(file).read_bytes() for file in sys.argv[1:])
    answer = verdict(first, certificate, other_data=others[0] if others else None)
    print(answer)
    sys.exit({"verified": 0, "rejected": 1, "unreadable": 2}[answer])
