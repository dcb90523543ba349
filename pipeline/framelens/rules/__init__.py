"""Rule files → compiled rules → hits."""
