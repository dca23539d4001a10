"""Small git repositories with Applications, and the renderer that a user gets for them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from holkas.extensions.renderer import RenderedApplication, RenderOptions
from holkas.plugins import Context
from holkas.yaml import dump
from holkas_builtin.sources.local import LocalFetcher
from holkas_compat.argocd.rendering.renderer import ArgoRenderer

CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  value: '{value}'\n"


def git(directory: Path, *words: str) -> str:
    """Run git with a fixed author and time."""
    environ = {
        **os.environ,
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
        "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
    }  # fmt: skip
    done = subprocess.run(
        ["git", "-C", str(directory), *words],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.strip()


def write(directory: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a directory."""
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return directory


def repository(directory: Path, files: Mapping[str, str | bytes]) -> Path:
    """A repository with one commit on ``main``."""
    directory.mkdir(parents=True, exist_ok=True)
    git(directory, "init", "-q", "-b", "main")
    write(directory, files)
    commit(directory)
    return directory


def commit(directory: Path) -> str:
    """Commit everything and return the id."""
    git(directory, "add", "-A")
    git(directory, "commit", "-q", "--allow-empty", "-m", "x")
    return git(directory, "rev-parse", "HEAD")


def application(
    name: str, source: Mapping[str, Any] | Sequence[Mapping[str, Any]], **more: Any
) -> dict[str, Any]:
    """An Application in namespace ``ns``; a source without ``repoURL`` is of this repository."""
    listed = [{"repoURL": ".", **one} for one in ([source] if isinstance(source, Mapping) else source)]
    spec: dict[str, Any] = {"project": "default", "destination": {"server": "https://x", "namespace": "ns"}}
    spec |= {"source": listed[0]} if isinstance(source, Mapping) else {"sources": listed}
    metadata = {"name": name, "namespace": "argocd", **more}
    return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": metadata, "spec": spec}


def manifest_text(name: str, source: Mapping[str, Any] | Sequence[Mapping[str, Any]], **more: Any) -> str:
    """The same as YAML."""
    return dump(application(name, source, **more))


class Project:
    """A renderer over one directory, made anew for each question as each command does it."""

    def __init__(self, root: Path, state: Path, plugins: Mapping[str, Sequence[str]] | None = None) -> None:
        self.root = root
        self.state = state
        self.plugins = dict(plugins or {})
        self.options: dict[str, Any] = {}

    def renderer(self) -> ArgoRenderer:
        context = Context(
            project=self.root,
            state=self.state,
            options={"config_management_plugins": self.plugins, **self.options},
        )
        return ArgoRenderer(context, [LocalFetcher(context)])

    def render(self, *manifests: Mapping[str, Any], **options: Any) -> list[RenderedApplication]:
        renderer = self.renderer()
        try:
            return list(renderer.render(manifests, RenderOptions(**options)))
        finally:
            renderer.close()

    def everything(self, **options: Any) -> dict[str, RenderedApplication]:
        renderer = self.renderer()
        try:
            return {one.name: one for one in renderer.render_project(RenderOptions(**options))}
        finally:
            renderer.close()

    def one(
        self, source: Mapping[str, Any] | Sequence[Mapping[str, Any]], **options: Any
    ) -> RenderedApplication:
        """Render one Application called ``app``."""
        return self.render(application("app", source), **options)[0]

    def manifests(self, source: Mapping[str, Any] | Sequence[Mapping[str, Any]], **options: Any) -> list[Any]:
        """Its manifests; it must not fail."""
        rendered = self.one(source, **options)
        assert not rendered.failed, rendered.findings
        return [resource.manifest for resource in rendered.resources()]

    def failure(
        self, source: Mapping[str, Any] | Sequence[Mapping[str, Any]], **options: Any
    ) -> tuple[str, str]:
        """Code and message; it must fail, with nothing rendered."""
        rendered = self.one(source, **options)
        assert rendered.failed
        assert rendered.text == ""
        return rendered.findings[0].code, rendered.findings[0].message
