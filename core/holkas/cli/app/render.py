"""``holkas app render``: the resources of Applications, without a server."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from holkas.cli.app import App
from holkas.cli.errors import FAILED, OK, CommandError

if TYPE_CHECKING:
    from holkas.extensions.renderer import RenderedApplication, Renderer, RenderOptions
    from holkas.plugins.manager import PluginManager


@click.command(name="render", short_help="Print the resources that Applications consist of.")
@click.argument("names", nargs=-1, metavar="[FILE|NAME|- …]")
@click.option("--all", "everything", is_flag=True, help="Every Application of the repository.")
@click.option(
    "--revision", default="", metavar="REV", help="Take this repository's files at a commit, branch or tag."
)
@click.option(
    "--values", "-f", "files", multiple=True, metavar="FILE", help="Further helm values; the last wins."
)
@click.option(
    "-p", "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="A helm parameter."
)
@click.option(
    "--kube-version", default="", metavar="VERSION", help="Version of the cluster that charts ask about."
)
@click.option(
    "--api-versions", multiple=True, metavar="GROUP/VERSION", help="A version that the cluster has."
)
@click.option("--allow-impure", is_flag=True, help="Render also charts that give something else each time.")
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(("yaml", "json", "name")),
    default="yaml",
    help="What to print.",
)
@click.pass_obj
def command(
    app: App,
    names: tuple[str, ...],
    everything: bool,
    revision: str,
    files: tuple[str, ...],
    parameters: tuple[str, ...],
    kube_version: str,
    api_versions: tuple[str, ...],
    allow_impure: bool,
    form: str,
) -> int:
    """Print the resources of the Applications in FILE, or of those called NAME in this repository.

    Sources in this repository are read as they lie there, uncommitted changes included, or at --revision; a source
    that is pinned to a tag, a commit or another branch stays at it. With --all, Applications that others bring along
    are rendered too. The same files give the same bytes on every machine.

    Exit code: 0 rendered, 1 an Application cannot be rendered, 2 wrong usage.
    """
    if everything == bool(names):
        raise CommandError("give files or names of Applications, or --all")
    from holkas.extensions.renderer import RenderOptions

    options = RenderOptions(
        revision=revision,
        values=tuple(_values(name) for name in files),
        parameters=dict(_parameter(text) for text in parameters),
        kube_version=kube_version,
        api_versions=api_versions,
        allow_impure=allow_impure,
    )
    renderer = renderer_of(app)
    try:
        return _show(rendered(app, renderer, names, options), form)
    finally:
        renderer.close()


def renderer_of(app: App) -> Renderer:
    """The first renderer that is installed. Raises CommandError where there is none."""
    return first_renderer(app.manager)


def first_renderer(manager: PluginManager) -> Renderer:
    """The same of a given manager."""
    for provider in manager.providers("renderers"):
        renderer: Renderer = manager.make("renderers", provider.name)
        return renderer
    raise CommandError("no renderer is installed", hint="`holkas plugins list` shows what is")


def rendered(
    app: App, renderer: Renderer, names: tuple[str, ...], options: RenderOptions
) -> Iterable[RenderedApplication]:
    """What the words of the command line mean: files, names, or everything. Raises CommandError.

    A word that could be both a directory and a name is a name; ``./`` before it makes it a directory.
    """
    from holkas.extensions.source_fetcher import SourceRefused

    if names and all(_is_place(name) for name in names):
        return renderer.render(_applications(renderer, names), options)
    try:
        found = list(renderer.render_project(options))
    except SourceRefused as error:
        raise CommandError(str(error), hint=error.hint) from error
    if not names:
        return found
    known = {one.name for one in found}
    directories = tuple(name for name in names if name not in known and Path(name).is_dir())
    for name in names:
        if name not in known and name not in directories:
            from difflib import get_close_matches

            close = get_close_matches(name, known, 3)
            raise CommandError(
                f"there is no file and no Application {name}",
                hint=f"close: {', '.join(close)}" if close else "names are those of this repository's files",
            )
    chosen = [one for one in found if one.name in names]
    return [*chosen, *(renderer.render(_applications(renderer, directories), options) if directories else ())]


def _is_place(name: str) -> bool:
    return name == "-" or Path(name).is_file() or ("/" in name and Path(name).exists())


def _applications(renderer: Renderer, names: tuple[str, ...]) -> list[Mapping[str, Any]]:
    from holkas.cli.sources import read_documents, read_sources

    documents = read_documents(read_sources(names))
    found = [
        one.value for one in documents if isinstance(one.value, Mapping) and renderer.recognises(one.value)
    ]
    if not found:
        raise CommandError(f"{', '.join(names)}: there is no Application in it")
    return found


def _show(applications: Iterable[RenderedApplication], form: str) -> int:
    code = OK
    values: list[Any] = []
    first = True
    for one in applications:
        if one.findings:
            from holkas.cli.render.findings import render_text

            click.echo(render_text(one.findings), err=True)
        if one.failed:
            code = FAILED
        elif form == "name":
            sys.stdout.write("".join(f"{one.name} {name}\n" for name in one.names))
        elif form == "json":
            values.append(_as_json(one))
        elif one.text:
            sys.stdout.write(one.text if first else "---\n" + one.text)
            first = False
    if form == "json":
        import json

        click.echo(
            json.dumps(
                {"apiVersion": "holkas/v1", "kind": "RenderedApplicationList", "items": values},
                indent=2,
                ensure_ascii=False,
            )
        )
    return code


def _as_json(one: RenderedApplication) -> dict[str, Any]:
    return {
        "name": one.name,
        "namespace": one.namespace,
        "project": one.project,
        "revisions": list(one.revisions),
        "digest": one.digest,
        "resources": [dict(resource.manifest) for resource in one.resources()],
    }


def _values(name: str) -> Mapping[str, Any]:
    from holkas.yaml import Source, YamlError, load_documents

    try:
        documents = load_documents(Source.read(Path(name)), strict=False)
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror or error}") from error
    except YamlError as error:
        raise CommandError(f"{name} cannot be read", findings=(error.finding,)) from error
    if len(documents) > 1 or (documents and not isinstance(documents[0].value, dict)):
        raise CommandError(f"{name}: helm values are one mapping")
    return documents[0].value if documents else {}


def _parameter(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise CommandError(f"--parameter {text!r} is not NAME=VALUE")
    return name, value
