"""The version of framelens, and those of what its results depend on."""

__version__ = "0.1.0"


def versions() -> dict[str, str]:
    """The versions, by name, that results depend on."""
    import platform
    from importlib.metadata import version

    return {
        "framelens": __version__,
        "Python": platform.python_version(),
        "spaCy": version("spacy"),
        "NumPy": version("numpy"),
    }
