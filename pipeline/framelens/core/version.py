"""The version, in one place, and those of what it stands on."""

__version__ = "0.1.0"


def versions() -> dict[str, str]:
    """Those on which what framelens says depends, by name."""
    import platform
    from importlib.metadata import version

    return {
        "framelens": __version__,
        "Python": platform.python_version(),
        "spaCy": version("spacy"),
        "NumPy": version("numpy"),
    }
