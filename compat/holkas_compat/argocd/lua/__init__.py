"""Users' own health checks and actions in Lua, as Argo CD runs them, in a sandbox.

``load_scripts(folder)`` reads a folder in the layout of Argo CD's ``resource_customizations``, ``read_customizations``
what ``argocd-cm`` says; either gives :class:`Scripts`, of which ``health_override`` makes what
:func:`holkas.gitops.health.judge` asks first.
"""

from __future__ import annotations

from holkas_compat.argocd.lua.actions import Action, Impact, discover_actions, run_action
from holkas_compat.argocd.lua.customizations import read_customizations
from holkas_compat.argocd.lua.folder import load_scripts
from holkas_compat.argocd.lua.health import health_override
from holkas_compat.argocd.lua.sandbox import LuaError, run_lua
from holkas_compat.argocd.lua.scripts import Script, Scripts

__all__ = [
    "Action",
    "Impact",
    "LuaError",
    "Script",
    "Scripts",
    "discover_actions",
    "health_override",
    "load_scripts",
    "read_customizations",
    "run_action",
    "run_lua",
]
