"""From settings to the repository."""

from __future__ import annotations

import re
from pathlib import Path

from holkas.plugins import Context
from holkas.roles.errors import ToolError

from holkas_oci.credentials import Login, login_for
from holkas_oci.repository import OciRepository
from holkas_oci.transport import Transport

CHUNK = 16 << 20
_OWN = re.compile(r"(127\.[0-9.]+|localhost|\[::1\])(:\d+)?")


def made(context: Context) -> OciRepository:
    """The repository that the settings describe; no connection is made. Raises ToolError."""
    options = context.options
    host, _, prefix = str(options["registry"]).partition("/")
    plain = options.get("plain-http", _OWN.fullmatch(host) is not None)
    ca_file = ""
    if given := options.get("ca-file"):
        ca_file = str(context.project / Path(given).expanduser())
        if not Path(ca_file).is_file():
            raise ToolError(f"ca-file {ca_file} is not a file")

    def login(repository: str) -> Login | None:
        return login_for(host, repository, options, context.project)

    transport = Transport(
        f"{'http' if plain else 'https'}://{host}",
        ca_file=ca_file,
        timeout=float(options.get("timeout", 60.0)),
        login=login,
    )
    return OciRepository(transport, prefix, chunk=int(options.get("chunk-size", CHUNK)))
