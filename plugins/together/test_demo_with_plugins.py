"""The demo runs with holkas-vault and holkas-oci in place of the embedded tools, by configuration alone."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.service
BIN = Path(sys.executable).parent
ROOT = "root-of-the-test"


def free_address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def started():
    """Starts a server and waits for its word; ended by its process after the test."""
    processes = []

    def start(program, words, ready_word):
        found = shutil.which(program, path=f"{BIN}{os.pathsep}{os.environ['PATH']}")
        if found is None:
            pytest.skip(f"{program} is not installed")
        process = subprocess.Popen(
            [found, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        processes.append(process)
        ready = threading.Event()

        def read():
            for line in process.stdout:
                if ready_word in line:
                    ready.set()

        threading.Thread(target=read, daemon=True).start()
        assert ready.wait(60), f"{program} does not say that it is ready"

    yield start
    for process in processes:
        process.kill()
        process.wait()


@pytest.fixture
def registry(started, tmp_path):
    address = free_address()
    (tmp_path / "registry.yml").write_text(
        f"version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: {tmp_path}/data}}}}\n"
        f"http: {{addr: '{address}'}}\n"
    )
    started("docker-registry", ["serve", str(tmp_path / "registry.yml")], "listening on")
    return address


@pytest.fixture
def vault(started):
    address = free_address()
    words = [f"-dev-root-token-id={ROOT}", f"-dev-listen-address={address}", "-dev-no-store-token"]
    started("bao", ["server", "-dev", *words], "Development mode should NOT be used")
    return f"http://{address}"


@pytest.fixture
def holkas(tmp_path, registry, vault):
    """Runs holkas with the user's settings for both plugins."""
    place = tmp_path / "xdg" / "holkas"
    place.mkdir(parents=True)
    (place / "holkas.yaml").write_text(
        "tools: {artifact-repository: oci, secret-store: vault}\n"
        "plugins:\n"
        f"  artifact_repositories: {{oci: {{registry: '{registry}/demo'}}}}\n"
        f"  secret_stores: {{vault: {{address: '{vault}'}}}}\n"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HOLKAS_", "VAULT_"))}
    environ = {**kept, "XDG_CONFIG_HOME": str(tmp_path / "xdg"), "HOME": str(tmp_path), "VAULT_TOKEN": ROOT}

    def holkas(*words, stdin=""):
        at = tmp_path / "demo" if (tmp_path / "demo").exists() else tmp_path
        return subprocess.run(
            [str(BIN / "holkas"), *words],
            cwd=at,
            env=environ,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=200,
        )

    yield holkas
    if (tmp_path / "demo").exists():
        holkas("demo", ".", "--stop")


def test_the_demo_runs(holkas, registry, tmp_path):
    demo = holkas("demo", "demo", "--progress", "quiet")
    assert demo.returncode == 3, demo.stdout + demo.stderr
    with urllib.request.urlopen(f"http://{registry}/v2/demo/hello/tags/list") as answer:
        assert len(json.load(answer)["tags"]) >= 2
    assert holkas("approve", "prod", "--progress", "quiet").returncode == 0

    assert "hello/admin" in holkas("secrets", "list").stdout, "the services' password is in the store"

    # A key to sign with, which comes from the store too.
    key = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519"], capture_output=True, text=True, check=True
    )
    assert holkas("secrets", "set", "demo/signing", stdin=key.stdout).returncode == 0
    project = tmp_path / "demo" / "holkas.yaml"
    text = project.read_text()
    assert "\nfeedback:" in text
    project.write_text(text.replace("\nfeedback:", '\nsigning: {key: "demo/signing"}\n\nfeedback:', 1))
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-qam", "Signed"]
    subprocess.run(git, cwd=tmp_path / "demo", check=True)
    delivered = holkas("deliver", "--progress", "quiet")
    assert delivered.returncode == 3, delivered.stdout + delivered.stderr
    assert "-----BEGIN" not in delivered.stdout + delivered.stderr
    assert holkas("approve", "prod", "--progress", "quiet").returncode == 0
    back = holkas("rollback", "prod")
    assert back.returncode == 0, back.stderr
