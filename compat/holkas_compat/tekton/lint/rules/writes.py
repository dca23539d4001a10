"""Which workspaces a task's scripts write into, as far as its text shows."""

from __future__ import annotations

import re
from collections.abc import Mapping

from holkas_compat.manifest.shape import name_of, record, records, text, texts
from holkas_compat.tekton.lint.rules.parts import ContainerPart, Spec, TaskPart
from holkas_compat.tekton.lint.rules.shell import Command, commands, is_shell, written_to

_WRITERS = frozenset(
    (
        *(
            "touch",
            "mkdir",
            "rm",
            "rmdir",
            "tee",
            "truncate",
            "chmod",
            "chown",
            "unzip",
            "tar",
            "patch",
            "dd",
        ),
        *("cp", "mv", "ln", "install", "rsync", "wget", "curl", "git", "sed", "sort"),
    )
)
_LAST_OPERAND = frozenset(("cp", "mv", "ln", "install", "rsync"))
_READING_GIT = frozenset(
    ("log", "show", "status", "diff", "describe", "rev-parse", "ls-files", "blame", "grep")
)
_OUTPUT_OPTIONS = {
    "curl": ("-o", "-O", "--output", "--output-dir", "--remote-name"),
    "wget": ("-O", "-P"),
    "sort": ("-o",),
    "sed": ("-i",),
    "tar": ("-x", "x", "--extract", "-C", "-c", "c"),
}


def written_workspaces(part: TaskPart) -> frozenset[str]:
    """The task's workspaces that one of its scripts or commands writes into; found once a task."""
    if part.written is None:
        part.written = frozenset(_found(part))
    return part.written


def _found(part: TaskPart) -> set[str]:
    places = {
        name: (f"$(workspaces.{name}.path)", text(item.get("mountPath")) or f"/workspace/{name}")
        for item in records(part.spec.get("workspaces"))
        if (name := name_of(item)) and not item.get("readOnly")
    }
    if not places:
        return set()
    template = record(part.spec.get("stepTemplate"))
    found: set[str] = set()
    for container in part.containers:
        if container.field != "stepTemplate":
            found |= _of_container(container, template, places)
    return found


def _of_container(part: ContainerPart, template: Spec, places: Mapping[str, tuple[str, str]]) -> set[str]:
    script = part.script if is_shell(part.script) else ""
    if not script:
        script = _inline(part)
    if not script:
        return set()
    folder = text(part.spec.get("workingDir")) or text(template.get("workingDir"))
    env = [*records(template.get("env")), *records(part.spec.get("env"))]
    found = set()
    for name, paths in places.items():
        spellings = [*paths]
        for item in env:
            if any(path in text(item.get("value")) for path in paths):
                spellings += [f"${name_of(item)}", f"${{{name_of(item)}}}"]
        inside = any(folder.startswith(path) for path in paths)
        if _writes(script, spellings, inside):
            found.add(name)
    return found


def _inline(part: ContainerPart) -> str:
    """The script in ``command: [sh, -c, …]`` or in args after it."""
    words = [*texts(part.spec.get("command")), *texts(part.spec.get("args"))]
    for index, word in enumerate(words[:-1]):
        if re.fullmatch(r"-[a-z]*c", word) and index and words[0].rpartition("/")[2].endswith("sh"):
            return words[index + 1]
    return ""


def _writes(script: str, spellings: list[str], inside: bool) -> bool:
    for command in commands(script):
        if command.name in ("cd", "pushd"):
            target = " ".join(command.words[1:])
            if _names(target, spellings):
                inside = True
            elif target.strip("\"'").startswith(("/", "$", "~")) or not target:
                inside = False
            continue
        for target in written_to(command):
            if not target.startswith("&") and (_names(target, spellings) or (inside and _relative(target))):
                return True
        if command.name in _WRITERS and _changes(command, spellings, inside):
            return True
    return False


def _changes(command: Command, spellings: list[str], inside: bool) -> bool:
    words = command.words[1:]
    if command.name == "git":
        verb = next((word for word in words if not word.startswith("-") and not _names(word, spellings)), "")
        if verb in _READING_GIT:
            return False
    options = _OUTPUT_OPTIONS.get(command.name)
    if options and not any(word.startswith(options) for word in words):
        return False
    operands = [word for word in words if not word.startswith("-")] or list(words)
    if command.name in _LAST_OPERAND:
        operands = operands[-1:]
    return any(_names(word, spellings) or (inside and _relative(word.strip("\"'"))) for word in operands)


def _names(target: str, spellings: list[str]) -> bool:
    """Whether a word names one of these folders or something in it; ``$DIR`` is not ``$DIRECTORY``."""
    for spelling in spellings:
        start = target.find(spelling)
        if start >= 0 and not re.match(r"\w", target[start + len(spelling) :]):
            return True
    return False


def _relative(target: str) -> bool:
    return not target.startswith(("/", "$", "~"))
