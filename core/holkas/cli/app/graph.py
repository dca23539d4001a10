"""``holkas app graph``: which Application brings along which, and which waits for which."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from holkas.cli.app import App
from holkas.cli.app.session import local_option, revision_option
from holkas.cli.errors import FAILED, OK

if TYPE_CHECKING:
    from holkas.reconciler.unit import Unit


@click.command(name="graph", short_help="Show which Application waits for which.")
@revision_option
@local_option
@click.option(
    "-o",
    "--output",
    type=click.Choice(("text", "mermaid", "dot", "json")),
    default="text",
    help="What to print.",
)
@click.pass_obj
def command(app: App, revision: str, local: bool, output: str) -> int:
    """Show the Applications of this repository: those that bring others along, and the order of their dependencies.

    Dependencies are named in the annotation `holkas.dev/depends-on`, which Argo CD ignores.

    Exit code: 0 it is in order, 1 some wait for each other, or for something that nobody declares.
    """
    from holkas.cli.app.session import session
    from holkas.gitops.dependencies import order

    with session(app, revision=revision, local=local) as view:
        depends = {unit.name: unit.declared.depends_on for unit in view.units.values()}
        children = {unit.name: _children(unit, depends) for unit in view.units.values()}
    found = order(depends)
    if output == "json":
        shape = {
            "apiVersion": "holkas/v1",
            "kind": "ApplicationGraph",
            "layers": [list(layer) for layer in found.layers],
            "dependsOn": {name: list(others) for name, others in depends.items() if others},
            "children": {name: others for name, others in children.items() if others},
            "cycles": [list(ring) for ring in found.cycles],
            "missing": [list(pair) for pair in found.missing],
        }
        click.echo(json.dumps(shape, indent=2, ensure_ascii=False))
    elif output == "text":
        for number, layer in enumerate(found.layers, 1):
            for name in layer:
                waits = f" waits for {', '.join(depends[name])}" if depends[name] else ""
                brings = f" brings {', '.join(children[name])}" if children[name] else ""
                click.echo(f"{number}  {name}{waits}{brings}")
    else:
        click.echo(_drawn(depends, children, output), nl=False)
    for ring in found.cycles:
        click.echo(f"these wait for each other: {' → '.join((*ring, ring[0]))}", err=True)
    for name, other in found.missing:
        click.echo(f"{name} waits for {other}, which nobody declares", err=True)
    return FAILED if found.cycles or found.missing else OK


def _children(unit: Unit, known: Collection[str]) -> list[str]:
    """The Applications among the resources of one."""
    from holkas.gitops.application_name import instance_name
    from holkas.reconciler.managed import DEFAULT_NAMESPACE

    found = (
        instance_name(key.name, key.namespace, DEFAULT_NAMESPACE)
        for key in unit.declared.desired.keys
        if key.group == "argoproj.io" and key.kind == "Application"
    )
    return sorted(name for name in found if name in known)


def _drawn(depends: dict[str, tuple[str, ...]], children: dict[str, list[str]], form: str) -> str:
    """Arrows from what comes first to what waits; dashed ones to what is brought along."""
    waited = (other for others in depends.values() for other in others)
    names = {name: f"a{number}" for number, name in enumerate(dict.fromkeys([*depends, *waited]))}
    if form == "mermaid":
        lines = ["flowchart LR", *(f'  {key}["{name}"]' for name, key in names.items())]
        lines += [
            f"  {names[other]} --> {names[name]}" for name, others in depends.items() for other in others
        ]
        lines += [
            f"  {names[name]} -.-> {names[other]}" for name, others in children.items() for other in others
        ]
    else:
        lines = ["digraph applications {", "  rankdir=LR;"]
        lines += [f"  {key} [label={json.dumps(name)}];" for name, key in names.items()]
        lines += [
            f"  {names[other]} -> {names[name]};" for name, others in depends.items() for other in others
        ]
        lines += [
            f"  {names[name]} -> {names[other]} [style=dashed];"
            for name, others in children.items()
            for other in others
        ]
        lines.append("}")
    return "\n".join(lines) + "\n"
