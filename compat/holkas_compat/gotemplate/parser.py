"""From tokens to a tree.

Source of the grammar: Go's documentation of text/template, "Actions", "Arguments", "Pipelines" and "Variables".
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NoReturn

from holkas_compat.gotemplate import nodes
from holkas_compat.gotemplate.errors import ParseError
from holkas_compat.gotemplate.lexer import Lexer
from holkas_compat.gotemplate.limits import DEEPEST_EXPRESSION
from holkas_compat.gotemplate.numbers import BadNumber, number
from holkas_compat.gotemplate.quoting import BadLiteral, quoted, unquoted
from holkas_compat.gotemplate.tokens import Kind, Token

_OPERANDS = frozenset(
    {
        Kind.BOOL, Kind.CONSTANT, Kind.COMPLEX, Kind.DOT, Kind.FIELD, Kind.IDENTIFIER, Kind.NUMBER, Kind.NIL,
        Kind.RAW, Kind.STRING, Kind.VARIABLE, Kind.OPEN,
    }
)  # fmt: skip
_VALUES = (nodes.Bool, nodes.Dot, nodes.Nil, nodes.Number, nodes.String)


class Parser:
    """Parses one text; the templates that it defines are in ``templates``."""

    def __init__(self, name: str, text: str, functions: Container[str]) -> None:
        self.name = name
        self.functions = functions
        self.tokens: Sequence[Token] = Lexer(text).tokens()
        self.index = 0
        self.variables = ["$"]
        self.loops = 0
        self.depth = 0
        self.templates: dict[str, nodes.Listing] = {}

    def parse(self) -> dict[str, nodes.Listing]:
        """The templates by name, the text's own under :attr:`name`. Raises ParseError."""
        root = nodes.Listing(0)
        while self._peek().kind is not Kind.EOF:
            if self._peek().kind is Kind.LEFT:
                mark = self.index
                self.index += 1
                if self._next_word().kind is Kind.DEFINE:
                    self._definition()
                    continue
                self.index = mark
            node = self._text_or_action()
            if isinstance(node, nodes.End | nodes.Else):
                self._fail(f"unexpected {node}")
            root.nodes.append(node)
        self._add(self.name, root)
        return self.templates

    # Tokens

    def _peek(self) -> Token:
        return self.tokens[min(self.index, len(self.tokens) - 1)]

    def _next(self) -> Token:
        token = self._peek()
        self.index += 1
        return token

    def _skip_space(self) -> None:
        while self._peek().kind is Kind.SPACE:
            self.index += 1

    def _next_word(self) -> Token:
        self._skip_space()
        return self._next()

    def _peek_word(self) -> Token:
        self._skip_space()
        return self._peek()

    def _expect(self, kinds: tuple[Kind, ...], context: str) -> Token:
        token = self._next_word()
        if token.kind not in kinds:
            self._unexpected(token, context)
        return token

    def _fail(self, message: str) -> NoReturn:
        line = self.tokens[min(max(self.index - 1, 0), len(self.tokens) - 1)].line
        raise ParseError(f"template: {self.name}:{line}: {message}")

    def _unexpected(self, token: Token, context: str) -> NoReturn:
        if token.kind is Kind.ERROR:
            self._fail(token.text)
        self._fail(f"unexpected {token.shown()} in {context}")

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST_EXPRESSION:
            self._fail("max expression depth exceeded")

    # Templates

    def _add(self, name: str, root: nodes.Listing) -> None:
        known = self.templates.get(name)
        if known is None or _empty(known):
            self.templates[name] = root
        elif not _empty(root):
            self._fail(f"template: multiple definition of template {quoted(name)}")

    def _definition(self) -> None:
        context = "define clause"
        token = self._expect((Kind.STRING, Kind.RAW), context)
        name = self._literal(token)
        self._expect((Kind.RIGHT,), context)
        self._scoped(name, context)

    def _scoped(self, name: str, context: str) -> None:
        """The body of a template of its own, which sees none of our variables."""
        outer, self.variables = self.variables, ["$"]
        loops, self.loops = self.loops, 0
        self._deeper()
        body, end = self._list()
        self.depth -= 1
        if not isinstance(end, nodes.End):
            self._fail(f"unexpected {end} in {context}")
        self._add(name, body)
        self.variables, self.loops = outer, loops

    # Lists and actions

    def _list(self) -> tuple[nodes.Listing, nodes.Node]:
        found = nodes.Listing(self._peek_word().start)
        while self._peek_word().kind is not Kind.EOF:
            node = self._text_or_action()
            if isinstance(node, nodes.End | nodes.Else):
                return found, node
            found.nodes.append(node)
        self.index += 1
        return self._fail("unexpected EOF")

    def _text_or_action(self) -> nodes.Node:
        token = self._next_word()
        if token.kind is Kind.TEXT:
            return nodes.Text(token.start, token.text)
        if token.kind is Kind.LEFT:
            return self._action()
        return self._unexpected(token, "input")

    def _action(self) -> nodes.Node:
        token = self._next_word()
        match token.kind:
            case Kind.BLOCK:
                return self._block()
            case Kind.BREAK | Kind.CONTINUE:
                return self._jump(token)
            case Kind.ELSE:
                return self._else()
            case Kind.END:
                return nodes.End(self._expect((Kind.RIGHT,), "end").start)
            case Kind.IF | Kind.RANGE | Kind.WITH:
                return self._control(token.text)
            case Kind.TEMPLATE:
                return self._template()
        self.index -= 1
        return nodes.Action(self._peek().start, self._pipeline("command", Kind.RIGHT))

    def _jump(self, token: Token) -> nodes.Node:
        shown = "{{" + token.text + "}}"
        after = self._next_word()
        if after.kind is not Kind.RIGHT:
            self._unexpected(after, shown)
        if not self.loops:
            self._fail(f"{shown} outside {{{{range}}}}")
        kind = nodes.Break if token.kind is Kind.BREAK else nodes.Continue
        return kind(token.start)

    def _else(self) -> nodes.Node:
        token = self._peek_word()
        if token.kind not in (Kind.IF, Kind.WITH):
            token = self._expect((Kind.RIGHT,), "else")
        return nodes.Else(token.start)

    def _control(self, word: str) -> nodes.Branch:
        self._deeper()
        known = len(self.variables)
        pipe = self._pipeline(word, Kind.RIGHT)
        self.loops += word == "range"
        body, after = self._list()
        self.loops -= word == "range"
        otherwise: nodes.Listing | None = None
        if isinstance(after, nodes.Else):
            token = self._peek()
            if word in ("if", "with") and token.kind is (Kind.IF if word == "if" else Kind.WITH):
                self.index += 1
                otherwise = nodes.Listing(after.start, [self._control(word)])
            else:
                otherwise, after = self._list()
                if not isinstance(after, nodes.End):
                    self._fail(f"expected end; found {after}")
        del self.variables[known:]
        self.depth -= 1
        return nodes.Branch(pipe.start, word, pipe, body, otherwise)

    def _block(self) -> nodes.Node:
        context = "block clause"
        token = self._next_word()
        name = self._template_name(token, context)
        pipe = self._pipeline(context, Kind.RIGHT)
        self._scoped(name, context)
        return nodes.Call(token.start, name, pipe)

    def _template(self) -> nodes.Node:
        context = "template clause"
        token = self._next_word()
        name = self._template_name(token, context)
        pipe: nodes.Pipe | None = None
        if self._next_word().kind is not Kind.RIGHT:
            self.index -= 1
            pipe = self._pipeline(context, Kind.RIGHT)
        return nodes.Call(token.start, name, pipe)

    def _template_name(self, token: Token, context: str) -> str:
        if token.kind not in (Kind.STRING, Kind.RAW):
            self._unexpected(token, context)
        return self._literal(token)

    def _literal(self, token: Token) -> str:
        try:
            return unquoted(token.text)
        except BadLiteral as error:
            self._fail(str(error))

    # Pipelines

    def _pipeline(self, context: str, end: Kind) -> nodes.Pipe:
        pipe = nodes.Pipe(self._peek_word().start)
        self._declarations(pipe, context)
        while True:
            token = self._next_word()
            if token.kind is end:
                self._check(pipe, context)
                return pipe
            if token.kind not in _OPERANDS:
                self._unexpected(token, context)
            self.index -= 1
            pipe.commands.append(self._command())

    def _declarations(self, pipe: nodes.Pipe, context: str) -> None:
        while self._peek_word().kind is Kind.VARIABLE:
            mark = self.index
            name = self._next().text
            after = self._peek_word()
            if after.kind in (Kind.ASSIGN, Kind.DECLARE):
                pipe.assigns = after.kind is Kind.ASSIGN
                self.index += 1
                self._declare(pipe, name)
                return
            if not (after.kind is Kind.CHAR and after.text == ","):
                self.index = mark
                return
            self.index += 1
            self._declare(pipe, name)
            if context != "range" or len(pipe.variables) >= 2:
                self._fail(f"too many declarations in {context}")
            if self._peek_word().kind not in (Kind.VARIABLE, Kind.RIGHT, Kind.CLOSE):
                self._fail("range can only initialize variables")

    def _declare(self, pipe: nodes.Pipe, name: str) -> None:
        pipe.variables.append(name)
        self.variables.append(name)

    def _check(self, pipe: nodes.Pipe, context: str) -> None:
        if not pipe.commands:
            self._fail(f"missing value for {context}")
        for stage, command in enumerate(pipe.commands[1:], 2):
            if isinstance(command.arguments[0], _VALUES):
                self._fail(f"non executable command in pipeline stage {stage}")

    def _command(self) -> nodes.Command:
        command = nodes.Command(self._peek_word().start)
        while True:
            self._skip_space()
            operand = self._operand()
            if operand is not None:
                command.arguments.append(operand)
            token = self._next()
            if token.kind is Kind.SPACE:
                continue
            if token.kind in (Kind.RIGHT, Kind.CLOSE):
                self.index -= 1
            elif token.kind is not Kind.PIPE:
                self._unexpected(token, "operand")
            break
        if not command.arguments:
            self._fail("empty command")
        return command

    def _operand(self) -> nodes.Node | None:
        node = self._term()
        if node is None or self._peek().kind is not Kind.FIELD:
            return node
        start = self._peek().start
        names: list[str] = []
        while self._peek().kind is Kind.FIELD:
            names.append(self._next().text[1:])
        if isinstance(node, nodes.Field):
            return nodes.Field(start, (*node.names, *names))
        if isinstance(node, nodes.Variable):
            return nodes.Variable(start, (*node.names, *names))
        if isinstance(node, _VALUES):
            self._fail(f"unexpected . after term {quoted(str(node))}")
        return nodes.Chain(start, node, tuple(names))

    def _term(self) -> nodes.Node | None:
        token = self._next_word()
        match token.kind:
            case Kind.IDENTIFIER:
                if token.text not in self.functions:
                    self._fail(f"function {quoted(token.text)} not defined")
                return nodes.Identifier(token.start, token.text)
            case Kind.DOT:
                return nodes.Dot(token.start)
            case Kind.NIL:
                return nodes.Nil(token.start)
            case Kind.VARIABLE:
                if token.text not in self.variables:
                    self._fail(f"undefined variable {quoted(token.text)}")
                return nodes.Variable(token.start, (token.text,))
            case Kind.FIELD:
                return nodes.Field(token.start, (token.text[1:],))
            case Kind.BOOL:
                return nodes.Bool(token.start, token.text == "true")
            case Kind.CONSTANT | Kind.NUMBER | Kind.COMPLEX:
                try:
                    return number(token.start, token.text, constant=token.kind is Kind.CONSTANT)
                except BadNumber as error:
                    self._fail(str(error))
            case Kind.OPEN:
                self._deeper()
                pipe = self._pipeline("parenthesized pipeline", Kind.CLOSE)
                self.depth -= 1
                return pipe
            case Kind.STRING | Kind.RAW:
                return nodes.String(token.start, token.text, self._literal(token))
        self.index -= 1
        return None


def _empty(node: nodes.Node) -> bool:
    """Whether a template is only blanks, so that another definition may replace it."""
    if isinstance(node, nodes.Listing):
        return all(map(_empty, node.nodes))
    return isinstance(node, nodes.Text) and not node.text.strip()
