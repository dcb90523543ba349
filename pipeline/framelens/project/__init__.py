"""A codebook as one folder: scheme, rules, model, labelled sentences."""
