"""When expressions."""

from __future__ import annotations

from holkas.model.when import When

from holkas_compat.tekton.reader.fields import Raw, items, text, texts


def read_whens(raw: Raw, key: str = "when") -> tuple[When, ...]:
    """The expressions under ``key``."""
    return items(raw, key, _read)


def _read(raw: Raw) -> When:
    return When(
        input=text(raw, "input"),
        operator=text(raw, "operator"),
        values=texts(raw, "values"),
        cel=text(raw, "cel"),
    )
