"""The environment of a step: its own variables, and the few basics that every image has."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from .mount_points import within

BASICS = ("LANG", "LC_ALL", "LC_CTYPE", "TZ")
"""Variables of the host that say how to write text and time, not who the user is; nothing else is passed on."""

IMAGE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""PATH as images have it."""


def search_path(hidden: Sequence[str]) -> str:
    """PATH of a world: that of images, then the directories of the user's own PATH that are not hidden in it.

    What is installed in a directory of its own (/opt/tool/bin) is found as it is on the bare host.
    """
    own = os.environ.get("PATH", os.defpath).split(os.pathsep)
    seen = [path for path in own if path.startswith("/") and not within(path, hidden)]
    return os.pathsep.join(dict.fromkeys([*IMAGE_PATH.split(os.pathsep), *seen]))


def environment(step: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    """The host's BASICS, the executor's defaults and the step's variables, the last one winning."""
    result = {name: os.environ[name] for name in BASICS if name in os.environ}
    result.update(defaults)
    result.update(step)
    return result
