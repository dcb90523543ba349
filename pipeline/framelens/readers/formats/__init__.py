"""One file a format: bytes → passages."""
