"""The graph of a pipeline as an SVG image of its own, without any program that draws graphs.

Layers go from top to bottom, ``finally`` stands below a line. Within a layer tasks stand near the middle of those they
wait for, which keeps most edges short.
"""

from __future__ import annotations

from html import escape

from holkas.cli.render.printable import printable
from holkas.pipeline.layers import Edge, Layers, Node, marks
from holkas.records import dataclass

_LETTER, _HEIGHT, _GAP, _STEP, _MARGIN = 7.4, 34.0, 22.0, 86.0, 24.0
"""Width of a letter, height of a box, space between boxes of a layer, from layer to layer, around the picture."""

_STYLE = (
    "svg{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color-scheme:light dark;color:#1f2933}"
    "rect{fill:#f5f7fa;stroke:currentColor}.when rect{stroke-dasharray:5 3}"
    "text{fill:currentColor;text-anchor:middle;dominant-baseline:central}"
    ".edge{fill:none;stroke:currentColor;stroke-opacity:.6}.after{stroke-dasharray:2 4}"
    ".under{stroke:currentColor;stroke-opacity:.3}marker path{fill:currentColor}"
    "@media(prefers-color-scheme:dark){svg{color:#e4e7eb}rect{fill:#1f2933}}"
)


@dataclass(slots=True)
class _Box:
    node: Node
    x: float
    y: float
    width: float

    @property
    def label(self) -> str:
        return " ".join([self.node.name, *marks(self.node)])


def as_svg(layers: Layers) -> str:
    """One image; edges because of results are solid, those of ``runAfter`` alone dotted, both named in a tooltip."""
    boxes = _placed(layers)
    width = max((box.x + box.width for box in boxes.values()), default=0.0) + _MARGIN
    height = max((box.y for box in boxes.values()), default=0.0) + _HEIGHT + _MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        f"<title>{_text(layers.name)}</title><style>{_STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
    ]
    lines += [_edge(edge, boxes) for edge in layers.edges if edge.parent in boxes]
    if final := layers.final():
        y = boxes[final[0].name].y - (_STEP - _HEIGHT) / 2
        lines.append(f'<line class="under" x1="0" x2="{width:.0f}" y1="{y:.0f}" y2="{y:.0f}"/>')
        lines.append(f'<text x="{width - 34:.0f}" y="{y + 10:.0f}">finally</text>')
    lines += map(_box, boxes.values())
    return "\n".join([*lines, "</svg>"])


def _placed(layers: Layers) -> dict[str, _Box]:
    boxes: dict[str, _Box] = {}
    parents: dict[str, list[str]] = {}
    for edge in layers.edges:
        parents.setdefault(edge.task, []).append(edge.parent)
    rows = [*layers.rows(), layers.final()]
    widths = [sum(_width(node) + _GAP for node in row) - _GAP for row in rows]
    widest = max(widths, default=0.0)
    for number, (row, width) in enumerate(zip(rows, widths, strict=True)):
        x = _MARGIN + (widest - width) / 2
        for node in sorted(row, key=lambda node: _middle(node, parents, boxes)):
            boxes[node.name] = _Box(node, x, _MARGIN + number * _STEP, _width(node))
            x += _width(node) + _GAP
    return boxes


def _middle(node: Node, parents: dict[str, list[str]], boxes: dict[str, _Box]) -> float:
    """Where a task's parents stand on average; sorting keeps the order of the file where that is the same."""
    above = [boxes[name].x + boxes[name].width / 2 for name in parents.get(node.name, ()) if name in boxes]
    return sum(above) / len(above) if above else 0.0


def _width(node: Node) -> float:
    return _LETTER * len(" ".join([node.name, *marks(node)])) + 24


def _box(box: _Box) -> str:
    kind = ' class="when"' if box.node.guarded else ""
    back = ""
    if box.node.runs is not None:  # a second sheet behind the first stands for the runs of a matrix
        back = f'<rect x="{box.x + 4:.1f}" y="{box.y + 4:.1f}" width="{box.width:.1f}" height="{_HEIGHT}" rx="5"/>'
    tip = f"<title>{_text(box.node.what)}</title>" if box.node.what else ""
    return (
        f'<g{kind}>{tip}{back}<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{_HEIGHT}" '
        f'rx="5"/><text x="{box.x + box.width / 2:.1f}" y="{box.y + _HEIGHT / 2:.1f}">{_text(box.label)}</text></g>'
    )


def _edge(edge: Edge, boxes: dict[str, _Box]) -> str:
    parent, child = boxes[edge.parent], boxes[edge.task]
    x1, y1 = parent.x + parent.width / 2, parent.y + _HEIGHT
    x2, y2 = child.x + child.width / 2, child.y
    bend = (y2 - y1) / 2
    kind = "edge" if edge.results else "edge after"
    tip = ", ".join(edge.results) or "runAfter"
    return (
        f'<path class="{kind}" marker-end="url(#head)" d="M{x1:.1f} {y1:.1f}C{x1:.1f} {y1 + bend:.1f} '
        f'{x2:.1f} {y2 - bend:.1f} {x2:.1f} {y2:.1f}"><title>{_text(tip)}</title></path>'
    )


def _text(text: str) -> str:
    return escape(printable(text))
