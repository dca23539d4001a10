"""The tree of a parsed template. ``str(node)`` is its canonical text, which messages quote."""

from __future__ import annotations

from dataclasses import field

from holkas.records import dataclass

from holkas_compat.gotemplate.quoting import quoted


@dataclass(slots=True, eq=False)
class Node:
    """``start``: offset in the text."""

    start: int


@dataclass(slots=True, eq=False)
class Dot(Node):
    """``.``"""

    def __str__(self) -> str:
        return "."


@dataclass(slots=True, eq=False)
class Nil(Node):
    """``nil``"""

    def __str__(self) -> str:
        return "nil"


@dataclass(slots=True, eq=False)
class Bool(Node):
    """``true`` or ``false``."""

    value: bool

    def __str__(self) -> str:
        return "true" if self.value else "false"


@dataclass(slots=True, eq=False)
class String(Node):
    """A quoted text."""

    literal: str
    value: str

    def __str__(self) -> str:
        return self.literal


@dataclass(slots=True, eq=False)
class Number(Node):
    """A number. ``integer`` and ``real``: its values as such, None where it has none; ``as_real``: without a wish,
    it is a float."""

    literal: str
    integer: int | None
    real: float | None
    as_real: bool

    def __str__(self) -> str:
        return self.literal


@dataclass(slots=True, eq=False)
class Field(Node):
    """``.a.b``"""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return "".join("." + name for name in self.names)


@dataclass(slots=True, eq=False)
class Variable(Node):
    """``$a.b``: the first name begins with ``$``."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(slots=True, eq=False)
class Identifier(Node):
    """The name of a function."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(slots=True, eq=False)
class Command(Node):
    """An operand, or a function with its arguments."""

    arguments: list[Node] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(f"({item})" if isinstance(item, Pipe) else str(item) for item in self.arguments)


@dataclass(slots=True, eq=False)
class Pipe(Node):
    """Commands of which each is given the value before it. ``assigns``: ``=`` and not ``:=``."""

    variables: list[str] = field(default_factory=list)
    assigns: bool = False
    commands: list[Command] = field(default_factory=list)

    def __str__(self) -> str:
        declared = ""
        if self.variables:
            declared = ", ".join(self.variables) + (" = " if self.assigns else " := ")
        return declared + " | ".join(map(str, self.commands))


@dataclass(slots=True, eq=False)
class Chain(Node):
    """``(pipeline).a.b``"""

    node: Node
    names: tuple[str, ...]

    def __str__(self) -> str:
        inner = f"({self.node})" if isinstance(self.node, Pipe) else str(self.node)
        return inner + "".join("." + name for name in self.names)


@dataclass(slots=True, eq=False)
class Text(Node):
    """Text that is written as it is."""

    text: str


@dataclass(slots=True, eq=False)
class Action(Node):
    """A pipeline whose value is written."""

    pipe: Pipe

    def __str__(self) -> str:
        return "{{" + str(self.pipe) + "}}"


@dataclass(slots=True, eq=False)
class Listing(Node):
    """Nodes one after the other."""

    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Branch(Node):
    """``if``, ``with`` or ``range`` (``word``)."""

    word: str
    pipe: Pipe
    body: Listing
    otherwise: Listing | None


@dataclass(slots=True, eq=False)
class Break(Node):
    """``{{break}}``"""

    def __str__(self) -> str:
        return "{{break}}"


@dataclass(slots=True, eq=False)
class Continue(Node):
    """``{{continue}}``"""

    def __str__(self) -> str:
        return "{{continue}}"


@dataclass(slots=True, eq=False)
class End(Node):
    """``{{end}}``; only while parsing."""

    def __str__(self) -> str:
        return "{{end}}"


@dataclass(slots=True, eq=False)
class Else(Node):
    """``{{else}}``; only while parsing."""

    def __str__(self) -> str:
        return "{{else}}"


@dataclass(slots=True, eq=False)
class Call(Node):
    """``{{template "name" pipeline}}``"""

    name: str
    pipe: Pipe | None

    def __str__(self) -> str:
        return "{{template " + quoted(self.name) + (f" {self.pipe}" if self.pipe else "") + "}}"
