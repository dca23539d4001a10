"""Makes docs/reference/hooks.md and docs/reference/roles.md from the code.

python docs/_generate/hooks.py            writes them
python docs/_generate/hooks.py --check    exit code 1 and their names when they are out of date
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from textwrap import dedent

import holkas.roles
from holkas.plugins import hookspecs
from holkas.plugins.hooks import HOOKS, PREFIX
from holkas.plugins.provider import Context, Provider
from holkas.roles import errors
from holkas.roles.role import Role

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
MADE = "<!-- Made by docs/_generate/hooks.py from the code. Change the docstrings, then run it. -->\n"

NOUNS = (
    "artifact",
    "change",
    "environment",
    "environment_state",
    "event",
    "health",
    "lease",
    "measurement",
    "notice",
    "pull_request",
    "queued_run",
    "release",
    "repository_event",
    "resource",
    "revision",
    "run_request",
    "secret",
)
"""Modules of holkas.model whose classes the roles and the further hooks take and return."""


def hooks_page() -> str:
    """docs/reference/hooks.md."""
    parts = [MADE, "# Hooks\n", markdown(inspect.getdoc(hookspecs) or "")]
    rows = [
        f"| [`{name}`](#{name}) | {summary(spec)} | `{interface(name)}` |"
        for name, spec in sorted_specs().items()
    ]
    parts.append(
        "\n".join(["| hook | what it offers | class that `make` returns |", "|---|---|---|", *rows]) + "\n"
    )
    parts += [
        "## What a hook hands over\n",
        class_section(Provider, level=3),
        class_section(Context, level=3),
    ]
    parts.append(Path(__file__).with_name("hooks_loading.md").read_text(encoding="utf-8"))
    for name, spec in sorted_specs().items():
        parts.append(f"## {name}\n\n```python\ndef {name}{signature(spec)}\n```\n")
        parts.append(markdown(inspect.getdoc(spec) or ""))
    parts.append("## The classes behind the further hooks\n")
    parts.append("The six roles have [a page of their own](roles.md). A command is a `click.Command`.\n")
    for hook, about in HOOKS.items():
        if not about.role and about.interface.startswith("holkas."):
            module = import_module(about.interface.partition(":")[0])
            parts.append(
                f"### {PREFIX}{hook}: `{module.__name__}`\n\n{markdown(inspect.getdoc(module) or '')}"
            )
            parts += [class_section(cls, level=4) for cls in classes_of(module)]
    return "\n".join(parts)


def roles_page() -> str:
    """docs/reference/roles.md."""
    parts = [MADE, "# The six roles\n", markdown(inspect.getdoc(holkas.roles) or "")]
    roles = [about for about in HOOKS.values() if about.role]
    rows = ["| role | class | capabilities |", "|---|---|---|"]
    for about in roles:
        cls = load(about.interface)
        assert issubclass(cls, Role)
        flags = ", ".join(f"`{flag}`" for flag in sorted(cls.known_capabilities))
        rows.append(f"| {about.noun} | [`{cls.__name__}`](#{cls.__name__.lower()}) | {flags} |")
    parts += ["\n".join(rows) + "\n", class_section(Role)]
    parts += [class_section(load(about.interface)) for about in roles]
    parts.append(f"## Errors\n\n{markdown(inspect.getdoc(errors) or '')}")
    parts += [class_section(cls, level=3) for cls in classes_of(errors)]
    content = import_module("holkas.roles.content")
    parts.append(f"## The digest of content\n\n{markdown(inspect.getdoc(content) or '')}")
    parts.append("## Nouns\n")
    for name in NOUNS:
        module = import_module(f"holkas.model.{name}")
        parts += [class_section(cls, level=3) for cls in classes_of(module)]
    return "\n".join(parts)


def class_section(cls: type, *, level: int = 2) -> str:
    """A class with its docstring, its fields or values, and its public methods in the order of the source."""
    lines = [f"{'#' * level} {cls.__name__}\n", f"`{cls.__module__}.{cls.__qualname__}`\n"]
    lines.append(markdown(inspect.getdoc(cls) or ""))
    if dataclasses.is_dataclass(cls):
        lines.append("```python\n" + "\n".join(field_lines(cls)) + "\n```\n")
    elif issubclass(cls, enum.Enum):
        lines.append("Values: " + ", ".join(f"`{member.value}`" for member in cls) + ".\n")
    for name, method in vars(cls).items():
        function = method.fget if isinstance(method, property) else getattr(method, "__func__", method)
        if name.startswith("_") or not inspect.isfunction(function):
            continue
        lines.append(f"{'#' * (level + 1)} {cls.__name__}.{name}\n")
        if isinstance(method, property):
            lines.append(f"```python\n{name}: {function.__annotations__['return']}\n```\n")
        else:
            must = "  # must be implemented" if getattr(method, "__isabstractmethod__", False) else ""
            lines.append(f"```python\ndef {name}{signature(function)}{must}\n```\n")
        lines.append(markdown(inspect.getdoc(function) or ""))
    return "\n".join(lines)


def field_lines(cls: type) -> Iterator[str]:
    """``name: type = default`` for each field."""
    for field in dataclasses.fields(cls):
        if field.default is not dataclasses.MISSING:
            yield f"{field.name}: {field.type} = {default(field.default)}"
        elif field.default_factory is not dataclasses.MISSING:
            made = getattr(field.default_factory, "__name__", "")
            yield f"{field.name}: {field.type} = {'…' if made == '<lambda>' else made + '()'}"
        else:
            yield f"{field.name}: {field.type}"


def signature(function: object) -> str:
    """Parameters and result as the source spells them, without ``self``."""
    found = inspect.signature(function)  # type: ignore[arg-type]  # callers give functions
    words = []
    star = False
    for name, parameter in found.parameters.items():
        if name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            star = True
            words.append("*")
        text = name if parameter.annotation is parameter.empty else f"{name}: {parameter.annotation}"
        words.append(
            text if parameter.default is parameter.empty else f"{text} = {default(parameter.default)}"
        )
    return f"({', '.join(words)}) -> {found.return_annotation}"


def default(value: object) -> str:
    """A default as Python spells it; functions and objects without a spelling are an ellipsis."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    text = repr(value)
    return "…" if text.startswith("<") else text


def markdown(text: str) -> str:
    """A docstring of ours as Markdown: roles and literals as code, ``name: meaning`` lines as lists, examples as
    blocks of code."""
    lines: list[str] = []
    code: list[str] | None = None
    for line in [*text.split("\n"), ""]:
        if code is not None and (line.startswith("    ") or not line.strip()):
            code.append(line)
            continue
        if code is not None:
            lines += block(code)
            code = None
        if line.endswith("::"):
            lines += ["" if line == "Example::" else line[:-1], ""]
            code = []
        elif line.startswith("    ") and lines and not lines[-1].strip():
            code = [line]
        elif match := re.match(r"([a-z_]+(?:, [a-z_]+)*): ", line):
            lines.append(f"- **{match[1]}**: {line[match.end() :]}")
        else:
            lines.append(line.strip())
    if code is not None:
        lines += block(code)
    body = "\n".join(lines)
    parts = re.split(r"(```.*?```)", body, flags=re.DOTALL)
    return "".join(part if part.startswith("```") else inline(part) for part in parts).strip() + "\n"


def block(code: list[str]) -> list[str]:
    """Lines of code as a fenced block; the language is told from the first."""
    text = dedent("\n".join(code)).strip("\n")
    return [f"```{'toml' if text.startswith('[') else 'python'}", text, "```", ""]


def inline(text: str) -> str:
    text = re.sub(r":[a-z]+:`~[\w.]+\.(\w+)`", r"`\1`", text)
    text = re.sub(r":[a-z]+:`([\w.]+)`", r"`\1`", text)
    return re.sub(r"``(.+?)``", r"`\1`", text, flags=re.DOTALL)


def sorted_specs() -> dict[str, object]:
    """The hooks in the order of hookspecs.py."""
    return {name: spec for name, spec in vars(hookspecs).items() if name.startswith(PREFIX)}


def summary(spec: object) -> str:
    return inline((inspect.getdoc(spec) or "").partition("\n")[0])


def interface(name: str) -> str:
    about = {PREFIX + hook: one for hook, one in HOOKS.items()}.get(name)
    return about.interface.replace(":", ".") if about else "none: a mapping of code to CodeDoc"


def classes_of(module: object) -> list[type]:
    """Public classes that a module defines, in its order."""
    name = getattr(module, "__name__", "")
    return [
        cls
        for cls in vars(module).values()
        if isinstance(cls, type) and cls.__module__ == name and not cls.__name__.startswith("_")
    ]


def load(path: str) -> type:
    module, _, name = path.partition(":")
    found: type = getattr(import_module(module), name)
    return found


def main(words: list[str]) -> int:
    """Write the pages, or with ``--check`` compare them."""
    stale = []
    for name, text in {"hooks.md": hooks_page(), "roles.md": roles_page()}.items():
        path = REFERENCE / name
        if "--check" not in words:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(f"docs/reference/{name} is out of date: run python docs/_generate/hooks.py")
    print("\n".join(stale), file=sys.stderr, end="\n" if stale else "")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
