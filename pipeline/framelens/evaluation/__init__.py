"""Labelled sentences → figures."""
