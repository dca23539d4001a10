"""Just enough of the shell's grammar to see what a script prints and where it writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from holkas.records import dataclass

_SHELL = re.compile(r"#!\s*\S*?(?:env\s+(?:-S\s+)?)?\b(?:ba|da|a|z|k)?sh\b")
_WORDS = re.compile(
    r"""(?:[^\s"'\\`$]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|\$\((?:[^()]|\([^()]*\))*\)|`[^`]*`|[`$"'])+""",
    re.DOTALL,
)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_BEFORE = frozenset(("if", "then", "else", "elif", "do", "while", "until", "!", "{", "time", "exec", "sudo"))
"""Words after which a command begins."""


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command of a script.

    text: as written, assignments and keywords before it left out. words: split at blanks, quotes kept. ends: the
    operator behind it (``|``, ``;``, ``&&`` …) or nothing.
    """

    text: str
    words: tuple[str, ...]
    ends: str

    @property
    def name(self) -> str:
        """The program, without its folder."""
        return self.words[0].rpartition("/")[2] if self.words else ""


def is_shell(script: str) -> bool:
    """Whether a script is for a shell; one without a first line ``#!`` is (Tekton takes /bin/sh)."""
    return not script.startswith("#!") or _SHELL.match(script.partition("\n")[0]) is not None


def commands(script: str) -> Iterator[Command]:
    """The simple commands of a script, from top to bottom. What stands in ``$(…)`` belongs to the command around it."""
    for line in script.replace("\\\n", " ").splitlines():
        if line and not line.lstrip().startswith("#"):
            yield from _of_line(line)


def _of_line(line: str) -> Iterator[Command]:
    start = position = depth = 0
    quote = ""
    while position < len(line):
        char = line[position]
        if quote:
            if char == "\\" and quote == '"':
                position += 1
            elif char == quote:
                quote = ""
        elif char == "\\":
            position += 1
        elif char in "\"'":
            quote = char
        elif char == "`" or line.startswith("$(", position) or (char == "(" and depth):
            if char == "`":
                position = max(line.find("`", position + 1), position)
            else:
                depth += 1
                position += char == "$"
        elif char == ")" and depth:
            depth -= 1
        elif not depth and char == "#" and (position == 0 or line[position - 1].isspace()):
            line = line[:position]
            break
        elif (
            not depth and char in ";|&" and not (char == "&" and line[position - 1 : position] in (">", "<"))
        ):
            end = position + (line[position : position + 2] in ("&&", "||", ";;", "|&"))
            yield from _command(line[start:position], line[position : end + 1])
            position, start = end, end + 1
        position += 1
    yield from _command(line[start:], "")


def _command(text: str, ends: str) -> Iterator[Command]:
    text = text.lstrip("( \t").rstrip()
    for word in _WORDS.finditer(text):
        if word[0] not in _BEFORE and not _ASSIGNMENT.match(word[0]):
            text = text[word.start() :]
            yield Command(text, tuple(_WORDS.findall(text)), ends)
            return


_OUTPUT = re.compile(r"""(?<![0-9&<>-])[12&]?>>?\|?\s*(&?(?:"[^"]*"|'[^']*'|\$\([^()]*\)|[^\s;|&<>()"'])+)""")


def written_to(command: Command) -> list[str]:
    """Where a command's output is redirected to, quotes taken off; ``&2`` and the like for streams."""
    return [target.strip("\"'") for target in _OUTPUT.findall(command.text)]


def prints(command: Command) -> bool:
    """Whether what the command puts out reaches the log: no file, no pipe takes it."""
    if command.ends in ("|", "|&"):
        return False
    return all(target.startswith("&") or target in _STREAMS for target in written_to(command))


_STREAMS = ("/dev/stdout", "/dev/stderr", "/dev/tty", "/proc/1/fd/1")
