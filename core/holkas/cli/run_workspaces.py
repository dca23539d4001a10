"""The workspaces that ``holkas run`` is given on its command line, spelled as tkn spells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from holkas.cli.errors import CommandError
from holkas.model.workspace import WorkspaceBinding

_KINDS = {
    "hostPath": "hostPath",
    "emptyDir": "emptyDir",
    "claimName": "persistentVolumeClaim",
    "config": "configMap",
    "secret": "secret",
    "volumeClaimTemplateFile": "volumeClaimTemplate",
    "csiFile": "csi",
}
"""Key of the option → kind of the binding; ``hostPath`` is ours, the others are tkn's (tkn pipeline start --help)."""

_MEDIA = ("", "Memory", "HugePages")
_HINT = "-w name=src,hostPath=. (or -w src=.), or with one of " + ", ".join(list(_KINDS)[1:])


def parse_workspaces(words: Sequence[str]) -> tuple[WorkspaceBinding, ...]:
    """``name=src,hostPath=.`` and tkn's ``emptyDir=``, ``claimName=``, ``config=``, ``secret=``, ``item=``, ``subPath=``.

    ``src=./dir`` is short for a directory of this machine, in which the run may write. Raises CommandError.
    """
    return tuple(_workspace(word) for word in words)


def _workspace(word: str) -> WorkspaceBinding:
    parts = [tuple(part.split("=", 1)) for part in word.split(",")]
    for part in parts:
        if len(part) != 2:
            raise CommandError(f"-w {word!r}: {part[0]!r} has no '='", hint=_HINT)
    fields = {key.strip(): value for key, value in parts if key.strip() != "item"}
    items = [value for key, value in parts if key.strip() == "item"]
    if "name" not in fields:
        if len(parts) != 1 or items:
            raise CommandError(f"-w {word!r} has no name=", hint=_HINT)
        ((name, path),) = fields.items()
        fields = {"name": name, "hostPath": path}
    name, sub_path = fields.pop("name"), fields.pop("subPath", "")
    unknown = [key for key in fields if key not in _KINDS]
    if unknown:
        raise CommandError(f"-w {word!r}: there is no {unknown[0]!r}", hint=_HINT)
    if not name or len(fields) != 1:
        wrong = (
            "the name is empty" if not name else "two things at once" if fields else "nothing is bound to it"
        )
        raise CommandError(f"-w {word!r}: {wrong}", hint=_HINT)
    ((key, value),) = fields.items()
    if items and key not in ("config", "secret"):
        raise CommandError(f"-w {word!r}: item= goes with config= or secret=", hint=_HINT)
    source = {**_source(key, value, word), **_items(items, word)}
    return WorkspaceBinding(name=name, kind=_KINDS[key], source=source, sub_path=sub_path)


def _source(key: str, value: str, word: str) -> Mapping[str, Any]:
    if key == "hostPath":
        return {"path": str(Path(value).expanduser().absolute()), "writable": True}
    if key == "emptyDir":
        if value not in _MEDIA:
            raise CommandError(f"-w {word!r}: emptyDir is empty, Memory or HugePages, not {value!r}")
        return {"medium": value} if value else {}
    if key.endswith("File"):
        return _document(value, word)
    if not value:
        raise CommandError(f"-w {word!r}: {key} is empty", hint=_HINT)
    return {{"claimName": "claimName", "config": "name", "secret": "secretName"}[key]: value}


def _items(items: Sequence[str], word: str) -> Mapping[str, Any]:
    pairs = [item.partition("=") for item in items]
    if any(not separator for _, separator, _ in pairs):
        raise CommandError(
            f"-w {word!r}: item wants KEY=PATH", hint="-w name=etc,config=settings,item=app.ini=etc/app.ini"
        )
    return {"items": [{"key": key, "path": path} for key, _, path in pairs]} if pairs else {}


def _document(path: str, word: str) -> Mapping[str, Any]:
    """The YAML mapping in a file."""
    from holkas.yaml import Source, YamlError, load_documents

    try:
        documents = load_documents(Source.read(path))
    except OSError as error:
        raise CommandError(f"-w {word!r}: {path}: {error.strerror}") from error
    except YamlError as error:
        raise CommandError(f"-w {word!r}: {path} cannot be read", findings=[error.finding]) from error
    if len(documents) != 1 or not isinstance(documents[0].value, dict):
        raise CommandError(f"-w {word!r}: {path} holds no single mapping")
    return documents[0].value
