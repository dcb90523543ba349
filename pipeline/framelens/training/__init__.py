"""Labelled sentences → a model; all that needs scikit-learn."""
