"""holkas takes software from a commit to production. This package is its core: it decides, plugins act."""

__version__ = "0.1.0"
