"""Stubs of tools as shell scripts: they need nothing but a POSIX shell, for images have little else.

Each call becomes a file below ``calls``, numbered in the order in which the calls began; a number is taken by
creating the file (``set -C``), which only one of several processes can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from holkas.records import dataclass
from holkas.task_tests.definition import Reply, Stub

MOST_CALLS = 10_000
TOO_MANY = 125
"""Exit code of a stub that could not note its call."""

_HEAD = """\
#!/bin/sh
holkas_home=${{0%/*}}/..
holkas_call=0
while ! (set -C; : > "$holkas_home/calls/$holkas_call") 2> /dev/null; do
  holkas_call=$((holkas_call + 1))
  [ "$holkas_call" -lt {most} ] || exit {too_many}
done
printf '%s\\0' {name} "$@" > "$holkas_home/calls/$holkas_call"
unset holkas_home holkas_call
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a stub."""

    name: str
    arguments: tuple[str, ...]


def script(stub: Stub) -> str:
    """The text of a stub's program, which lies in ``bin`` beside ``calls``."""
    text = _HEAD.format(most=MOST_CALLS, too_many=TOO_MANY, name=_quoted(stub.name))
    if stub.replies:
        cases = "".join(f"  {_pattern(reply.arguments)}) {_answer(reply)} ;;\n" for reply in stub.replies)
        text += f'case "$*" in\n{cases}esac\n'
    return text + (f"{stub.script}\n" if stub.script else f"{_answer(stub.usual)}\n")


def calls(files: Mapping[str, bytes]) -> tuple[Call, ...]:
    """The calls, in the order in which they began. files: content of ``calls`` by name."""
    numbered = sorted((int(name), data) for name, data in files.items() if name.isascii() and name.isdigit())
    return tuple(_call(data) for _, data in numbered if data)


def of_stub(name: str, made: Iterable[Call]) -> list[Call]:
    """The calls of one stub."""
    return [call for call in made if call.name == name]


def _call(data: bytes) -> Call:
    name, *arguments = data.decode("utf-8", "replace").removesuffix("\0").split("\0")
    return Call(name, tuple(arguments))


def _answer(reply: Reply) -> str:
    said = [f"printf '%s' {_quoted(reply.stdout)}"] if reply.stdout else []
    said += [f"printf '%s' {_quoted(reply.stderr)} >&2"] if reply.stderr else []
    return "; ".join([*said, f"exit {reply.exit_code}"])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _pattern(text: str) -> str:
    """A pattern of the shell in which only ``*`` and ``?`` have a meaning."""
    out, plain = "", ""
    for letter in text:
        if letter in "*?":
            out += (_quoted(plain) if plain else "") + letter
            plain = ""
        else:
            plain += letter
    return out + (_quoted(plain) if plain or not text else "")
