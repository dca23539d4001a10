"""Renderers and source fetchers, fakes and built-ins, keep the contracts that a plugin's have to keep."""

import pytest
from holkas.extensions.source_fetcher import SourceRequest
from holkas.plugins import Context
from holkas.testing.contracts.renderer import RendererContract
from holkas.testing.contracts.source_fetcher import FILES, SourceFetcherContract
from holkas.testing.fakes.renderer import FakeRenderer
from holkas.testing.fakes.source_fetcher import FakeSourceFetcher
from holkas_builtin.sources.local import LocalFetcher

from tests.rendering_projects import CONFIG_MAP, Project, application, git, manifest_text, repository

RESOURCE = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}


class TestFakeSourceFetcher(SourceFetcherContract):
    @pytest.fixture
    def fetcher(self, tmp_path):
        return FakeSourceFetcher(tmp_path, {("https://x", "main"): FILES})

    @pytest.fixture
    def request_of_files(self):
        return SourceRequest(repository="https://x", revision="main")


class TestLocalFetcherAtARevision(SourceFetcherContract):
    @pytest.fixture
    def fetcher(self, tmp_path):
        root = repository(tmp_path / "project", FILES)
        git(root, "tag", "one")
        return LocalFetcher(Context(project=root, state=tmp_path / "state"))

    @pytest.fixture
    def request_of_files(self):
        return SourceRequest(repository=".", revision="one")


class TestFakeRenderer(RendererContract):
    @pytest.fixture
    def good(self):
        return {"kind": "FakeApplication", "metadata": {"name": "good"}, "resources": [RESOURCE]}

    @pytest.fixture
    def renderer(self, good):
        return FakeRenderer([good])


class TestArgoRenderer(RendererContract):
    @pytest.fixture
    def project(self, tmp_path):
        files = {
            "a/cm.yaml": CONFIG_MAP.format(name="c", value="v"),
            "apps/good.yaml": manifest_text("good", {"path": "a"}),
        }
        return Project(repository(tmp_path / "project", files), tmp_path / "state")

    @pytest.fixture
    def good(self):
        return application("good", {"path": "a"})

    @pytest.fixture
    def failing(self):
        return application("failing", {"path": "nowhere"})

    @pytest.fixture
    def renderer(self, project):
        renderer = project.renderer()
        yield renderer
        renderer.close()

    @pytest.fixture
    def again(self, project):
        return project.renderer


class _Drifting(FakeRenderer):
    """Gives something else each time."""

    def render(self, manifests, options):
        self.count = getattr(self, "count", 0) + 1
        changed = [{**one, "resources": [{**RESOURCE, "data": {"n": str(self.count)}}]} for one in manifests]
        return super().render(changed, options)


class _Careless(FakeSourceFetcher):
    """Takes any revision, and tells paths apart by their first letter."""

    def open(self, request):
        from dataclasses import replace

        tree = super().open(replace(request, revision="main"))
        tree._identity = lambda path: path[:1] or "/"
        return tree


def test_the_contracts_find_faults(tmp_path):
    good = {"kind": "FakeApplication", "metadata": {"name": "good"}}
    drifting, contract = _Drifting([good]), RendererContract()
    with pytest.raises(AssertionError):
        contract.test_the_same_gives_the_same_bytes(drifting, good, None)
    with pytest.raises(AssertionError):
        contract.test_the_project_has_it_too(drifting, good)
    careless = _Careless(tmp_path, {("https://x", "main"): FILES})
    request, fetching = SourceRequest(repository="https://x", revision="main"), SourceFetcherContract()
    with pytest.raises(AssertionError):
        fetching.test_identities_tell_paths_apart(careless, request)
    with pytest.raises(pytest.fail.Exception):
        fetching.test_revisions_that_are_none_are_refused(careless, request, "none")
