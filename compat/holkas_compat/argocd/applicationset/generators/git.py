"""``git``: directories of a repository, or files with parameters in them.

Source: Argo CD's documentation, "Git Generator"; a path that is excluded anywhere is excluded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.functions import as_go, normalize, wrong_shape
from holkas_compat.argocd.applicationset.generators.given import MOST_PARAMS, Given
from holkas_compat.argocd.applicationset.globs import match, match_old, match_tree
from holkas_compat.argocd.applicationset.params import add_values, flatten
from holkas_compat.argocd.applicationset.repository import RepositoryFiles
from holkas_compat.argocd.applicationset.substitution import Params
from holkas_compat.gotemplate.values import StringList


def generate(config: Mapping[str, Any], given: Given) -> list[Params]:
    """One set a directory, or one a mapping in a file; directories win where both are asked for."""
    return generate_from(config, given, "git", given.world.old_globbing)


def generate_from(config: Mapping[str, Any], given: Given, kind: str, old_globbing: bool) -> list[Params]:
    """The same for any kind of repository. old_globbing: paths of files are git's own patterns."""
    lead = f"error generating params from {kind}: "
    directories, files = config.get("directories") or [], config.get("files") or []
    if not directories and not files:
        raise GenerationError(f"{lead}neither directories nor files are asked for", path=())
    found = given.world.outside.files(str(config.get("repoURL", "")), str(config.get("revision") or ""))
    try:
        if directories:
            return _directories(config, directories, found, given)
        return _files(config, files, found, given, match_old if old_globbing else match_tree)
    except GenerationError as error:
        raise GenerationError(f"{lead}{error}", path=error.path, code=error.code, hint=error.hint) from error


def _chosen(paths: list[str], items: list[Any], fits: Callable[[str, str], bool]) -> list[str]:
    """The paths that an item includes and none excludes."""
    wanted = [
        (str(item.get("path", "")), bool(item.get("exclude"))) for item in items if isinstance(item, Mapping)
    ]
    included = [pattern for pattern, exclude in wanted if not exclude]
    excluded = [pattern for pattern, exclude in wanted if exclude]
    return [
        path
        for path in paths
        if any(fits(pattern, path) for pattern in included)
        and not any(fits(pattern, path) for pattern in excluded)
    ]


def _directories(
    config: Mapping[str, Any], items: list[Any], found: RepositoryFiles, given: Given
) -> list[Params]:
    made: list[Params] = []
    for path in _chosen(found.directories(), items, match):
        params: Params = {}
        _add_path(params, path, "", config, given.how.go_template)
        try:
            _add_values(config, params, given)
        except GenerationError as error:
            raise GenerationError(
                f"error generating params from apps: {error}", path=error.path, code=error.code
            ) from error
        made.append(params)
    return made


def _files(
    config: Mapping[str, Any],
    items: list[Any],
    found: RepositoryFiles,
    given: Given,
    fits: Callable[[str, str], bool],
) -> list[Params]:
    made: list[Params] = []
    repository = str(config.get("repoURL", ""))
    for path in sorted(
        _chosen(found.paths(), items, fits), key=lambda name: name.encode("utf-8", "surrogateescape")
    ):
        try:
            made += _of_file(path, found.read(path), config, given)
        except GenerationError as error:
            raise GenerationError(
                f"unable to process file '{path}' from repository '{repository}': {error}",
                path=error.path,
                code=error.code,
            ) from error
        if len(made) > MOST_PARAMS:
            raise GenerationError(f"the files hold more than {MOST_PARAMS} sets of parameters")
    return made


def _of_file(path: str, content: bytes, config: Mapping[str, Any], given: Given) -> list[Params]:
    directory, _, name = path.rpartition("/")
    made: list[Params] = []
    for mapping in _mappings(content):
        params: Params = {}
        if given.how.go_template:
            params.update(as_go(mapping))
        else:
            params.update(flatten(as_go(mapping)))
        _add_path(params, directory or ".", name, config, given.how.go_template)
        _add_values(config, params, given)
        made.append(params)
    return made


def _mappings(content: bytes) -> list[dict[str, Any]]:
    """The mapping of a file, or those of its list; an empty file has one that is empty."""
    from holkas.yaml import YamlError, load

    try:
        value = load(content, strict=False)
    except YamlError as error:
        raise GenerationError(
            f"unable to parse file: error converting YAML to JSON: {error.finding.message}"
        ) from error
    if value is None:
        return [{}]
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise GenerationError(f"unable to parse file: {wrong_shape(value, '[]map[string]interface {}')}")
    for item in value:
        if not isinstance(item, dict):
            raise GenerationError(f"unable to parse file: {wrong_shape(item, 'map[string]interface {}')}")
    return value


def _add_path(params: Params, path: str, file: str, config: Mapping[str, Any], go_template: bool) -> None:
    """The parameters about the path; file: the name of the file in it, if that is what was found."""
    prefix = str(config.get("pathParamPrefix") or "")
    base = path.rpartition("/")[2]
    about = {"basename": base, "basenameNormalized": normalize(base)}
    if file:
        about |= {"filename": file, "filenameNormalized": normalize(file)}
    segments = path.split("/")
    if go_template:
        whole = {"path": path, **about, "segments": StringList(segments)}
        params.update({prefix: {"path": whole}} if prefix else {"path": whole})
        return
    name = f"{prefix}.path" if prefix else "path"
    params[name] = path
    params.update({f"{name}.{key}": value for key, value in about.items()})
    params.update({f"{name}[{index}]": part for index, part in enumerate(segments) if part})


def _add_values(config: Mapping[str, Any], params: Params, given: Given) -> None:
    try:
        add_values(config.get("values"), params, given.how)
    except GenerationError as error:
        raise GenerationError(
            f"failed to append templated values: {error}", path=("values",), code=error.code
        ) from error
