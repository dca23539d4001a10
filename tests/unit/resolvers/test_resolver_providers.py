"""The resolvers come in through the hook, and their settings are checked."""

import pytest
from holkas.extensions.resolver import Resolver
from holkas.plugins.errors import PluginError
from holkas.plugins.manager import PluginManager


@pytest.fixture
def manager(tmp_path):
    return PluginManager.for_project(tmp_path, {}, tmp_path / "state")


@pytest.mark.parametrize("name", ["git", "http", "bundles", "hub"])
def test_each_is_made_with_mirrors(name, manager):
    made = manager.make("resolvers", name, {"mirrors": [{"url": "https://a/", "to": "https://b/"}]})
    assert isinstance(made, Resolver)
    assert made.name == name


def test_settings_that_mean_nothing_are_refused(manager):
    with pytest.raises(PluginError):
        manager.make("resolvers", "http", {"mirrors": [{"url": ""}]})
    with pytest.raises(PluginError):
        manager.make("resolvers", "hub", {"hub": "https://h"})


def test_a_cluster_takes_a_plugin(manager):
    with pytest.raises(PluginError, match="no plugin offers resolver 'cluster'"):
        manager.make("resolvers", "cluster")
