"""What ``holkas run`` is given on its command line, turned into a wish for the importer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from holkas.cli.errors import CommandError
from holkas.model.value import Value
from holkas.model.workspace import WorkspaceBinding


def parse_params(words: Sequence[str]) -> dict[str, Value]:
    """``name=value`` as tkn spells it; a JSON array or object of strings becomes one, ``@file`` is read from a file.

    Raises CommandError.
    """
    params: dict[str, Value] = {}
    for word in words:
        name, separator, text = word.partition("=")
        if not separator or not name:
            raise CommandError(f"-p {word!r} is not NAME=VALUE")
        if text.startswith("@"):
            try:
                text = Path(text[1:]).read_text(encoding="utf-8")
            except OSError as error:
                raise CommandError(f"-p {name}: {text[1:]}: {error.strerror}") from error
        params[name] = _value(text)
    return params


def _value(text: str) -> Value:
    if text[:1] in ("[", "{"):
        try:
            value = json.loads(text)
        except ValueError:
            return text
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
            return value
    return text


_KINDS = {
    "emptydir": "emptyDir",
    "claimname": "persistentVolumeClaim",
    "config": "configMap",
    "secret": "secret",
    "hostpath": "hostPath",
    "volumeclaimtemplatefile": "volumeClaimTemplate",
}


def parse_workspaces(words: Sequence[str]) -> tuple[WorkspaceBinding, ...]:
    """``name=src,hostPath=.`` and tkn's ``emptyDir=``, ``claimName=``, ``config=``, ``secret=``, ``subPath=``.

    ``src=./dir`` is short for a directory of this machine. Raises CommandError.
    """
    return tuple(_workspace(word) for word in words)


def _workspace(word: str) -> WorkspaceBinding:
    fields: dict[str, str] = {}
    for part in word.split(","):
        key, separator, value = part.partition("=")
        if not separator:
            raise CommandError(f"-w {word!r}: {part!r} has no '='", hint="-w name=src,hostPath=. or -w src=.")
        fields[key.strip()] = value
    if "name" not in fields:
        if len(fields) != 1:
            raise CommandError(f"-w {word!r} has no name=", hint="-w name=src,hostPath=. or -w src=.")
        ((name, path),) = fields.items()
        fields = {"name": name, "hostPath": path}
    name, sub_path = fields.pop("name"), fields.pop("subPath", fields.pop("subpath", ""))
    kinds = [key for key in fields if key.lower() in _KINDS]
    if len(kinds) != 1 or len(fields) != 1:
        wrong = ", ".join(key for key in fields if key not in kinds) or "nothing that binds it"
        raise CommandError(
            f"-w {word!r}: {wrong}", hint="give one of hostPath, emptyDir, claimName, config, secret"
        )
    kind = _KINDS[kinds[0].lower()]
    return WorkspaceBinding(name=name, kind=kind, source=_source(kind, fields[kinds[0]]), sub_path=sub_path)


def _source(kind: str, value: str) -> Mapping[str, object]:
    if kind == "hostPath":
        return {"path": str(Path(value).expanduser().absolute()), "writable": True}
    if kind == "persistentVolumeClaim":
        return {"claimName": value}
    if kind == "configMap":
        return {"name": value}
    if kind == "secret":
        return {"secretName": value}
    if kind == "volumeClaimTemplate":
        return {"metadata": {}, "spec": {}}
    return {}
