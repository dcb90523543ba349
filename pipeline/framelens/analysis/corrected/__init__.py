"""Samples drawn with known probabilities, and the shares that their labels correct."""
