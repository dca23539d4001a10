"""Where something stands in a document: keys and indexes from its root."""

from __future__ import annotations

PathPart = str | int
"""A key of a mapping or an index of a sequence."""

DocumentPath = tuple[PathPart, ...]
"""A place below the root of a document."""
