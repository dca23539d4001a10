"""What was desired at each sync, kept as it was: for going on after a crash, and for going back without any source."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from holkas.records import dataclass
from holkas.state.durable import write_durably
from holkas.state.errors import StateUnusable


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An application as it was to be: its own manifest, and its resources as YAML."""

    manifest: Mapping[str, Any]
    text: str


class DesiredStore:
    """Files of one application by digest, below the state directory; readable for their owner alone, since Secrets may
    be among them."""

    def __init__(self, root: Path, name: str) -> None:
        self.root = root / quote(name, safe="")

    def keep(self, manifest: Mapping[str, Any], text: str) -> str:
        """Keep a state and return its digest. Raises StateUnusable."""
        data = json.dumps({"manifest": manifest, "text": text}, sort_keys=True, ensure_ascii=False)
        encoded = data.encode("utf-8", "surrogatepass")
        digest = sha256(encoded).hexdigest()
        place = self._place(digest)
        try:
            if not place.is_file():
                self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_durably(place, encoded)
        except OSError as error:
            raise StateUnusable(f"{place} cannot be written: {error.strerror}") from error
        return digest

    def load(self, digest: str) -> Kept | None:
        """A state that was kept; None where it is gone or damaged."""
        try:
            data = self._place(digest).read_bytes()
        except OSError:
            return None
        if sha256(data).hexdigest() != digest:
            return None
        form = json.loads(data.decode("utf-8", "surrogatepass"))
        return Kept(manifest=form["manifest"], text=form["text"])

    def sweep(self, wanted: Collection[str]) -> None:
        """Remove all but these."""
        with contextlib.suppress(OSError):
            for place in self.root.glob("*.json"):
                if place.stem not in wanted:
                    place.unlink()

    def _place(self, digest: str) -> Path:
        return self.root / f"{digest}.json"
