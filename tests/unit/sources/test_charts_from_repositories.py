"""Charts of helm repositories and registries, from servers on this machine."""

import hashlib
import json

import pytest
from holkas.extensions.source_fetcher import SourceRefused, SourceRequest
from holkas.plugins import Context
from holkas.roles.errors import AccessDenied, NotFound, Retryable
from holkas_builtin.sources.helm_repository import HelmRepositoryFetcher
from holkas_builtin.sources.oci import HELM_LAYER, OciFetcher

from tests.file_server import serving
from tests.made_archives import archive, file

CHART = archive(
    file("web/Chart.yaml", "name: web\nversion: 1.2.0\n"), file("web/templates/a.yaml", "kind: X\n")
)
DIGEST = hashlib.sha256(CHART).hexdigest()


def index(**changed):
    entry = {"version": "1.2.0", "urls": ["charts/web-1.2.0.tgz"], "digest": DIGEST, **changed}
    return {"apiVersion": "v1", "entries": {"web": [entry, {"version": "1.1.0", "urls": []}], "odd": 1}}


class Repository:
    """Answers as a helm repository and remembers what it was asked."""

    def __init__(self):
        self.index = index()
        self.asked = []
        self.password = ""

    def __call__(self, path, headers):
        self.asked.append((path, headers.get("authorization", "")))
        if self.password and headers.get("authorization") != self.password:
            return 401, {"WWW-Authenticate": "Basic"}, b""
        if path == "/r/index.yaml":
            return 200, {}, json.dumps(self.index).encode()
        if path == "/r/charts/web-1.2.0.tgz":
            return 200, {}, CHART
        if path == "/r/away.tgz":
            return 302, {"Location": "file:///etc/passwd"}, b""
        return 404, {}, b""


@pytest.fixture
def repository():
    answers = Repository()
    with serving(answers) as host:
        answers.url = f"http://{host}/r"
        answers.host = host
        yield answers


def helm(tmp_path, **options):
    return HelmRepositoryFetcher(Context(state=tmp_path, options=options))


def wanted(url, chart="web", revision="1.2.0"):
    return SourceRequest(repository=url, chart=chart, revision=revision)


def test_a_chart_is_fetched_once(tmp_path, repository):
    fetcher = helm(tmp_path)
    assert fetcher.handles(wanted(repository.url))
    assert not fetcher.handles(SourceRequest(repository=repository.url))
    assert list(fetcher.versions(wanted(repository.url))) == ["1.2.0", "1.1.0"]
    tree = fetcher.open(wanted(repository.url))
    assert tree.revision == "1.2.0"
    assert list(tree.files()) == ["Chart.yaml", "templates/a.yaml"]
    assert [path for path, _ in repository.asked] == ["/r/index.yaml", "/r/charts/web-1.2.0.tgz"]
    assert helm(tmp_path).open(wanted(repository.url)).identities([""]) == tree.identities([""])
    assert len(repository.asked) == 2


@pytest.mark.parametrize(
    ("request_of", "changed"),
    [
        ({"revision": "9.9.9"}, {}),
        ({"chart": "none"}, {}),
        ({"chart": "odd"}, {}),
        ({"chart": "../web"}, {}),
        ({"revision": "../1"}, {}),
        ({"revision": "1.1.0"}, {}),
        ({}, {"digest": "0" * 64}),
        ({}, {"urls": ["file:///etc/passwd"]}),
        ({}, {"urls": "charts"}),
    ],
)
def test_charts_that_are_refused(tmp_path, repository, request_of, changed):
    repository.index = index(**changed)
    with pytest.raises(SourceRefused):
        helm(tmp_path).open(wanted(repository.url, **request_of))


def test_redirects_to_files_are_not_followed(tmp_path, repository):
    repository.index = index(urls=["away.tgz"])
    with pytest.raises((SourceRefused, Retryable)):
        helm(tmp_path).open(wanted(repository.url))


def test_a_chart_by_another_name(tmp_path, repository):
    repository.index["entries"]["other"] = repository.index["entries"]["web"]
    with pytest.raises(SourceRefused, match="holds no chart other"):
        helm(tmp_path).open(wanted(repository.url, chart="other"))


def test_servers_that_are_not_there(tmp_path, repository):
    with pytest.raises(NotFound):
        helm(tmp_path).open(wanted(f"http://{repository.host}/none"))
    with pytest.raises(Retryable):
        helm(tmp_path).open(wanted("http://127.0.0.1:1/r"))


def test_an_index_that_is_none(tmp_path, repository):
    repository.index = "{"
    with pytest.raises(SourceRefused):
        helm(tmp_path).open(wanted(repository.url))


def test_downloads_have_an_end(tmp_path, repository, monkeypatch):
    from holkas_builtin.sources import helm_repository

    monkeypatch.setattr(helm_repository, "MAX_INDEX", 10)
    with pytest.raises(SourceRefused, match="more than"):
        helm(tmp_path).open(wanted(repository.url))


def test_credentials_come_from_the_environment(tmp_path, repository, monkeypatch):
    repository.password = "Basic bWU6aHVudGVyMg=="
    rule = {"url": f"http://{repository.host}/r", "username": "me", "variable": "HOLKAS_TEST_PASSWORD"}
    with pytest.raises(AccessDenied, match="not set"):
        helm(tmp_path, credentials=[rule]).open(wanted(repository.url))
    monkeypatch.setenv("HOLKAS_TEST_PASSWORD", "hunter2")
    assert helm(tmp_path, credentials=[rule]).open(wanted(repository.url)).files()
    with pytest.raises(AccessDenied) as denied:
        helm(tmp_path).open(wanted(repository.url, revision="1.2"))
    assert "hunter2" not in str(denied.value)


class Registry:
    """Answers as a registry with one artifact, which wants a token."""

    def __init__(self):
        self.layer = {"mediaType": HELM_LAYER, "digest": f"sha256:{DIGEST}", "size": len(CHART)}
        self.told = ""
        self.token = "t0ken"

    @property
    def manifest(self):
        return json.dumps({"schemaVersion": 2, "layers": [self.layer, {"mediaType": "other"}]}).encode()

    def __call__(self, path, headers):
        if path.startswith("/token"):
            assert "scope=repository" in path
            return 200, {}, json.dumps({"token": self.token}).encode()
        if self.token and headers.get("authorization") != f"Bearer {self.token}":
            realm = f'Bearer realm="http://{self.host}/token",service="s",scope="repository:charts/web:pull"'
            return 401, {"WWW-Authenticate": realm}, b""
        digest = "sha256:" + hashlib.sha256(self.manifest).hexdigest()
        if path in ("/v2/charts/web/manifests/1.2.0_x", f"/v2/charts/web/manifests/{digest}"):
            return 200, {"Docker-Content-Digest": self.told or digest}, self.manifest
        if path == f"/v2/charts/web/blobs/{self.layer['digest']}":
            return 200, {}, CHART
        if path == "/v2/charts/web/tags/list?n=1000":
            return (
                200,
                {"Link": '</v2/charts/web/tags/list?n=1000&last=1>; rel="next"'},
                b'{"tags": ["1.0.0"]}',
            )
        if path == "/v2/charts/web/tags/list?n=1000&last=1":
            return 200, {}, b'{"tags": ["1.2.0_x"]}'
        return 404, {}, b""


@pytest.fixture
def registry():
    answers = Registry()
    with serving(answers) as host:
        answers.host = host
        yield answers


def oci(tmp_path):
    return OciFetcher(Context(state=tmp_path))


def test_a_chart_of_a_registry(tmp_path, registry):
    fetcher = oci(tmp_path)
    request = SourceRequest(repository=f"{registry.host}/charts", chart="web", revision="1.2.0+x")
    assert fetcher.handles(request)
    assert list(fetcher.versions(request)) == ["1.0.0", "1.2.0+x"]
    tree = fetcher.open(request)
    assert list(tree.files()) == ["Chart.yaml", "templates/a.yaml"]
    assert not tree.pinned
    by_digest = SourceRequest(repository=f"oci://{registry.host}/charts/web/", revision=tree.revision)
    assert fetcher.open(by_digest).pinned


def test_plain_files_of_a_registry(tmp_path, registry):
    registry.token = ""
    registry.layer["mediaType"] = "application/vnd.oci.image.layer.v1.tar+gzip"
    tree = oci(tmp_path).open(
        SourceRequest(repository=f"oci://{registry.host}/charts/web", revision="1.2.0+x")
    )
    assert list(tree.files()) == ["web/Chart.yaml", "web/templates/a.yaml"]


@pytest.mark.parametrize(
    "layer", [{"digest": "sha256:" + "0" * 64}, {"digest": "x"}, {"mediaType": "application/x"}]
)
def test_layers_that_are_refused(tmp_path, registry, layer):
    registry.layer.update(layer)
    with pytest.raises((SourceRefused, NotFound)):
        oci(tmp_path).open(SourceRequest(repository=f"oci://{registry.host}/charts/web", revision="1.2.0+x"))


def test_a_manifest_that_is_not_what_was_asked_for(tmp_path, registry):
    registry.told = "sha256:" + "0" * 64
    with pytest.raises(SourceRefused, match="digest"):
        oci(tmp_path).open(SourceRequest(repository=f"oci://{registry.host}/charts/web", revision="1.2.0+x"))


@pytest.mark.parametrize(
    ("repository", "revision"),
    [
        ("oci://h/../x", "1"),
        ("oci://h", "1"),
        ("oci://a b/x", "1"),
        ("oci://127.0.0.1:1/x", "-x"),
        ("oci://127.0.0.1:1/x", "a b"),
    ],
)
def test_names_that_are_none(tmp_path, repository, revision):
    with pytest.raises(SourceRefused):
        oci(tmp_path).open(SourceRequest(repository=repository, revision=revision))


def test_a_registry_that_denies(tmp_path, registry):
    registry.__class__ = type(
        "Denying", (Registry,), {"__call__": lambda self, path, headers: (401, {}, b"")}
    )
    with pytest.raises(AccessDenied):
        oci(tmp_path).open(SourceRequest(repository=f"oci://{registry.host}/charts/web", revision="1"))
