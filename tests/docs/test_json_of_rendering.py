"""What ``app render`` and ``app diff`` print for programs has exactly the fields that the reference names."""

import json

import pytest

from tests.docs.test_json_and_events import documented, fields, run
from tests.rendering_projects import CONFIG_MAP, commit, manifest_text, repository


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A repository in which a resource was changed, one added and one removed since the tag ``before``."""
    home = tmp_path_factory.mktemp("rendering")
    (home / "home").mkdir()
    files = {
        ".gitignore": "home\n",
        "a/one.yaml": CONFIG_MAP.format(name="one", value="1"),
        "a/two.yaml": CONFIG_MAP.format(name="two", value="1"),
        "apps/a.yaml": manifest_text("a", {"path": "a"}),
    }
    root = repository(home, files)
    (root / "a/one.yaml").write_text(CONFIG_MAP.format(name="one", value="2"))
    (root / "a/two.yaml").rename(root / "a/three.yaml")
    (root / "a/three.yaml").write_text(CONFIG_MAP.format(name="three", value="1"))
    commit(root)
    return root


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [
        ("RenderedApplicationList", "app render a -o json", 0),
        ("ApplicationDifferenceList", "app diff --all --base HEAD~1 -o json", 1),
    ],
)
def test_a_shape_has_the_documented_fields(kind, words, code, changed):
    done = run(changed, *words.split())
    assert done.returncode == code, done.stderr
    printed = json.loads(done.stdout)
    assert (printed.pop("apiVersion"), printed.pop("kind")) == ("holkas/v1", kind)
    assert printed["items"]
    types = documented(kind)
    assert set(fields(printed, types)) == set(types)
    if kind == "ApplicationDifferenceList":
        resources = printed["items"][0]["resources"]
        fates = {one["fate"]: (one["before"] is None, one["after"] is None) for one in resources}
        assert fates == {"added": (True, False), "changed": (False, False), "removed": (False, True)}
