"""Faults of the verifier that change nothing but its speed, or only what no file can hold; each with the reason."""

from __future__ import annotations

_NOT_ZERO = "what is compared with 0 is never 0 there"
_SCALED = "a form counts up to a positive factor"
_LENGTHS = "lengths have been looked at before"
_ZEROS = "a linear part of zeros, however long it is"
_ORDER = "relus of other names in the same order"
_ZERO_TERMS = "terms with the coefficient 0 say nothing"
_SUMS = (
    "len(row) != localised.size or len(interior) != localised.size or sum(map(mul, row, interior)) <= 0",
    "sum(map(mul, row, interior)) <= 0",
)
_NO_WORK = "adds multiples of 0, or goes on with a row that is zero: only the speed changes"

#: File -> function -> fault -> why it cannot matter.
_TABLE: dict[str, dict[str, dict[str, str]]] = {
    "format.py": {
        "_require_types": {
            "types.issuperset((found := set(map(type, entries)))) and "
            "(not _CONTAINERS & found)  ->  False": "the entries are looked at one by one: only the speed changes",
        }
    },
    "refutation.py": {
        "opened": {"image or {}  ->  image": "nothing and the empty form both have the literal 0, which is false"},
    },
    "matrices.py": {"_has_full_rank": {"factor  ->  True": _NO_WORK}},
    "localised.py": {
        "Localised.__init__": {
            "[1]: 1  ->  2": "one scale for all inputs, whichever it is",
            "numerators[node.argument] > 0  ->  numerators[node.argument] >= 0": _NOT_ZERO,
        },
        "Localised._push": {
            "value > 0  ->  value >= 0": _NOT_ZERO,
            "passing.get(index, False): False  ->  True": "a kink that has no branch yet has the value 0",
        },
        "Localised._resolve": {
            "nonzero[node.argument]  ->  True": _NO_WORK,
            "first[1] > 0  ->  first[1] >= 0": _NOT_ZERO,
            "passing[index] and nonzero[node.argument]  ->  nonzero[node.argument]": _NO_WORK,
            "passing[index] and nonzero[node.argument]  ->  passing[index]": _NO_WORK,
        },
        "Localised.gradient": {
            "not weight  ->  False": _NO_WORK,
            "left out: continue (if not weight)": _NO_WORK,
        },
    },
    "logic.py": {
        "Logic.literal": {"pairs[0][1] < 0  ->  pairs[0][1] <= 0": _NOT_ZERO},
        "Logic.rule": {
            "self.known(literal, place) < 0  ->  self.known(literal, place) <= 0": _NOT_ZERO,
            "0 <= atom < len(self.atoms)  ->  0 <= atom <= len(self.atoms)": "no form has this atom",
            "0 <= atom < len(self.atoms)  ->  0 <= atom": "no form has an atom beyond the last one",
            "coefficient > 0  ->  coefficient >= 0": _NOT_ZERO,
        },
        "Logic.lemma": {
            "default=0: 0  ->  1": "without rows none is negative",
            "literal > 0  ->  literal >= 0": _NOT_ZERO,
            "literal < 0  ->  literal <= 0": _NOT_ZERO,
        },
    },
    "definitions.py": {
        "Definitions._bent_relu": {"below > 0  ->  below >= 0": _NOT_ZERO},
        "Definitions._signed": {"step.sign > 0  ->  step.sign >= 0": _NOT_ZERO},
        "Definitions._is_dead": {"self._dead is None  ->  True": "the same set, computed again"},
        "Definitions.reflect": {"-1: 1  ->  2": "at -2 d instead of -d: all forms are doubled"},
    },
    "statement.py": {"read_statement": {"isinstance(which, str)  ->  True": "what is no string is no set's name"}},
    "claims.py": {
        "_regular": {
            "2 * checked.size  ->  2 + checked.size": _ZEROS,
            "2 * checked.size: 2  ->  3": _ZEROS,
        },
        "_equal": {
            "checked.size + 1  ->  checked.size - 1": _ZEROS,
            "checked.size + 1: 1  ->  2": _ZEROS,
        },
    },
    "checked.py": {
        "Checked.require_bound": {
            "left out: self.require_shape(functional, len(self.outputs), 'functional')": _LENGTHS,
            "any(row)  ->  True": _NO_WORK,
        },
        "Checked._require_argued_bound": {"(*(0,) * self.size, 1): 1  ->  2": _SCALED},
        "Checked.region": {"(*(0,) * self.size, 1): 1  ->  2": _SCALED},
    },
    "tree.py": {
        "leaves": {
            "number and (not other) and (not path)  ->  number and (not path)": "without a path nothing is to come",
        },
        "greatest": {
            "variable >= localised.size and variable not in forms  ->  variable >= localised.size": "found again",
        },
        "_require_empty": {"len(step) < 3  ->  len(step) <= 3": "a positive multiple of one form is not zero"},
    },
    "derived.py": {
        "_Builder.__init__": {"self.copies = 0: 0  ->  1": _ORDER},
        "_Builder.row": {"coefficient  ->  True": _ZERO_TERMS},
        "_Builder.copy": {
            "isinstance(constants, int) and bias  ->  isinstance(constants, int)": _ZERO_TERMS,
            "self.copies += 1: 1  ->  2": _ORDER,
        },
    },
    "goals.py": {
        "require_goals_refuted": {
            f"{_SUMS[0]}  ->  len(interior) != localised.size or {_SUMS[1]}": _LENGTHS,
            f"{_SUMS[0]}  ->  len(row) != localised.size or {_SUMS[1]}": _LENGTHS,
        },
    },
    "argument.py": {"_integers": {"type(entry) is not int  ->  True": "asks the reader, which says the same"}},
}

#: (file, function, fault) -> why.
EQUIVALENT = {
    (file, function, fault): why
    for file, functions in _TABLE.items()
    for function, faults in functions.items()
    for fault, why in faults.items()
}
