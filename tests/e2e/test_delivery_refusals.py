"""What is not what was built, or is wanted by somebody who may not: refused, recorded, told. With the built-in tools."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from tests.command_line import Shell

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

CONFIG = """
    project: shop
    artifacts: [{name: shop, path: app}]
    environments:
      - {name: dev, destination: DIR/dev}
      - {name: prod, destination: DIR/prod, gate: {approvers: [boss]}}
    feedback:
      - {notifier: file, tell: [failure, approval]}
    plugins:
      notifiers: {file: {file: DIR/notices.jsonl}}
      artifact_repositories: {directory: {directory: DIR/artifacts}}
"""
SIGNED = "    signing: {key: keys/delivery#private, required: true}\n"


def git(directory, *words):
    command = ["git", "-c", "user.name=Anna", "-c", "user.email=anna@example.org", *words]
    subprocess.run(command, cwd=directory, check=True, capture_output=True)


def pem():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class Shop:
    """A project that has come to the gate of prod."""

    def __init__(self, directory, config=CONFIG):
        self.directory = directory
        self.shell = Shell(
            directory / "shop",
            env={"HOLKAS_STATE_DIR": str(directory / "state"), "XDG_DATA_HOME": str(directory / "data")},
        )
        self.shell.file("holkas.yaml", config.replace("DIR", str(directory)))
        self.shell.file("app/index.html", "one")
        git(self.shell.directory, "init", "-q", "-b", "main")
        git(self.shell.directory, "add", "-A")
        git(self.shell.directory, "commit", "-q", "-m", "one")

    def __call__(self, *words, **more):
        return self.shell(*words, **more)

    def configure(self, config):
        self.shell.file("holkas.yaml", config.replace("DIR", str(self.directory)))

    def prod(self):
        return (self.directory / "prod" / "current").exists()

    def recorded(self):
        """Type → the last entry's data."""
        said = self("events", "export", "--format", "entries").out.splitlines()
        return {entry["type"]: entry["data"] for entry in map(json.loads, said)}

    def told(self):
        path = self.directory / "notices.jsonl"
        return (
            [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            if path.exists()
            else []
        )

    def is_refused(self, said, why):
        """The whole promise: it is not there, the record says why, somebody was told, the record is sound."""
        assert said.code == 1, said.err
        assert why in said.out + said.err
        assert not self.prod()
        assert why in self.recorded()["deployment.refused"]["message"]
        assert self.recorded()["delivery.finished"]["outcome"] == "refused"
        assert any(notice["kind"] == "failure" and why in notice["text"] for notice in self.told())
        assert self("events", "verify").code == 0


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


def files(shop, text):
    """Files of the artifact repository with this content."""
    found = [path for path in (shop.directory / "artifacts").rglob("*") if path.is_file()]
    return [path for path in found if text.encode() in path.read_bytes()]


def test_a_tampered_artifact_is_refused(shop):
    assert shop("deliver").code == 3
    changed = [path for path in files(shop, "one") if path.read_bytes() == b"one"]
    assert changed
    for path in changed:
        path.chmod(0o600)
        path.write_bytes(b"two")
    shop.is_refused(shop("approve", "prod", "--as", "boss"), "tampered with")


def test_a_version_that_means_another_digest_is_refused(shop):
    """Somebody who can write to the repository lets the version mean something else that is sound in itself."""
    from holkas_builtin.artifacts.repository import DirectoryRepository

    assert shop("deliver").code == 3
    with DirectoryRepository(shop.directory / "artifacts") as repository:
        (known,) = repository.artifacts("shop")
        repository.delete(known)
        (shop.directory / "evil").mkdir()
        (shop.directory / "evil" / "index.html").write_text("evil", encoding="utf-8")
        repository.publish("shop", known.version, shop.directory / "evil", metadata=known.metadata)
    shop.is_refused(shop("approve", "prod", "--as", "boss"), "only what was built is deployed")


def test_what_nobody_signed_is_refused_where_signatures_are_required(shop):
    assert shop("deliver").code == 3
    assert shop("secrets", "set", "keys/delivery", "private", stdin=pem()).code == 0
    shop.configure(CONFIG + SIGNED)
    shop.is_refused(shop("approve", "prod", "--as", "boss"), "is not signed")


def test_a_signature_of_somebody_else_is_refused(tmp_path):
    shop = Shop(tmp_path, CONFIG + SIGNED)
    assert shop("secrets", "set", "keys/delivery", "private", stdin=pem()).code == 0
    assert shop("deliver").code == 3
    assert shop("secrets", "set", "keys/delivery", "private", stdin=pem()).code == 0
    shop.is_refused(shop("approve", "prod", "--as", "boss"), "signed by nobody who is trusted")


def test_what_is_signed_goes_in(tmp_path):
    shop = Shop(tmp_path, CONFIG + SIGNED)
    assert shop("secrets", "set", "keys/delivery", "private", stdin=pem()).code == 0
    assert shop("deliver").code == 3
    assert shop("approve", "prod", "--as", "boss").code == 0
    assert shop.prod()


@pytest.mark.parametrize("words", [("approve", "prod"), ("promote", "prod"), ("reject", "prod")])
def test_somebody_who_may_not_is_refused(shop, words):
    assert shop("deliver").code == 3
    said = shop(*words, "--as", "mallory")
    assert (said.code, "D101" in said.err) == (1, True)
    assert not shop.prod()
    refused = shop.recorded()["approval.refused"]
    assert (refused["by"], refused["environment"]) == ("mallory", "prod")
    assert refused["account"]
    (told,) = [notice for notice in shop.told() if "refused" in notice["subject"]]
    assert "mallory" in told["text"]
    assert [person["name"] for person in told["recipients"]] == ["boss"]
    assert shop("events", "verify").code == 0
    assert shop("approve", "prod", "--as", "boss").code == 0
