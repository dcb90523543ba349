"""Classified sentences → shares, time lines, what sets groups apart."""
