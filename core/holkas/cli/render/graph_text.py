"""The graph of a pipeline as text, as Mermaid and as JSON."""

from __future__ import annotations

from typing import Any

from holkas.cli.render.printable import printable
from holkas.pipeline.layers import Edge, Layers, Node, marks


def as_text(layers: Layers) -> str:
    """One line a task: its layer, its name and marks, and what it waits for."""
    waits: dict[str, list[Edge]] = {}
    for edge in layers.edges:
        waits.setdefault(edge.task, []).append(edge)
    rows = [(str(number), row) for number, row in enumerate(layers.rows(), 1)]
    if final := layers.final():
        rows.append(("finally", final))
    margin = max((len(title) for title, _ in rows), default=0)
    wide = max((len(_label(node)) for node in layers.nodes), default=0)
    lines = [layers.name]
    for title, row in rows:
        for number, node in enumerate(row):
            head = title if not number else ""
            why = "; ".join(_reason(edge) for edge in waits.get(node.name, ()))
            lines.append(f"  {head:>{margin}}  {_label(node):<{wide}}  {why}".rstrip())
    return printable("\n".join(lines))


def _label(node: Node) -> str:
    return " ".join([node.name, *marks(node)])


def _reason(edge: Edge) -> str:
    """``after clone``, ``after clone (commit)``: in brackets the results that are used."""
    return f"after {edge.parent}" + (f" ({', '.join(edge.results)})" if edge.results else "")


def as_mermaid(layers: Layers) -> str:
    """A flowchart for Mermaid (mermaid.js.org), which GitHub and GitLab draw in Markdown.

    Edges by result references carry the results' names; dotted ones lead to tasks under ``finally``.
    """
    ids = {node.name: f"t{number}" for number, node in enumerate(layers.nodes)}
    lines = ["flowchart TD"]
    for node in layers.nodes:
        if not node.final:
            lines.append(f"  {_mermaid_node(ids[node.name], node)}")
    if final := layers.final():
        lines.append("  subgraph finally")
        lines += [f"    {_mermaid_node(ids[node.name], node)}" for node in final]
        lines.append("  end")
    under_finally = {node.name for node in final}
    for edge in layers.edges:
        if edge.parent not in ids:
            continue
        arrow = "-.->" if edge.task in under_finally else "-->"
        label = f'|"{_quoted(", ".join(edge.results))}"|' if edge.results else ""
        lines.append(f"  {ids[edge.parent]} {arrow}{label} {ids[edge.task]}")
    return "\n".join(lines)


def _mermaid_node(name: str, node: Node) -> str:
    label = _quoted(_label(node))
    if node.guarded:
        return f'{name}{{{{"{label}"}}}}'
    return f'{name}[["{label}"]]' if node.runs is not None else f'{name}["{label}"]'


def _quoted(text: str) -> str:
    return (
        printable(text).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace("\n", " ")
    )


def as_dict(layers: Layers) -> dict[str, Any]:
    """``{"name", "tasks": [{"name", "layer", "finally", "when", "matrix", "ref", "after": [{"task", …}]}]}``."""
    waits: dict[str, list[dict[str, Any]]] = {node.name: [] for node in layers.nodes}
    for edge in layers.edges:
        waits[edge.task].append(
            {"task": edge.parent, "runAfter": edge.run_after, "results": list(edge.results)}
        )
    tasks = [
        {
            "name": node.name,
            "layer": node.layer,
            "finally": node.final,
            "when": node.guarded,
            "matrix": None if node.runs is None else {"runs": node.runs or None},
            "ref": node.what,
            "after": waits[node.name],
        }
        for node in layers.nodes
    ]
    return {"name": layers.name, "tasks": tasks}
