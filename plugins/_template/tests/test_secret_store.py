"""The store keeps the contract of its role, and comes in through its hook."""

from __future__ import annotations

import pytest
from holkas.plugins.errors import PluginError
from holkas.roles.errors import NotFound
from holkas.testing.contracts.secret_store import SecretStoreContract

from holkas_NAME import hooks
from holkas_NAME.secret_store import DirectoryStore


class TestDirectoryStore(SecretStoreContract):
    @pytest.fixture
    def tool(self, tmp_path):
        with DirectoryStore(tmp_path) as tool:
            yield tool

    @pytest.fixture
    def put(self, tmp_path):
        def put(name, **values):
            (tmp_path / name).mkdir(parents=True)
            for key, value in values.items():
                (tmp_path / name / key).write_text(value, encoding="utf-8")

        return put


def test_the_hook_offers_it(holkas_plugins, tmp_path):
    plugins = holkas_plugins(hooks)
    store = plugins.make("secret_stores", "NAME", {"directory": str(tmp_path)})
    assert isinstance(store, DirectoryStore)
    assert plugins.problems == []
    with pytest.raises(PluginError, match="directory"):
        plugins.make("secret_stores", "NAME", {})


@pytest.mark.parametrize("name", ["../other", "/etc", "a/../../b"])
def test_a_name_that_leaves_the_directory_is_not_found(tmp_path, name):
    with pytest.raises(NotFound):
        DirectoryStore(tmp_path).keys(name)


def test_it_says_what_is_wrong_and_keeps_no_versions(tmp_path):
    assert "not a directory" in DirectoryStore(tmp_path / "none").fault()
    with pytest.raises(NotFound, match="version"):
        DirectoryStore(tmp_path).read("a", version="2")
