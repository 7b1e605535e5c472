"""Finding, in the raw bytes of stored lines, those that may match a query."""
