"""Settings of the whole test run."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from hypothesis import settings

# Shared helpers are the package ``support`` beside this file.
if (_HERE := str(Path(__file__).parent)) not in sys.path:
    sys.path.insert(0, _HERE)

# A shell's background job inherits an ignored SIGINT, and its children would, too: tests that send Ctrl-C to a process
# of their own would wait for ever.  A handler of Python's own is reset to the default in a child.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A slow machine is no failure; what takes long is bounded by the number of examples.
settings.register_profile("exact", deadline=None)
settings.load_profile("exact")

#: Fixtures that several rooms use.
pytest_plugins = ["support.recorded"]
