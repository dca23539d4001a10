"""The params that ``holkas run`` is given on its command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from holkas.cli.errors import CommandError


def parse_params(words: Sequence[str]) -> dict[str, str]:
    """``name=value``, the last one of a name; ``@file`` is the text of a file, ``@@…`` a value that begins with ``@``.

    Values are texts: who knows the param's type reads arrays (``a,b`` as with tkn, or JSON) and objects (JSON) out of
    them. Raises CommandError.
    """
    params: dict[str, str] = {}
    for word in words:
        name, separator, text = word.partition("=")
        if not separator or not name:
            raise CommandError(f"-p {word!r} is not NAME=VALUE")
        if text.startswith("@@"):
            text = text[1:]
        elif text.startswith("@"):
            text = _file(name, text[1:])
        params[name] = text
    return params


def _file(name: str, path: str) -> str:
    hint = "a value that begins with @ is written @@"
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"-p {name}: {path}: {error.strerror}", hint=hint) from error
    except UnicodeDecodeError as error:
        raise CommandError(f"-p {name}: {path}: the file is not UTF-8 text") from error
