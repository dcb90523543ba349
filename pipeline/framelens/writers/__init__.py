"""Classified sentences → JSON Lines, CSV, Parquet, plain text; one list of fields for all."""
