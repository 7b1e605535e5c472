"""The demo: a small shop whose log is worth looking at."""
