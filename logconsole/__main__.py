"""`python -m logconsole`."""

from __future__ import annotations

import sys

from logconsole.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
