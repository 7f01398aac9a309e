"""What comes from other systems: Windows line endings, names that are not ASCII, packages that are not there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.cli_runner import ABS, Command, in_process, spawn

import subgrad_hardness as sh
from subgrad_hardness.batch.names import find_nets


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    return in_process(capsys)


def windows(file: Path, text: str) -> Path:
    """The text as an editor of Windows writes it: with a mark before it, and two characters at the end of a line."""
    file.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    return file


def test_windows_line_endings(run: Command, tmp_path: Path) -> None:
    net = sh.Program.from_text("inputs x y\nm = max x y\nf = m - 1/3 x  # what is left\noutputs f\n")
    assert sh.load(windows(tmp_path / "a.json", sh.dumps(net))) == net
    text = "inputs x y\n\nm = max x y\nf = m - 1/3 x  # what is left\noutputs f\n"
    assert sh.load(windows(tmp_path / "a.net", text)) == net
    certificate = sh.check(net).certificate
    assert certificate is not None
    assert sh.verify(net, windows(tmp_path / "a.cert", certificate.dumps().replace(",", ",\n")))
    manifest = windows(tmp_path / "nets.txt", "a.json\na.net\n")
    assert find_nets(manifest=manifest) == (str(tmp_path / "a.json"), str(tmp_path / "a.net"))
    vector = windows(tmp_path / "v.json", "[1,\n0]\n")
    assert run("contains", tmp_path / "a.json", vector, "--no-certify").status == 0
    formula = windows(tmp_path / "f.cnf", "c a formula\np cnf 2 2\n1 -2 0\n-1 2 0\n")
    assert sh.generate("ksat", from_dimacs=formula).input_count == 2
    answer = windows(tmp_path / "answer.txt", "sat\n((d0 1))\n")
    assert run("decode", ABS, answer, "--from", "smtlib").status == 0
    lines = tmp_path / "lines"
    list(sh.check_many([ABS], output=lines, certificates=tmp_path))
    saved = windows(tmp_path / "crlf", lines.read_text())
    assert run("verify", "--batch", saved).status == 0
    (again,) = sh.check_many([ABS], output=saved, certificates=tmp_path)
    assert again.earlier
    matrix = windows(tmp_path / "matrix.json", "[[1, 2],\n[3, 4]]\n")
    assert run("cost", "--forward-limit", 2, "--matrices", matrix, matrix).status == 0


def test_names_that_are_not_ascii(run: Command, tmp_path: Path) -> None:
    folder = tmp_path / "réseau 網 ü"
    assert run("generate", "3sat", "--variables", "3", "--ratio", "3", "--seeds", "1-2", "-o", folder).status == 0
    net, certificate = folder / "ksat-seed0001.json", folder / "beweis é.cert"
    assert run("check", net, "--certificate", certificate).status == 0
    assert run("verify", net, certificate).out == "VERIFIED distinct\n"
    assert run("encode", folder, "--to", "lp", "-o", folder / "ü").out.startswith(
        f"{net}: {folder}/ü/ksat-seed0001.lp\n"
    )
    (net := folder / "π.json").write_text('{"inputs": ["θ"], "nodes": []}', encoding="utf-8")
    assert run("check", net).error == f"{net}: no outputs"


def test_a_locale_without_these_letters(tmp_path: Path) -> None:
    net = tmp_path / "π.json"
    net.write_text('{"inputs": ["θ"], "nodes": [{"id": "ξ", "op": "abs", "args": ["θ"]}], "outputs": ["ξ"]}', "utf-8")
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONPATH": ":".join(sys.path)}
    ran = spawn(["check", net, "--json"], env=plain)
    assert ran.status == 0
    assert ran.json["kink_names"] == ["ξ"]


def _onnx(folder: Path) -> Any:
    (folder / "net.onnx").write_bytes(b"\x08\x07")
    return sh.load(folder / "net.onnx")


#: What wants an extra -> the package that is missing, the extra that brings it.
WANTING: dict[str, tuple[Callable[[Path], Any], str, str]] = {
    "ONNX files": (_onnx, "onnx", "onnx"),
    "encode onnx": (lambda _: sh.encode(ABS, "onnx"), "onnx", "onnx"),
    "audit_torch": (lambda _: sh.audit_torch(object(), [0.0]), "torch", "torch"),
    "audit_jax": (lambda _: sh.audit_jax(abs, [0.0]), "jax", "jax"),
    "audit_tensorflow": (lambda _: sh.audit_tensorflow(abs, [0.0]), "tensorflow", "tensorflow"),
    "pictures": (lambda folder: sh.plot_fan(ABS, folder / "fan.png"), "matplotlib", "plot"),
    "dask": (lambda _: list(sh.check_many([ABS], dask="local:1")), "distributed", "dask"),
    "peers": (lambda _: sh.cost(ABS, peers=["torch"]), "torch", "torch"),
}


@pytest.mark.parametrize("name", WANTING)
def test_a_missing_extra_is_named_with_the_line_that_installs_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, package, extra = WANTING[name]
    for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.delitem(sys.modules, "subgrad_hardness.models.onnx_messages", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises((sh.InputError, ValueError)) as refused:
        call(tmp_path)
    said = f"needs the package {package}: pip install {package}, or pip install '.[{extra}]' in a clone"
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
