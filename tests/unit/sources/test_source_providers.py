"""The fetchers come in through their hook; a project reaches all of them."""

import pytest
from holkas.extensions.source_fetcher import SourceFetcher, SourceRequest
from holkas.plugins import Context
from holkas_builtin.sources.hooks import holkas_source_fetchers

CASES = [
    ("local", SourceRequest(repository=".")),
    ("helm-repository", SourceRequest(repository="https://charts.example.com", chart="web")),
    ("oci", SourceRequest(repository="oci://registry.example.com/web")),
    ("version-control", SourceRequest(repository="https://git.example.com/org/repo")),
]


@pytest.mark.parametrize(("name", "request_of"), CASES, ids=[name for name, _ in CASES])
def test_the_first_that_handles_a_source(tmp_path, name, request_of):
    for provider in holkas_source_fetchers():
        fetcher = provider.make(Context(project=tmp_path, state=tmp_path / "s"))
        assert isinstance(fetcher, SourceFetcher)
        assert fetcher.name == provider.name
        if fetcher.handles(request_of):
            assert provider.name == name
            return
    pytest.fail("nobody handles it")
