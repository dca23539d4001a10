"""Plain directories: manifests in YAML and JSON, and jsonnet.

Source: Argo CD, "Directory"; reposerver/repository/repository.go (findManifests and what it calls).
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping
from typing import Any

from holkas.gitops.glob import matches

from .environment import BuildEnvironment
from .failure import RenderFailure
from .inputs import TreeReader
from .manifests import split
from .workers import Workers

SKIP = b"+argocd:skip-file-rendering"
MAX_COMBINED = 64 << 20
"""Bytes of all manifests of one Application."""

_MANIFEST = re.compile(r"^.*\.(yaml|yml|json|jsonnet)$")


def render_directory(
    path: str, options: Mapping[str, Any], reader: TreeReader, environment: BuildEnvironment, workers: Workers
) -> list[dict[str, Any]]:
    """The manifests of a directory, by path. Raises RenderFailure."""
    found: list[dict[str, Any]] = []
    size = 0
    for name in manifest_files(path, options, reader):
        if name.endswith(".jsonnet"):
            from .jsonnet import render_jsonnet

            block = options.get("jsonnet")
            settings = block if isinstance(block, Mapping) else {}
            found += render_jsonnet(name, path, settings, reader, environment, workers)
            continue
        data = reader.read(name)
        size += len(data)
        if size > MAX_COMBINED:
            raise RenderFailure(
                "R104", f"the manifests of {path or '.'} are larger than {MAX_COMBINED >> 20} MiB"
            )
        if SKIP in data:
            continue
        found += _of_json(name, data) if name.endswith(".json") else _of_yaml(name, data)
    return found


def manifest_files(path: str, options: Mapping[str, Any], reader: TreeReader) -> list[str]:
    """The files that are read, sorted as a walk of the directory meets them."""
    include, exclude = str(options.get("include") or ""), str(options.get("exclude") or "")
    recurse, any_name = bool(options.get("recurse")), bool(options.get("disableExtensionFilter"))
    if reader.is_file(path):
        raise RenderFailure("R103", f"{path}: app path is not a directory")
    if not reader.is_directory(path):
        raise RenderFailure("R103", f"{path}: app path does not exist")
    found = []
    for name in reader.below(path):
        relative = posixpath.relpath(name, path) if path else name
        if "/" in relative and not recurse:
            continue
        if not any_name and not _MANIFEST.match(posixpath.basename(name)):
            continue
        if (exclude and matches(exclude, relative)) or (include and not matches(include, relative)):
            continue
        if reader.is_regular(name):
            found.append(name)
    return sorted(found, key=lambda name: name.split("/"))


def _of_json(name: str, data: bytes) -> list[dict[str, Any]]:
    from holkas.yaml import YamlError, load

    try:
        text = data.decode("utf-8-sig")
        value, end = json.JSONDecoder().raw_decode(text.lstrip())
        if text.lstrip()[end:].strip():
            raise RenderFailure(
                "R107",
                f'Found multiple objects in "{name}". Only single objects are allowed in JSON files.',
            )
        value = load(json.dumps(value))
    except (ValueError, RecursionError) as error:
        raise RenderFailure("R107", f"Failed to unmarshal {name!r}: {_kind_of(error)}") from None
    except YamlError as error:
        raise RenderFailure("R107", f"Failed to unmarshal {name!r}: {error.finding.message}") from None
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        raise RenderFailure("R107", f"Failed to unmarshal {name!r}: it is no manifest")
    return [value]


def _kind_of(error: Exception) -> str:
    """What is wrong without a word of the file itself, which may be somebody's secret."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}: this is no JSON"
    return "this is no JSON"


def _of_yaml(name: str, data: bytes) -> list[dict[str, Any]]:
    """The manifests of a YAML file; nothing where it cannot be read and does not look like a manifest either."""
    try:
        documents = split(data, name)
        kinds = [isinstance(value.get("kind"), str) and bool(value["kind"]) for value in documents]
        if not all(kinds):
            raise RenderFailure("R107", f"Failed to unmarshal {name!r}: Object 'Kind' is missing")
    except RenderFailure:
        if all(key in data for key in (b"apiVersion:", b"kind:", b"metadata:")):
            raise
        return []
    return documents
