"""pluggy's two markers under holkas's project name. Importing this imports pluggy."""

from __future__ import annotations

import pluggy

PROJECT = "holkas"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
