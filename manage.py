#!/usr/bin/env python3
"""The demo site's command line."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command on the demo site, unless the environment names other settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
