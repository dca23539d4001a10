"""Where the reconciler keeps what is no entry of the ledger."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Of one installation: the applications of one project. Names of applications are unique in it."""

    state: Path
    installation: str

    @property
    def root(self) -> Path:
        """Directory of the desired states and the locks."""
        return self.state / "applications" / quote(self.installation, safe="")

    def lock(self, name: str) -> Path:
        """The file that is locked while somebody syncs an application; its directory is made."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.root / f"{quote(name, safe='')}.lock"


def installation_of(project: Path, configured: str = "") -> str:
    """The name of a project's installation: the configured one, else of the project's directory."""
    if configured:
        return configured
    path = str(project.resolve())
    return (
        f"{project.resolve().name or 'root'}-{sha256(path.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    )


def installation_of_repository(url: str, configured: str = "") -> str:
    """The same for Applications of a repository elsewhere. No credentials of the URL are in it."""
    if configured:
        return configured
    name = url.rstrip("/").removesuffix(".git").rpartition("/")[2].rpartition(":")[2].rpartition("@")[2]
    return f"{name or 'repository'}-{sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
