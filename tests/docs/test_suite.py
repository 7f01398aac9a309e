"""How the tests themselves are written: no module leans on another test, none on what the package keeps private."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from support.paths import TESTS

SMALL = "so that small nets come to the limit"
#: Private names of modules that tests may replace, with the reason.  Private names of classes: none.
PATCHED = {
    "_BEGIN": "so that solvers that cannot begin are given up soon",
    "_FAILURES": SMALL,
    "_FAILURES_EACH": SMALL,
    "_FEW": SMALL,
    "_FEW_PRODUCTS": SMALL,
    "_FIRST_BUDGET": "so that budgets are told apart on a slow machine",
    "_GREEDY_EACH": "so that Bland's rule is met early",
    "_GREEDY_PIVOTS": "so that Bland's rule is met early",
    "_GREEDY_PIVOTS_EACH": "so that Bland's rule is met early",
    "_AT_ONCE": SMALL,
    "_MANY": SMALL,
    "_MANY_OUTPUTS": SMALL,
    "_MODULUS": "so that hashes collide",
    "_MULTIPLIERS": "so that hashes collide",
    "_MOST_AT_ONCE": SMALL,
    "_MOST_BITS": "so that small nets take several passes",
    "_MOST_BYTES": SMALL,
    "_MOST_ENTRIES": SMALL,
    "_MOST_PRODUCTS": SMALL,
    "_MOST_STEPS": "so that what has no fixed point is given up soon",
    "_MOST_VALUES": SMALL,
    "_PAUSE": "how often a line about progress changes, so that every step is seen",
    "_SOONEST": "how soon a line may change, so that every line is seen",
    "_QUIET": "after how long a line says that time passes, so that no test waits for it",
    "_START": "what a worker process runs, so that it fails to start in each way",
    "_unscaled": "a wrong step of an obfuscation, which has to be caught",
    "_TOUCHED": SMALL,
    "_thread.start_new_thread": "a system without room for threads; the name is Python's",
}
#: Names that are computed, and are public: (file, expression).
TABLES = {
    ("api/test_results.py", "field"),
    ("docs/test_torch_by_hand.py", "kind.__name__"),
    ("net/test_writing.py", "step"),
    ("obfuscation/test_obfuscation_limits.py", "limit"),
}


class Fault(NamedTuple):
    """What is wrong, and where."""

    file: str
    line: int
    what: str


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def imported(tree: ast.AST) -> Iterator[tuple[str, str, int]]:
    """(name here, module or object it stands for, line)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name, alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module or ''}.{alias.name}", node.lineno


def imports_of_tests(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for _, target, line in imported(tree):
        if any(part.startswith("test_") for part in target.split(".")[:-1]) or target.startswith("test_"):
            yield line, f"imports {target}"


def of_the_package(trees: Mapping[str, ast.AST]) -> set[tuple[str, str]]:
    """(file, name) of all classes of the package that a file names, and of all classes that derive from them."""
    here = {file: {name: target for name, target, _ in imported(tree)} for file, tree in trees.items()}
    found = {
        (file, name) for file, names in here.items() for name, target in names.items() if target.startswith("subgrad_")
    }
    classes = [
        (file, node) for file, tree in trees.items() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]
    while True:
        new = {(file, node.name) for file, node in classes if any((file, root(base)) in found for base in node.bases)}
        homes = {(file.removesuffix(".py").replace("/", "."), name) for file, name in found | new}
        new |= {(file, name) for file, names in here.items() for name, t in names.items() if parted(t) in homes}
        if new <= found:
            return found
        found |= new


def parted(target: str) -> tuple[str, str]:
    module, _, name = target.rpartition(".")
    return module, name


def root(base: ast.expr) -> str:
    """The name that an expression begins with."""
    while isinstance(base, ast.Attribute | ast.Subscript | ast.Call):
        base = base.func if isinstance(base, ast.Call) else base.value
    return base.id if isinstance(base, ast.Name) else ""


def private_overrides(tree: ast.AST, ours: set[str]) -> Iterator[tuple[int, str]]:
    """Private names in classes that derive from the package's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(root(base) in ours for base in node.bases):
            for part in node.body:
                for name in defined(part):
                    if private(name):
                        yield part.lineno, f"{node.name} of the package's {root(node.bases[0])} defines {name}"


def defined(part: ast.stmt) -> list[str]:
    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
        return [part.name]
    targets = part.targets if isinstance(part, ast.Assign) else [part.target] if isinstance(part, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def private_patches(tree: ast.AST, file: str) -> Iterator[tuple[int, str]]:
    """Private names that are replaced: ``setattr`` and ``patch`` in any form, and plain assignment."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in ("setattr", "delattr", "patch", "object"):
            yield from patched(node, file)
        elif isinstance(node, ast.Assign | ast.AugAssign | ast.Delete):
            for target in [node.target] if isinstance(node, ast.AugAssign) else node.targets:
                if isinstance(target, ast.Attribute) and private(target.attr) and root(target) not in ("self", "cls"):
                    yield node.lineno, f"sets {ast.unparse(target)}"


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else root(node.func)


def patched(node: ast.Call, file: str) -> Iterator[tuple[int, str]]:
    if not node.args or (called(node) == "object" and len(node.args) < 2):
        return
    first, second = node.args[0], node.args[1] if len(node.args) > 1 else None
    owner, name = "", ""
    if (text := ending(first)) is not None:  # "module.name", to be replaced by the second argument
        name = text
        owner = text.split(".")[-2] if text.count(".") else ""
        allowed = name in PATCHED or name.rpartition(".")[2] in PATCHED
    elif second is not None and (text := ending(second)) is not None:
        owner, name, allowed = ast.unparse(first).rpartition(".")[2], text, text in PATCHED
    elif second is not None and (file, ast.unparse(second)) in TABLES:
        return
    else:
        yield node.lineno, f"replaces {ast.unparse(second or first)}, which cannot be read here"
        return
    if not any(map(private, name.split("."))):
        return
    if owner[:1].isupper():
        yield node.lineno, f"replaces {name}, which the class {owner} keeps private"
    elif not allowed:
        yield node.lineno, f"replaces {name}, which is not listed"


def ending(node: ast.expr) -> str | None:
    """The end of a text that is known."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[-1] if isinstance(node.values[-1], ast.Constant) else node
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def faults(trees: Mapping[str, ast.AST]) -> list[Fault]:
    ours = of_the_package(trees)
    found = []
    for file, tree in trees.items():
        names = {name for home, name in ours if home == file}
        for line, what in (*imports_of_tests(tree), *private_overrides(tree, names), *private_patches(tree, file)):
            found.append(Fault(file, line, what))
    return found


def test_tests_lean_on_no_test_and_on_nothing_private() -> None:
    files = sorted(path for path in TESTS.rglob("*.py") if "__pycache__" not in path.parts)
    assert len(files) > 150
    found = faults({str(path.relative_to(TESTS)): ast.parse(path.read_text(encoding="utf-8")) for path in files})
    assert found == []


def test_each_name_of_the_list_is_needed() -> None:
    others = [path for path in TESTS.rglob("test_*.py") if path != Path(__file__)]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in others)
    assert [name for name in PATCHED if f'{name}"' not in texts] == []


# The reader itself.

ENGINE = "from subgrad_hardness.engine.phase.theory import TheoryCheck\n"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("from test_box import ask", "imports test_box.ask"),
        ("import test_box", "imports test_box"),
        ("def late():\n    from linear.test_box import ask", "imports linear.test_box.ask"),
        ("from support.boxes import test_of", None),
        (ENGINE + "class A(TheoryCheck):\n    def _run(self): ...", "A of the package's TheoryCheck defines _run"),
        (ENGINE + "class A(TheoryCheck):\n    _seen = []", "A of the package's TheoryCheck defines _seen"),
        (ENGINE + "class A(TheoryCheck): ...\nclass B(A):\n    def _go(self): ...", "B of the package's A defines _go"),
        (
            "from subgrad_hardness.linear import box\nclass A(box.BoxSystem):\n    async def _go(self): ...",
            "A of the package's box defines _go",
        ),
        (ENGINE + "class A(TheoryCheck):\n    def __init__(self): ...\n    def run(self): ...", None),
        ("class A(dict):\n    def _go(self): ...", None),
        (
            "from support.kept import Kept\nclass A(Kept):\n    def _go(self): ...",
            "A of the package's Kept defines _go",
        ),
        ('m.setattr(BoxSystem, "_pivot", 1)', "replaces _pivot, which the class BoxSystem keeps private"),
        ('m.setattr(box.BoxSystem, "_START", 1)', "replaces _START, which the class BoxSystem keeps private"),
        ('m.setattr("a.b.Box._pivot", 1)', "replaces a.b.Box._pivot, which the class Box keeps private"),
        ('m.setattr(f"{HERE}._other", 1)', "replaces ._other, which is not listed"),
        ('m.setattr(box, "_other", 1)', "replaces _other, which is not listed"),
        ('mock.patch("a.b._other")', "replaces a.b._other, which is not listed"),
        ('patch.object(box, "_other")', "replaces _other, which is not listed"),
        ("m.setattr(box, name, 1)", "replaces name, which cannot be read here"),
        ('m.setattr(spawn, "_START", 1)', None),
        ('m.setattr("a.spawn._START", 1)', None),
        ('m.setattr(BoxSystem, "solve", 1)', None),
        ("system._basis = []", "sets system._basis"),
        ("def f(self):\n    self._basis = []", None),
    ],
)
def test_faults_are_seen(text: str, what: str | None) -> None:
    kept = ast.parse("from subgrad_hardness.linear.box import BoxSystem\nclass Kept(BoxSystem): ...")
    found = faults({"support/kept.py": kept, "linear/test_a.py": ast.parse(text)})
    assert [fault.what for fault in found] == ([] if what is None else [what])
