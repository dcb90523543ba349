"""Labelled sentences: what one is, how tables hold them, how they are read and checked."""
