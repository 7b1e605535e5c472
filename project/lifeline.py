"""Run a module that ends when the process that started it is gone.

``python -m project.lifeline MODULE ARGS`` with a pipe as standard input: nothing is ever written to it, and
the system closes it when its other end dies, however it died.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    """Start to watch standard input, then become the module."""
    threading.Thread(target=_end_with_parent, name="lifeline", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _end_with_parent() -> None:
    while os.read(sys.__stdin__.fileno(), 1):  # type: ignore[union-attr]  # the parent gave us one
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
