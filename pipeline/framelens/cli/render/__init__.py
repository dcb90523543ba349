"""Results drawn for a terminal."""
