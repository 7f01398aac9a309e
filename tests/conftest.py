"""Settings of the whole test run."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Shared helpers are the package ``support`` beside this file.
if (_HERE := str(Path(__file__).parent)) not in sys.path:
    sys.path.insert(0, _HERE)

# A shell's background job inherits an ignored SIGINT, and its children would, too: tests that send Ctrl-C to a process
# of their own would wait for ever.  A handler of Python's own is reset to the default in a child.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Hundreds of tests start processes.  Where no byte code may be written each of them would compile the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A slow machine is no failure; what takes long is bounded by the number of examples.
settings.register_profile("exact", deadline=None, max_examples=50)
settings.load_profile("exact")

#: Fixtures that several rooms use.
pytest_plugins = ["support.recorded"]


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """The whole suite (plain ``pytest``, no files named) uses all processors, if pytest-xdist is there.

    Said here and not by ``addopts``: whoever names files, or runs pytest without plugins, is not concerned.  ``-n 0``
    keeps everything in one process.
    """
    options = config.option
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if not whole or "PYTEST_XDIST_WORKER" in os.environ or getattr(options, "numprocesses", 0) is not None:
        return
    if options.usepdb or options.collectonly:
        return
    options.numprocesses, options.dist = len(os.sched_getaffinity(0)), "worksteal"


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """The collected tests and the loaded packages stay to the end: no search for cycles goes through them again.

    A search takes 0.4 s with them, and code that gives memory back makes one each time.
    """
    gc.freeze()
