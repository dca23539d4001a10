"""Places where resolvers find something, on this machine: a git repository, a registry, a hub."""

from __future__ import annotations

import hashlib
import json
import subprocess
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.made_archives import archive, file

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


class Repository:
    """A git repository with a branch ``main``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        given = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(
            ["git", *given, *words],
            cwd=self.directory,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str]) -> str:
        """Write these and commit; gives the commit's id."""
        for name, text in files.items():
            place = self.directory / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=change")
        return self.git("rev-parse", "HEAD")


def digest_of(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def bundle(*documents: tuple[str, str, str], raw: bool = False) -> tuple[bytes, dict[str, bytes]]:
    """The manifest of a bundle and its blobs by digest. documents: kind, name, text."""
    blobs: dict[str, bytes] = {}
    layers: list[dict[str, Any]] = []
    config = b"{}"
    blobs[digest_of(config)] = config
    for kind, name, text in documents:
        data = text.encode() if raw else archive(file(name, text))
        blobs[digest_of(data)] = data
        notes = {"apiVersion": "v1", "kind": kind, "name": name}
        layers.append(
            {
                "mediaType": LAYER,
                "digest": digest_of(data),
                "size": len(data),
                "annotations": {f"dev.tekton.image.{key}": value for key, value in notes.items()},
            }
        )
    described = {
        "mediaType": "application/vnd.oci.image.config.v1+json",
        "digest": digest_of(config),
        "size": len(config),
    }
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described, "layers": layers}
    return json.dumps(manifest).encode(), blobs


class Registry:
    """Answers as a registry with one repository; ``asked``: paths and who asked."""

    def __init__(self, manifest: bytes, blobs: Mapping[str, bytes], tag: str = "1") -> None:
        self.manifest = manifest
        self.blobs = dict(blobs)
        self.tag = tag
        self.wanted = ""
        self.asked: list[str] = []

    def __call__(self, path: str, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        self.asked.append(path)
        if self.wanted and headers.get("authorization") != self.wanted:
            return 401, {"WWW-Authenticate": "Basic realm=r"}, b""
        what, _, reference = path.rpartition("/")
        if what.endswith("/manifests") and reference in (self.tag, digest_of(self.manifest)):
            return 200, {"Content-Type": MANIFEST}, self.manifest
        if what.endswith("/blobs") and reference in self.blobs:
            return 200, {}, self.blobs[reference]
        return 404, {}, b""


def push(host: str, name: str, tag: str, manifest: bytes, blobs: Mapping[str, bytes]) -> None:
    """Put a bundle into a real registry. Source: OCI, "Distribution Specification", push."""
    base = f"http://{host}/v2/{name}"
    for digest, data in blobs.items():
        begin = urllib.request.Request(f"{base}/blobs/uploads/", method="POST")
        with urllib.request.urlopen(begin, timeout=30) as answer:
            place = answer.headers["Location"]
        put = urllib.request.Request(
            f"{place}{'&' if '?' in place else '?'}digest={digest}",
            data=data,
            method="PUT",
            headers={"Content-Type": "application/octet-stream"},
        )
        urllib.request.urlopen(put, timeout=30).close()
    headers = {"Content-Type": MANIFEST}
    put = urllib.request.Request(f"{base}/manifests/{tag}", data=manifest, method="PUT", headers=headers)
    urllib.request.urlopen(put, timeout=30).close()
