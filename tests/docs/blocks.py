"""Runs the fenced blocks of a page as its reader would, in order, in one directory.

- ``console``: each line ``$ command`` is given to bash (``> `` goes on with the line before), and what follows is what
  it must print, both streams together. ``…`` stands for any text within a line, a line that is only ``…`` for any
  lines. The line that names the executor may name another one: not every machine has a sandbox.
- ``yaml``, ``json``, ``toml``, ``python``: must parse. When the line before the block ends with a file's name and a
  colon (```Save this as `hello.yaml`:```), the block is written to that file.
- ``text`` and blocks without a language are pictures. Every other language is an error.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w./-]+)`:\s*$")
EXECUTOR = re.compile(r"(note|warning): executor: .*")
PICTURES = {"", "text"}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. ``file``: where it is written to, or empty. ``line``: of the fence, from 1."""

    language: str
    text: str
    file: str
    line: int


def blocks(page: str) -> list[Block]:
    """The blocks of a page in their order."""
    found = []
    for match in FENCE.finditer(page):
        before = page[: match.start()]
        named = FILE.search(before)
        file = named[1] if named and match[1] not in ("console", "sh") else ""
        found.append(Block(match[1], match[2], file, before.count("\n") + 1))
    return found


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what it must print."""
    found: list[tuple[list[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(([line[2:]], []))
        elif line.startswith("> ") and found and not found[-1][1]:
            found[-1][0].append(line[2:])
        elif found:
            found[-1][1].append(line)
        else:
            raise ValueError(f"a console block begins with a command, not with {line!r}")
    return [("\n".join(words), "\n".join(lines)) for words, lines in found]


def matches(expected: str, printed: str) -> bool:
    """Whether a command printed what the page says; blanks at the ends of lines and of the whole do not matter."""
    pattern = ""
    for line in expected.rstrip().splitlines():
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        elif EXECUTOR.fullmatch(line):
            pattern += EXECUTOR.pattern + r"\n"
        else:
            pattern += re.escape(line.rstrip()).replace("…", ".*") + r"[ \t]*\n"
    printed = printed.rstrip()
    return re.fullmatch(pattern, printed + "\n" if printed else "") is not None


def parse(language: str, text: str) -> None:
    """Raises an error when the text is not of its language."""
    if language == "yaml":
        from holkas.yaml import Source, load_documents

        load_documents(Source("block", text.encode()))
    elif language == "json":
        json.loads(text)
    elif language == "toml":
        tomllib.loads(text)
    elif language == "python":
        compile(text, "block", "exec")
    else:
        raise ValueError(f"nobody knows how to check a block of {language!r}")


def environment(directory: Path) -> dict[str, str]:
    """What a reader's shell has: our commands, no settings, and a home of its own, in which the state lies too."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOLKAS_", "XDG_"))}
    return kept | {
        "HOME": str(directory / "home"),
        "HOLKAS_LOAD_PLUGINS": "holkas",
        "LC_ALL": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "TERM": "dumb",
    }


class Page:
    """A page that is followed from its first block to its last, in ``directory``."""

    def __init__(self, text: str, directory: Path) -> None:
        self.text = text
        self.work = directory / "work"
        self.environ: Mapping[str, str] = environment(directory)
        self._code = 0
        for path in (self.work, directory / "home"):
            path.mkdir()

    def follow(self, *, leaving_out: frozenset[str] = frozenset()) -> int:
        """Check every block but those of the languages left out; how many there were. Raises AssertionError."""
        checked = 0
        for block in blocks(self.text):
            if block.language in PICTURES or block.language in leaving_out:
                continue
            checked += 1
            if block.language == "console":
                for command, expected in commands(block.text):
                    self._run(command, expected, block.line)
                continue
            parse(block.language, block.text)
            if block.file:
                path = self.work / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
        return checked

    def _run(self, command: str, expected: str, line: int) -> None:
        done = subprocess.run(
            ["bash", "-c", f"(exit {self._code})\n{command}"],
            cwd=self.work,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self._code = done.returncode
        assert matches(expected, done.stdout), (
            f"block at line {line}: $ {command}\n--- the page says\n{expected}\n--- printed\n{done.stdout}"
        )
