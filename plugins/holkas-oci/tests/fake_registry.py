"""A registry of our own for what docker-registry does not do: tokens, referrers, redirects, broken connections."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class FakeRegistry(ThreadingHTTPServer):
    """Blobs and manifests in memory. ``plan``: (method, beginning of the path) → what to do with the next request:
    a status, ``break`` (half of the answer or none), or a header as ``Location: …`` with a 307."""

    daemon_threads = True

    def __init__(self, token: str = "") -> None:
        self.token, self.blobs, self.manifests, self.types, self.uploads = token, {}, {}, {}, {}
        self.plan: dict[tuple[str, str], list] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.referrers = True
        super().__init__(("127.0.0.1", 0), _Handler)
        self.address = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def seen(self, method: str, part: str) -> list[dict[str, str]]:
        """Headers of the requests of a method whose path holds something."""
        return [headers for one, path, headers in self.requests if one == method and part in path]


class _Handler(BaseHTTPRequestHandler):
    server: FakeRegistry
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def do_GET(self) -> None:
        self._do()

    do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = do_GET

    def _do(self) -> None:
        server, path = self.server, urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        for (method, start), acts in server.plan.items():
            if acts and method == self.command and start in self.path:
                act = acts.pop(0)
                if act == "break":
                    if self.command == "PATCH":
                        self._patched(path, body[: len(body) // 2])
                    self.close_connection = True
                    return
                if act == "half":
                    data = server.blobs[path.rpartition("/")[2]]
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data[: len(data) // 2])
                    self.close_connection = True
                    return
                if isinstance(act, tuple):
                    self._answer(act[0], act[2] if len(act) > 2 else b"{}", **act[1])
                    return
        if path == "/token":
            self._answer(200, json.dumps({"token": server.token}).encode())
        elif server.token and self.headers.get("Authorization") != f"Bearer {server.token}":
            realm = (
                f'Bearer realm="http://{server.address}/token",service="fake",scope="repository:x:pull,push"'
            )
            self._answer(401, b"{}", WWW_Authenticate=realm)
        elif path == "/v2/":
            self._answer(200, b"{}")
        elif "/blobs/uploads/" in path:
            self._upload(path, body)
        elif "/blobs/" in path:
            data = server.blobs.get(path.rpartition("/")[2])
            start = self.headers.get("Range", "")
            if data is not None and start:
                self._answer(206, data[int(start.removeprefix("bytes=").removesuffix("-")) :])
            else:
                self._answer(404 if data is None else 200, data or b"")
        elif "/referrers/" in path:
            self._listed(path.rpartition("/")[2])
        elif "/manifests/" in path:
            self._manifest(path.rpartition("/")[2], body)
        else:
            self._answer(404, b"")

    def _upload(self, path: str, body: bytes) -> None:
        server = self.server
        if self.command == "POST":
            name = str(len(server.uploads))
            server.uploads[name] = b""
            self._answer(202, b"", Location=f"{path}{name}?state=a%2Fb")
        elif self.command == "PATCH":
            self._patched(path, body)
            self._answer(202, b"", Location=f"{path}?state=c")
        elif self.command == "GET":
            done = server.uploads[path.rpartition("/")[2]]
            self._answer(204, b"", Location=path, Range=f"0-{max(0, len(done) - 1)}")
        else:
            data = server.uploads.pop(path.rpartition("/")[2]) + body
            (digest,) = parse_qs(urlsplit(self.path).query)["digest"]
            fits = digest == f"sha256:{hashlib.sha256(data).hexdigest()}"
            if fits:
                server.blobs[digest] = data
            self._answer(201 if fits else 400, b'{"errors": [{"code": "DIGEST_INVALID", "message": "x"}]}')

    def _patched(self, path: str, body: bytes) -> None:
        name, first = path.rpartition("/")[2], int(self.headers["Content-Range"].partition("-")[0])
        assert first == len(self.server.uploads[name])
        self.server.uploads[name] += body

    def _manifest(self, reference: str, body: bytes) -> None:
        known = self.server.manifests
        if self.command == "PUT":
            known[reference] = known[f"sha256:{hashlib.sha256(body).hexdigest()}"] = body
            subject = json.loads(body).get("subject")
            self._answer(
                201, b"", **({"OCI_Subject": subject["digest"]} if subject and self.server.referrers else {})
            )
        else:
            self._answer(200 if reference in known else 404, known.get(reference, b""))

    def _listed(self, digest: str) -> None:
        if not self.server.referrers:
            return self._answer(404, b"")
        found = {}
        for data in self.server.manifests.values():
            value = json.loads(data)
            if value.get("subject", {}).get("digest") == digest:
                own = f"sha256:{hashlib.sha256(data).hexdigest()}"
                found[own] = {
                    "digest": own,
                    "artifactType": value["artifactType"],
                    "annotations": value["annotations"],
                }
        return self._answer(200, json.dumps({"manifests": list(found.values())}).encode())

    def _answer(self, status: int, data: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0" if status == 204 else str(len(data)))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(data)
