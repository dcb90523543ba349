"""The page on documents."""
