"""What is kept only because it may be wanted again goes when nobody wanted it for long."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

DAY = 86_400.0
KEPT_DAYS = 30.0


def forget_old(directory: Path, days: float = KEPT_DAYS, now: float | None = None) -> None:
    """Remove files below a directory that were not written or :func:`wanted` for so many days; looked for once a day.

    now: seconds since the epoch, for tests. Nothing is raised: what cannot be removed stays.
    """
    moment = time.time() if now is None else now
    marker = directory / ".swept"
    with contextlib.suppress(OSError):
        if marker.exists() and moment - marker.stat().st_mtime < DAY:
            return
        marker.touch()
        os.utime(marker, (moment, moment))
        for place, _, names in os.walk(directory):
            for name in names:
                path = Path(place) / name
                if path != marker and moment - path.lstat().st_mtime > days * DAY:
                    path.unlink(missing_ok=True)


def wanted(path: Path, now: float | None = None) -> None:
    """Note that a file was of use; at most once a day."""
    moment = time.time() if now is None else now
    with contextlib.suppress(OSError):
        if moment - path.stat().st_mtime > DAY:
            os.utime(path, (moment, moment))
