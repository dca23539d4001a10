"""Runs a template's tree over data.

Source of the rules: Go's documentation of text/template, "Arguments", "Pipelines" and "Variables"; the words of the
messages are Go's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.gotemplate import nodes
from holkas_compat.gotemplate.arguments import Arguments
from holkas_compat.gotemplate.errors import LimitError
from holkas_compat.gotemplate.formatting import in_order, shown
from holkas_compat.gotemplate.function import Function
from holkas_compat.gotemplate.limits import Limits
from holkas_compat.gotemplate.quoting import quoted
from holkas_compat.gotemplate.values import MISSING, truth


class _Jump(Exception):
    """``{{break}}`` or ``{{continue}}`` on its way to the loop."""

    def __init__(self, *, again: bool) -> None:
        self.again = again


class Evaluator(Arguments):
    """One execution. ``missing_key``: ``default``, ``invalid``, ``zero`` or ``error``."""

    def __init__(
        self,
        name: str,
        text: str,
        templates: Mapping[str, nodes.Listing],
        functions: Mapping[str, Function],
        missing_key: str,
        limits: Limits,
    ) -> None:
        super().__init__(name, text, functions, missing_key)
        self.templates = templates
        self.limits = limits
        self.steps = limits.steps
        self.depth = 0
        self.written = 0
        self.out: list[str] = []

    def run(self, data: Any) -> str:
        """The text. Raises ExecutionError and LimitError."""
        self.variables = [("$", data)]
        self._walk(data, self.templates[self.name])
        return "".join(self.out)

    def _write(self, text: str) -> None:
        self.written += len(text)
        if self.written > self.limits.output:
            raise LimitError(f"template: {self.name}: writes more than {self.limits.output} characters")
        self.out.append(text)

    def step(self) -> None:
        """Counts one node."""
        self.steps -= 1
        if self.steps < 0:
            raise LimitError(f"template: {self.name}: takes more than {self.limits.steps} steps")

    def _walk(self, dot: Any, node: nodes.Node) -> None:
        self.at = node
        self.step()
        if isinstance(node, nodes.Text):
            self._write(node.text)
        elif isinstance(node, nodes.Action):
            value = self.pipeline(dot, node.pipe)
            if not node.pipe.variables:
                self._print(node, value)
        elif isinstance(node, nodes.Listing):
            for item in node.nodes:
                self._walk(dot, item)
        elif isinstance(node, nodes.Break | nodes.Continue):
            raise _Jump(again=isinstance(node, nodes.Continue))
        elif isinstance(node, nodes.Branch | nodes.Call):
            self.depth += 1
            if self.depth > self.limits.depth:
                self.fail(f"exceeded maximum template depth ({self.limits.depth})")
            if isinstance(node, nodes.Call):
                self._call(dot, node)
            elif node.word == "range":
                self._range(dot, node)
            else:
                self._branch(dot, node)
            self.depth -= 1

    def _print(self, node: nodes.Node, value: Any) -> None:
        self.at = node
        if isinstance(value, str | int | float | dict | list) or value is MISSING:
            self._write(shown(value))
        else:
            self._write("<no value>" if value is None else str(value))

    def _branch(self, dot: Any, node: nodes.Branch) -> None:
        known = len(self.variables)
        value = self.pipeline(dot, node.pipe)
        if truth(value):
            element = self.element
            self.element = element and node.word != "with"
            self._walk(value if node.word == "with" else dot, node.body)
            self.element = element
        elif node.otherwise is not None:
            self._walk(dot, node.otherwise)
        del self.variables[known:]

    def _range(self, dot: Any, node: nodes.Branch) -> None:
        known = len(self.variables)
        value = self.pipeline(dot, node.pipe)
        pairs: list[tuple[Any, Any]] = []
        if isinstance(value, dict):
            pairs = [(key, value[key]) for key in in_order(value)]
        elif isinstance(value, list):
            pairs = list(enumerate(value))
        elif isinstance(value, int) and not isinstance(value, bool):
            if len(node.pipe.variables) > 1:
                self.fail(f"can't use {int(value)} to iterate over more than one variable")
            if value > self.limits.steps:
                raise LimitError(f"template: {self.name}: takes more than {self.limits.steps} steps")
            kind = type(value)
            pairs = [(MISSING, kind(number)) for number in range(value)]
        elif value is not MISSING:
            self.fail(f"range can't iterate over {'<nil>' if value is None else shown(value)}")
        try:
            mark = len(self.variables)
            for key, item in pairs:
                self._iterate(node, mark, key, item)
        except _Jump as jump:
            if jump.again:
                raise
        if not pairs and node.otherwise is not None:
            self._walk(dot, node.otherwise)
        del self.variables[known:]

    def _iterate(self, node: nodes.Branch, mark: int, key: Any, item: Any) -> None:
        names = node.pipe.variables
        given = [item] if len(names) == 1 else [key, item]
        for back, (name, value) in enumerate(zip(names, given, strict=False)):
            if node.pipe.assigns:
                self.assign(name, value)
            else:
                at = mark - len(names) + back
                self.variables[at] = (self.variables[at][0], value)
        depth, element = self.depth, self.element
        self.element = key is not MISSING
        try:
            self._walk(item, node.body)
        except _Jump as jump:
            self.depth = depth
            if not jump.again:
                raise
        finally:
            self.element = element
            del self.variables[mark:]

    def _call(self, dot: Any, node: nodes.Call) -> None:
        self.at = node
        body = self.templates.get(node.name)
        if body is None:
            self.fail(f"template {quoted(node.name)} not defined")
        value = self.pipeline(dot, node.pipe) if node.pipe else MISSING
        outer = self.variables, self.name, self.element
        self.variables, self.name, self.element = [("$", value)], node.name, False
        self._walk(value, body)
        self.variables, self.name, self.element = outer

    # Pipelines

    def pipeline(self, dot: Any, pipe: nodes.Pipe) -> Any:
        """The value of a pipeline, given to its variables. A nil becomes no value, as in Go."""
        self.at = pipe
        value: Any = self.NOTHING
        for command in pipe.commands:
            value = self._command(dot, command, value)
            if value is None:
                value = MISSING
        for name in pipe.variables:
            if pipe.assigns:
                self.assign(name, value)
            else:
                self.variables.append((name, value))
        return value

    def _command(self, dot: Any, command: nodes.Command, final: Any) -> Any:
        self.step()
        first = command.arguments[0]
        if isinstance(first, nodes.Field):
            return self.fields(dot, dot, first, first.names, command.arguments, final)
        if isinstance(first, nodes.Chain):
            return self.chain(dot, first, command.arguments, final)
        if isinstance(first, nodes.Identifier):
            return self.function(dot, first, command, command.arguments, final)
        if isinstance(first, nodes.Pipe):
            self._no_arguments(command.arguments, final)
            return self.pipeline(dot, first)
        if isinstance(first, nodes.Variable):
            return self.variable(dot, first, command.arguments, final)
        self.at = first
        self._no_arguments(command.arguments, final)
        if isinstance(first, nodes.Bool | nodes.String):
            return first.value
        if isinstance(first, nodes.Number):
            return self.ideal(first)
        if isinstance(first, nodes.Nil):
            self.fail("nil is not a command")
        return dot

    def _no_arguments(self, arguments: list[nodes.Node], final: Any) -> None:
        if len(arguments) > 1 or final is not self.NOTHING:
            self.fail(f"can't give argument to non-function {arguments[0]}")

    def ideal(self, node: nodes.Number) -> Any:
        """A number without a wish for a type: int where it is written as one."""
        self.at = node
        if node.as_real:
            return node.real
        if node.integer is None or not -(2**63) <= node.integer < 2**63:
            self.fail(f"{node.literal} overflows int")
        return node.integer
