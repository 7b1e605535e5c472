"""Where entries are kept, in arrival order."""
