"""A folder in the layout of Argo CD's ``resource_customizations``.

``<group>/<kind>/health.lua``, ``<group>/<kind>/actions/discovery.lua``, ``<group>/<kind>/actions/<name>/action.lua``; the
core group has no folder of its own, and ``_`` in a name stands for any text. As Argo CD's own, these scripts have the
open libraries.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from holkas_compat.argocd.lua.sandbox import SCRIPT_SIZE, LuaError
from holkas_compat.argocd.lua.scripts import ActionScripts, Script, Scripts

_MOST_FILES = 10_000


def load_scripts(folder: Path) -> Scripts:
    """The scripts of a folder. Links that lead out of it, and files that are too large, are errors (LuaError)."""
    root = folder.resolve()
    if not root.is_dir():
        raise LuaError(f"{folder} is no folder of Lua scripts")
    health: dict[str, Script] = {}
    discovery: dict[str, Script] = {}
    actions: dict[str, dict[str, Script]] = {}
    for count, path in enumerate(_scripts(root)):
        if count >= _MOST_FILES:
            raise LuaError(f"{folder} holds more than {_MOST_FILES} scripts")
        parts = path.relative_to(root).parts
        if path.name == "health.lua":
            health[_kind(parts[:-1])] = _read(root, path)
        elif path.name == "discovery.lua" and parts[-2] == "actions":
            discovery[_kind(parts[:-2])] = _read(root, path)
        elif path.name == "action.lua" and len(parts) > 3 and parts[-3] == "actions":
            actions.setdefault(_kind(parts[:-3]), {})[parts[-2]] = _read(root, path)
    return Scripts(
        health=health,
        actions={
            kind: ActionScripts(discovery=discovery.get(kind), actions=actions.get(kind, {}))
            for kind in sorted({*discovery, *actions})
        },
    )


def _scripts(root: Path) -> Iterator[Path]:
    """Lua files at most five folders down, in order; folders that are links are not followed."""
    pending = [(root, 0)]
    while pending:
        folder, depth = pending.pop()
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.is_symlink() and depth < 5:
                pending.append((path, depth + 1))
            elif path.suffix == ".lua" and path.is_file():
                yield path


def _kind(parts: tuple[str, ...]) -> str:
    return "/".join(parts).replace("_", "*")


def _read(root: Path, path: Path) -> Script:
    name = path.relative_to(root).as_posix()
    if not path.resolve().is_relative_to(root):
        raise LuaError(f"{name} leads out of the folder of scripts")
    if path.stat().st_size > SCRIPT_SIZE:
        raise LuaError(f"{name} is larger than {SCRIPT_SIZE} bytes")
    try:
        return Script(text=path.read_text(encoding="utf-8"), name=name, open_libs=True)
    except UnicodeDecodeError:
        raise LuaError(f"{name} is no text in UTF-8") from None
