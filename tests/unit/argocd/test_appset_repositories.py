"""Repositories, pull requests and servers: reached through plugins, and only as far as a wish allows."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from holkas.extensions.application_set import GenerationWish
from holkas.extensions.source_fetcher import SourceRefused, SourceTree
from holkas.roles.errors import NotFound
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.outside import FetchedFiles, PluginsOutside, world_documents
from holkas_compat.argocd.applicationset.repository import LocalFiles


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    for path in ("b/x.yaml", "a/y.yaml", "a/deep/z.json", ".hidden/h.yaml", ".git/config", "a-b/w.yaml"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("k: v")
    (tmp_path / "outside.yaml").write_text("geheim: x")
    (root / "leak.yaml").symlink_to(tmp_path / "outside.yaml")
    (root / "git.yaml").symlink_to(root / ".git" / "config")
    (root / "inside.yaml").symlink_to("a/y.yaml")
    (root / "loop").symlink_to(".")
    return root


def test_a_checkout_is_walked_in_order_and_never_left(checkout: Path) -> None:
    files = LocalFiles(checkout)
    assert files.directories() == ["a", "a/deep", "a-b", "b"]
    assert set(files.paths()) == {
        "inside.yaml", ".hidden/h.yaml", "a/y.yaml", "a/deep/z.json", "a-b/w.yaml", "b/x.yaml"
    }  # fmt: skip
    assert files.read("inside.yaml") == b"k: v"
    for path in ("leak.yaml", "../outside.yaml", "/etc/passwd", "git.yaml", "a", "nope"):
        with pytest.raises(GenerationError, match="no file of the repository"):
            files.read(path)


def test_large_files_and_missing_directories_are_refused(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holkas_compat.argocd.applicationset.repository.LARGEST_FILE", 3)
    with pytest.raises(GenerationError, match="larger than 3"):
        LocalFiles(checkout).read("a/y.yaml")
    monkeypatch.setattr("holkas_compat.argocd.applicationset.repository.MOST_FILES", 3)
    with pytest.raises(GenerationError, match="more than 3 files"):
        LocalFiles(checkout).paths()
    with pytest.raises(GenerationError, match="no directory"):
        LocalFiles(checkout / "nope")


class Tree(SourceTree):
    def __init__(self, root: Path) -> None:
        self.root = root

    def identities(self, paths: Sequence[str]) -> list[str]:
        return []

    def materialise(self, paths: Any) -> Path:
        return self.root

    def files(self) -> Sequence[str]:
        return ["a/deep/z.json", "a/y.yaml", ".hidden/h.yaml", "a-b/w.yaml"]

    def mentioning(self, text: str, suffixes: Sequence[str]) -> list[tuple[str, bytes]]:
        return []


class Plugins:
    """One fetcher that knows ``git://…``, and one version control."""

    def __init__(self, root: Path, capabilities: frozenset[str] = frozenset({"pull-requests"})) -> None:
        self.root, self.capabilities, self.closed = root, capabilities, 0

    def providers(self, hook: str) -> Any:
        return [SimpleNamespace(name="it", capabilities=self.capabilities)]

    def make(self, hook: str, name: str, options: Any = None) -> Any:
        return self

    def handles(self, request: Any) -> bool:
        return bool(request.repository.startswith("git://"))

    def open(self, request: Any) -> SourceTree:
        if request.revision == "gone":
            raise SourceRefused("no such revision", "look again")
        return Tree(self.root)

    def close(self) -> None:
        self.closed += 1

    def pull_requests(self, repository: str) -> Any:
        if repository == "gone":
            raise NotFound("there is no such repository")
        return ["one"]


def test_fetched_files_have_directories(checkout: Path, tmp_path: Path) -> None:
    files = FetchedFiles(Tree(checkout))
    assert files.directories() == ["a", "a/deep", "a-b"]
    assert files.read("a/y.yaml") == b"k: v"
    with pytest.raises(GenerationError, match="no file of the repository"):
        files.read("../outside.yaml")


def test_directories_come_before_fetchers_and_are_opened_once(checkout: Path) -> None:
    plugins: Any = Plugins(checkout)
    wish = GenerationWish(repositories={"https://h/r": checkout}, project=checkout, plugins=plugins)
    outside = PluginsOutside(wish)
    assert isinstance(outside.files("https://h/r", "main"), LocalFiles)
    assert isinstance(outside.files("./a", ""), LocalFiles)
    found = outside.files("git://h/r", "main")
    assert isinstance(found, FetchedFiles) and outside.files("git://h/r", "main") is found
    with pytest.raises(GenerationError, match="no such revision") as caught:
        outside.files("git://h/r", "gone")
    assert caught.value.hint == "look again"
    for repository in ("https://other", "../..", "/etc", "./nope"):
        with pytest.raises(GenerationError, match="is not here"):
            outside.files(repository, "")
    outside.close()
    assert plugins.closed == len(outside.fetchers) > 0


def test_pull_requests_need_a_version_control_that_can_list_them(checkout: Path) -> None:
    plugins: Any = Plugins(checkout)
    outside = PluginsOutside(GenerationWish(plugins=plugins))
    assert outside.pull_requests("u") == ["one"]
    with pytest.raises(GenerationError, match="no such repository"):
        outside.pull_requests("gone")
    for without in (None, Plugins(checkout, frozenset())):
        with pytest.raises(GenerationError, match="lists the pull requests"):
            PluginsOutside(GenerationWish(plugins=without)).pull_requests("u")  # type: ignore[arg-type]  # a fake


@pytest.fixture
def server() -> Iterator[tuple[str, list[Any]]]:
    seen: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append((self.path, self.headers["Authorization"], body))
            self.send_response(302 if self.path == "/elsewhere" else 200)
            self.send_header("Location", "/")
            self.end_headers()
            self.wfile.write(b'{"output": {}}')

        def log_message(self, *_: Any) -> None:
            return

    served = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}", seen
    served.shutdown()
    served.server_close()
    thread.join(5)


def test_servers_are_asked_only_where_that_is_allowed(server: tuple[str, list[Any]]) -> None:
    url, seen = server
    with pytest.raises(GenerationError, match="only where that is allowed"):
        PluginsOutside(GenerationWish()).post(url, "t", b"{}", 5)
    assert not seen
    outside = PluginsOutside(GenerationWish(network=True))
    assert outside.post(f"{url}/x", "t", b"{}", 5) == b'{"output": {}}'
    assert seen == [("/x", "Bearer t", b"{}")]
    for wrong in ("file:///etc/passwd", f"{url}/elsewhere", "http://127.0.0.1:1/"):
        with pytest.raises(GenerationError):
            outside.post(wrong, "t", b"{}", 5)


def test_items_of_lists_are_documents() -> None:
    one = {"kind": "Secret", "metadata": {"name": "a"}}
    assert world_documents([{"kind": "SecretList", "items": [one, 3]}, "x", one]) == [one, one]
