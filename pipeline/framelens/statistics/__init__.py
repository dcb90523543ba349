"""Numpy in, numbers out: figures, intervals, agreement, calibration."""
