"""Resolvers, fake and built-in, keep the contract that a plugin's have to keep."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from holkas.extensions.resolver import ResolverRequest
from holkas.plugins import Context
from holkas.plugins.manager import PluginManager
from holkas.testing.contracts.resolver import ResolverContract
from holkas.testing.fakes.resolver import FakeResolver
from holkas_builtin.resolvers.bundles import BundlesResolver
from holkas_builtin.resolvers.git import GitResolver
from holkas_builtin.resolvers.http import HttpResolver
from holkas_builtin.resolvers.hub import HubResolver

from tests.elsewhere import Registry, Repository, bundle, digest_of
from tests.file_server import serving

TASK = "kind: Task\n"


def changed(request, **fields):
    return replace(request, fields={**request.fields, **fields})


class TestFake(ResolverContract):
    @pytest.fixture
    def resolver(self):
        return FakeResolver({"one": TASK.encode()}, always=True)

    @pytest.fixture
    def request_of_document(self):
        return ResolverRequest(resolver="fake", fields={"name": "one"})

    @pytest.fixture
    def pinned(self, request_of_document):
        return request_of_document

    @pytest.fixture
    def missing(self, request_of_document):
        return changed(request_of_document, name="none")


class TestHttp(ResolverContract):
    @pytest.fixture
    def resolver(self):
        return HttpResolver(Context())

    @pytest.fixture
    def request_of_document(self):
        def answer(path, headers):
            return (200, {}, TASK.encode()) if path == "/task.yaml" else (404, {}, b"")

        with serving(answer) as host:
            fields = {"url": f"http://{host}/task.yaml", "digest": ""}
            yield ResolverRequest(resolver="http", fields=fields)

    @pytest.fixture
    def pinned(self, request_of_document):
        digest = hashlib.sha256(TASK.encode()).hexdigest()
        return changed(request_of_document, digest=f"sha256:{digest}")

    @pytest.fixture
    def missing(self, request_of_document):
        return changed(request_of_document, url=f"{request_of_document.fields['url']}.none")


class TestGit(ResolverContract):
    @pytest.fixture
    def resolver(self, tmp_path):
        manager = PluginManager.for_project(tmp_path, {}, tmp_path / "state")
        return GitResolver(Context(project=tmp_path, state=tmp_path / "state", plugins=manager))

    @pytest.fixture
    def request_of_document(self, tmp_path):
        repository = Repository(tmp_path / "repository")
        repository.commit({"a/task.yaml": TASK})
        fields = {"url": str(repository.directory), "revision": "main", "path": "a/task.yaml"}
        return ResolverRequest(resolver="git", fields=fields)

    @pytest.fixture
    def pinned(self, request_of_document, tmp_path):
        commit = (tmp_path / "repository/.git/refs/heads/main").read_text().strip()
        return changed(request_of_document, revision=commit)

    @pytest.fixture
    def missing(self, request_of_document):
        return changed(request_of_document, path="a/none.yaml")


class TestBundles(ResolverContract):
    @pytest.fixture
    def resolver(self):
        return BundlesResolver(Context())

    @pytest.fixture
    def request_of_document(self):
        with serving(Registry(*bundle(("task", "t", TASK)))) as host:
            fields = {"bundle": f"{host}/a/b:1", "name": "t", "kind": "task"}
            yield ResolverRequest(resolver="bundles", fields=fields)

    @pytest.fixture
    def pinned(self, request_of_document):
        digest = digest_of(bundle(("task", "t", TASK))[0])
        image = request_of_document.fields["bundle"].removesuffix(":1")
        return changed(request_of_document, bundle=f"{image}@{digest}")

    @pytest.fixture
    def missing(self, request_of_document):
        return changed(request_of_document, name="none")


class TestHub(ResolverContract):
    @pytest.fixture
    def hub(self):
        def answer(path, headers):
            if path == "/api/v1/packages/tekton-task/c/clone/0.10.0":
                return 200, {}, json.dumps({"data": {"manifestRaw": TASK}}).encode()
            return 404, {}, b""

        with serving(answer) as host:
            yield f"http://{host}"

    @pytest.fixture
    def resolver(self, hub):
        return HubResolver(Context(options={"artifact-hub": hub}))

    @pytest.fixture
    def request_of_document(self, hub):
        fields = {
            "type": "artifact", "catalog": "c", "kind": "task", "name": "clone", "version": "0.10.0", "url": "",
        }  # fmt: skip
        return ResolverRequest(resolver="hub", fields=fields)

    @pytest.fixture
    def missing(self, request_of_document):
        return changed(request_of_document, name="none")


class _Careless(FakeResolver):
    """Gives what it is asked for from the host, counts, tells passwords, and raises whatever comes."""

    def resolve(self, request):
        name = request.fields["name"]
        if name.startswith(".."):
            name = name.replace("../../../../", "/")
            with open(name, "rb") as file:
                self.documents[request.fields["name"]] = file.read()
        if "\0" in name:
            raise ValueError("embedded null byte")
        found = super().resolve(request)
        uri = f"{found.source.uri}?{len(self.asked)}"
        if request.password is not None:
            uri += request.password.reveal_text()
        return replace(found, source=replace(found.source, uri=uri))


def test_the_contract_finds_faults(tmp_path):
    careless, contract = _Careless({"one": TASK.encode()}), ResolverContract()
    request = ResolverRequest(resolver="fake", fields={"name": "one"})
    with pytest.raises(AssertionError):
        contract.test_the_same_request_gives_the_same(careless, request)
    with pytest.raises(AssertionError):
        contract.test_what_is_pinned_is_known_without_asking(careless, request, request)
    with pytest.raises(AssertionError):
        contract.test_a_password_is_never_shown(careless, request, None)
    with pytest.raises(AssertionError):
        contract.test_fields_of_strangers_do_no_harm(careless, request, "../../../../etc/passwd", tmp_path)
    with pytest.raises(ValueError, match="null"):
        contract.test_fields_of_strangers_do_no_harm(careless, request, "a\0b", tmp_path)
