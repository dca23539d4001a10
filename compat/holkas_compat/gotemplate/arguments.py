"""Operands of a template's commands: fields, variables, and the arguments that a function is given.

Source: Go's documentation of text/template, "Arguments"; a literal takes the type that the function wants, any other
value must have it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, NoReturn

from holkas_compat.gotemplate import nodes
from holkas_compat.gotemplate.errors import ExecutionError, FunctionError, LimitError
from holkas_compat.gotemplate.function import TYPE_NAMES, Function
from holkas_compat.gotemplate.go_object import GoObject
from holkas_compat.gotemplate.limits import LARGEST_TEXT, MOST_ITEMS
from holkas_compat.gotemplate.quoting import quoted
from holkas_compat.gotemplate.values import MISSING, Int64, StringMap, Uint64, truth, type_name, zero_of

_CLASSES: Mapping[str, type] = {
    "string": str,
    "int": int,
    "int64": Int64,
    "bool": bool,
    "float64": float,
    "map": dict,
}


class Arguments(ABC):
    """The part of the evaluator that finds values; the evaluator itself knows the order of things."""

    NOTHING = object()
    """No argument came down the pipeline."""

    def __init__(self, name: str, text: str, functions: Mapping[str, Function], missing_key: str) -> None:
        self.name = name
        self.parsed_name = name
        self.text = text
        self.functions = functions
        self.missing_key = missing_key
        self.variables: list[tuple[str, Any]] = []
        self.at: nodes.Node = nodes.Dot(0)
        self.element = False

    def fail(self, message: str, *, missing: bool = False) -> NoReturn:
        """Raises ExecutionError with the place of the node that is being looked at."""
        before = self.text[: self.at.start]
        line = before.count("\n") + 1
        column = len(before[before.rfind("\n") + 1 :].encode("utf-8", "replace"))
        context = str(self.at) if not isinstance(self.at, nodes.Branch | nodes.Listing) else ""
        if isinstance(self.at, nodes.Branch):
            context = "{{" + f"{self.at.word} {self.at.pipe}" + "}}"
        place = (
            f"template: {self.parsed_name}:{line}:{column}: executing {quoted(self.name)} at <{context}>: "
        )
        raise ExecutionError(place + message, missing=missing)

    @abstractmethod
    def pipeline(self, dot: Any, pipe: nodes.Pipe) -> Any:
        """The value of a pipeline."""

    @abstractmethod
    def ideal(self, node: nodes.Number) -> Any:
        """A number without a wish for a type."""

    # Variables and fields

    def assign(self, name: str, value: Any) -> None:
        """Gives the innermost variable of this name another value."""
        for index in range(len(self.variables) - 1, -1, -1):
            if self.variables[index][0] == name:
                self.variables[index] = (name, value)
                return
        self.fail(f"undefined variable: {name}")

    def variable(self, dot: Any, node: nodes.Variable, arguments: list[nodes.Node], final: Any) -> Any:
        """``$a.b``"""
        self.at = node
        name, *names = node.names
        value = next((given for known, given in reversed(self.variables) if known == name), self.NOTHING)
        if value is self.NOTHING:
            self.fail(f"undefined variable: {name}")
        if names:
            return self.fields(dot, value, node, tuple(names), arguments, final)
        if len(arguments) > 1 or final is not self.NOTHING:
            self.fail(f"can't give argument to non-function {node}")
        return value

    def chain(self, dot: Any, node: nodes.Chain, arguments: list[nodes.Node], final: Any) -> Any:
        """``(pipeline).a.b``"""
        self.at = node
        if isinstance(node.node, nodes.Nil):
            self.fail("indirection through explicit nil in " + str(node))
        value = self.argument(dot, "", node.node)
        return self.fields(dot, value, node, node.names, arguments, final)

    def fields(
        self,
        dot: Any,
        receiver: Any,
        node: nodes.Node,
        names: tuple[str, ...],
        arguments: list[nodes.Node],
        final: Any,
    ) -> Any:
        """One field after the other; only the last may be given arguments, which none takes."""
        if not isinstance(node, nodes.Chain):  # there Go tells the place of what was looked at last
            self.at = node
        for index, name in enumerate(names):
            last = index == len(names) - 1
            given = last and (len(arguments) > 1 or final is not self.NOTHING)
            if isinstance(receiver, GoObject):
                receiver = self._method(
                    dot, receiver, name, arguments[1:] if last else [], final if last else self.NOTHING
                )
                continue
            # Go names the type of the element of the map or list that a value was in, not the value's own.
            element = index > 0 or (receiver is dot and self.element)
            receiver = self._field(receiver, name, given, "interface {}" if element else type_name(receiver))
        return receiver

    def _method(self, dot: Any, receiver: GoObject, name: str, operands: list[nodes.Node], final: Any) -> Any:
        found = receiver.methods().get(name)
        if found is None:
            self.fail(f"can't evaluate field {name} in type {receiver.go_type}")
        wanted, method = found
        at = self.at
        values = [self.argument(dot, "any", operand) for operand in operands]
        values += [] if final is self.NOTHING else [final]
        self.at = at
        if len(values) != wanted:
            self.fail(f"wrong number of args for {name}: want {wanted} got {len(values)}")
        try:
            return method(*values)
        except FunctionError as error:
            self.fail(str(error))

    def _field(self, receiver: Any, name: str, given: bool, told: str) -> Any:
        if receiver is MISSING:
            if self.missing_key == "error":
                self.fail(f"nil data; no entry for key {quoted(name)}", missing=True)
            return MISSING
        if receiver is None:
            self.fail(f"nil pointer evaluating interface {{}}.{name}", missing=True)
        if not isinstance(receiver, dict):
            self.fail(f"can't evaluate field {name} in type {told}")
        if given:
            self.fail(f"{name} is not a method but has arguments")
        if name in receiver:
            return receiver[name]
        if self.missing_key == "error":
            self.fail(f"map has no entry for key {quoted(name)}", missing=True)
        return zero_of(receiver) if self.missing_key == "zero" else MISSING

    # Functions

    def function(
        self, dot: Any, node: nodes.Identifier, command: nodes.Node, arguments: list[nodes.Node], final: Any
    ) -> Any:
        """The result of a function. ``arguments`` begin with its name."""
        self.at = node
        name = node.name
        found = self.functions[name]
        operands = arguments[1:]
        count = len(operands) + (final is not self.NOTHING)
        least = len(found.parameters)
        if found.rest:
            if len(operands) < least - 1 or count < least:
                self.fail(f"wrong number of args for {name}: want at least {least} got {len(operands)}")
        elif count != least:
            self.fail(f"wrong number of args for {name}: want {least} got {count}")
        if name in ("and", "or"):
            return self._shortcut(dot, name, operands, final)
        values = [
            self.argument(dot, found.parameters[index] if index < least else found.rest, operand)
            for index, operand in enumerate(operands)
        ]
        if final is not self.NOTHING:
            wanted = found.rest if count > least else found.parameters[count - 1]
            values.append(self._typed(final, wanted))
        try:
            result = found.call(*values)
        except FunctionError as error:
            self.at = command
            self.fail(f"error calling {name}: {error}")
        except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
            # What Go's function would panic about: template authors see it as this function's refusal.
            self.at = command
            self.fail(f"error calling {name}: {error}")
        if isinstance(result, str) and len(result) > LARGEST_TEXT:
            raise LimitError(f"template: {self.name}: {name} makes a text that is too long")
        if isinstance(result, list) and len(result) > MOST_ITEMS:
            raise LimitError(f"template: {self.name}: {name} makes a list that is too long")
        return result

    def _shortcut(self, dot: Any, name: str, operands: list[nodes.Node], final: Any) -> Any:
        """``and`` and ``or`` look at no more arguments than they need."""
        value: Any = MISSING
        for operand in operands:
            value = self.argument(dot, "value", operand)
            if truth(value) == (name == "or"):
                return value
        return value if final is self.NOTHING else final

    def argument(self, dot: Any, wanted: str, node: nodes.Node) -> Any:
        """One argument, of the wanted type; empty for any."""
        self.at = node
        if isinstance(node, nodes.Dot):
            return self._typed(dot, wanted)
        if isinstance(node, nodes.Nil):
            if wanted in ("any", "value", "map"):
                return MISSING if wanted == "value" else None
            self.fail(f"cannot assign nil to {TYPE_NAMES.get(wanted, wanted)}")
        if isinstance(node, nodes.Field):
            return self._typed(self.fields(dot, dot, node, node.names, [node], self.NOTHING), wanted)
        if isinstance(node, nodes.Variable):
            return self._typed(self.variable(dot, node, [node], self.NOTHING), wanted)
        if isinstance(node, nodes.Pipe):
            return self._typed(self.pipeline(dot, node), wanted)
        if isinstance(node, nodes.Identifier):
            return self._typed(self.function(dot, node, node, [node], self.NOTHING), wanted)
        if isinstance(node, nodes.Chain):
            return self._typed(self.chain(dot, node, [node], self.NOTHING), wanted)
        return self._literal(node, wanted)

    def _literal(self, node: nodes.Node, wanted: str) -> Any:
        if wanted in ("any", "value", ""):
            if isinstance(node, nodes.Number):
                return self.ideal(node)
            assert isinstance(node, nodes.Bool | nodes.String)
            return node.value
        if wanted == "string":
            if isinstance(node, nodes.String):
                return node.value
            self.fail(f"expected string; found {node}")
        if wanted == "bool":
            if isinstance(node, nodes.Bool):
                return node.value
            self.fail(f"expected bool; found {node}")
        if wanted in ("int", "int64"):
            if isinstance(node, nodes.Number) and node.integer is not None:
                return node.integer if wanted == "int" else Int64(node.integer)
            self.fail(f"expected integer; found {node}")
        if wanted == "float64":
            if isinstance(node, nodes.Number) and node.real is not None:
                return node.real
            self.fail(f"expected float; found {node}")
        return self.fail(f"can't handle {node} for arg of type {TYPE_NAMES.get(wanted, wanted)}")

    def _typed(self, value: Any, wanted: str) -> Any:
        """A value that must already have the type."""
        if wanted == "":
            return MISSING if value is None else value
        if wanted == "value":
            return value
        if value is MISSING or value is None:
            if wanted == "any" or (wanted == "map" and value is MISSING and self.missing_key != "zero"):
                return None
            missing = value is MISSING
            if missing:
                self.fail(f"invalid value; expected {TYPE_NAMES[wanted]}", missing=True)
            self.fail(
                f"wrong type for value; expected {TYPE_NAMES[wanted]}; got interface {{}}", missing=True
            )
        if wanted == "any":
            return value
        kind = _CLASSES.get(wanted)
        fits = isinstance(value, kind) if kind else type_name(value) == TYPE_NAMES[wanted]
        if wanted in ("int", "map"):
            fits = fits and not isinstance(value, bool | Int64 | Uint64 | StringMap)
        if not fits:
            self.fail(f"wrong type for value; expected {TYPE_NAMES[wanted]}; got {type_name(value)}")
        return value
