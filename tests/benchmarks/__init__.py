"""Measurements of accuracy and speed, run by hand: they need minutes and a quiet machine."""
