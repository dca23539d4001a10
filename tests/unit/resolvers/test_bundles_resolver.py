"""The resolver bundles, with a registry of ours and, where it is installed, with a real one."""

import base64
import io
import json
import shutil
import socket
import subprocess
import tarfile
import time
import zlib

import pytest
from holkas.extensions.resolver import MAX_SIZE, ResolverRefused, ResolverRequest
from holkas.model.secret import Secret
from holkas.plugins import Context
from holkas.roles.errors import AccessDenied, NotFound
from holkas_builtin.resolvers.bundles import BundlesResolver, parts_of

from tests.elsewhere import Registry, bundle, digest_of, push
from tests.file_server import serving

TASK, OTHER = "kind: Task\n", "kind: Pipeline\n"
MANIFEST, BLOBS = bundle(("task", "t", TASK), ("pipeline", "t", OTHER))


def wanted(image, name="t", kind="task", **more):
    return ResolverRequest(resolver="bundles", fields={"bundle": image, "name": name, "kind": kind}, **more)


def resolve(image, name="t", kind="task", *, options=None, **more):
    return BundlesResolver(Context(options=options or {})).resolve(wanted(image, name, kind, **more))


@pytest.fixture
def registry():
    answers = Registry(MANIFEST, BLOBS)
    with serving(answers) as host:
        answers.host = host
        yield answers


def with_layer(data, **notes):
    """A registry with a bundle that has this one layer."""
    made = json.loads(bundle(("task", "t", TASK))[0])
    made["layers"][0] |= {"digest": digest_of(data), "size": len(data)}
    made["layers"][0]["annotations"] |= notes
    return Registry(json.dumps(made).encode(), {digest_of(data): data})


def test_tags_and_digests_give_the_layer_of_a_kind_and_name(registry):
    digest = digest_of(MANIFEST)
    for reference in (":1", f"@{digest}", f":old@{digest}"):
        found = resolve(f"{registry.host}/a/b{reference}")
        assert found.content.decode() == TASK
        assert found.source.uri == f"{registry.host}/a/b"
        assert f"sha256:{found.source.digest['sha256']}" == digest
        assert found.source.entry_point == "t"
    assert resolve(f"{registry.host}/a/b:1", kind="pipeline").content.decode() == OTHER
    assert not BundlesResolver(Context()).pinned(wanted("h/b:1"))
    assert BundlesResolver(Context()).pinned(wanted(f"h/b@{digest}"))


def test_layers_without_an_archive_or_without_compression_are_read():
    manifest, blobs = bundle(("task", "t", TASK), raw=True)
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as archive:
        info = tarfile.TarInfo("t")
        info.size = len(TASK)
        archive.addfile(info, io.BytesIO(TASK.encode()))
    for answers in (Registry(manifest, blobs), with_layer(plain.getvalue())):
        with serving(answers) as host:
            assert resolve(f"{host}/b:1").content.decode() == TASK


def test_what_is_missing_is_told_with_what_is_there(registry):
    with pytest.raises(ResolverRefused, match="has no task 'none'") as error:
        resolve(f"{registry.host}/b:1", "none")
    assert error.value.hint == "it has task t, pipeline t"
    with pytest.raises(NotFound):
        resolve(f"{registry.host}/b:2")


def test_digests_are_compared(registry):
    registry.blobs = dict.fromkeys(registry.blobs, b"changed")
    with pytest.raises(ResolverRefused, match="another digest"):
        resolve(f"{registry.host}/b:1")
    pinned = f"{registry.host}/b@{digest_of(MANIFEST)}"
    old, registry.manifest = registry.manifest, b"{}"
    with pytest.raises(NotFound):
        resolve(pinned)
    registry.manifest = old


def test_bombs_links_and_devices_are_refused():
    bomb = zlib.compressobj(wbits=31)
    packed = bomb.compress(b"\0" * (MAX_SIZE + (1 << 20))) + bomb.flush()
    link = io.BytesIO()
    with tarfile.open(fileobj=link, mode="w:gz") as archive:
        info = tarfile.TarInfo("t")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
    cases = (
        (packed, "unpacks to more than"),
        (link.getvalue(), "does not begin with a file"),
        (b"\x1f\x8bbroken", "cannot be unpacked"),
    )
    for data, message in cases:
        with serving(with_layer(data)) as host, pytest.raises(ResolverRefused, match=message):
            resolve(f"{host}/b:1")


def test_what_is_no_bundle_is_refused():
    layer = json.loads(MANIFEST)["layers"][0]
    cases = (
        {"layers": [layer] * 21},
        {"layers": "x"},
        {"layers": [{}]},
        {"layers": [{"annotations": {"dev.tekton.image.name": 1}}]},
    )
    for made in cases:
        answers = Registry(json.dumps(made).encode(), {})
        with serving(answers) as host, pytest.raises(ResolverRefused, match="is no bundle"):
            resolve(f"{host}/b:1")
    with serving(Registry(b"no JSON", {})) as host, pytest.raises(ResolverRefused, match="else than JSON"):
        resolve(f"{host}/b:1")


def test_credentials_come_from_the_request_or_from_the_options(registry, monkeypatch):
    registry.wanted = "Basic " + base64.b64encode(b"me:pw").decode()
    image = f"{registry.host}/b:1"
    assert resolve(image, username="me", password=Secret("pw")).content.decode() == TASK
    rule = {"url": f"oci://{registry.host}", "username": "me", "variable": "PW"}
    monkeypatch.setenv("PW", "pw")
    assert resolve(image, options={"credentials": [rule]}).content.decode() == TASK
    with pytest.raises(AccessDenied):
        resolve(image)
    with pytest.raises(AccessDenied) as error:
        resolve(image, username="me", password=Secret("wr0ng"))
    assert "wr0ng" not in str(error.value)


def test_a_mirror_is_asked_and_the_name_that_was_written_is_recorded(registry):
    mirrors = [{"url": "ghcr.io/", "to": f"{registry.host}/proxied/"}]
    found = resolve("ghcr.io/a/b:1", options={"mirrors": mirrors})
    assert found.source.uri == "ghcr.io/a/b"
    assert registry.asked[0] == "/v2/proxied/a/b/manifests/1"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a", ("index.docker.io", "library/a", "latest")),
        ("a/b:2", ("index.docker.io", "a/b", "2")),
        ("docker.io/a", ("index.docker.io", "library/a", "latest")),
        ("localhost/a", ("localhost", "a", "latest")),
        ("h.x:5000/a/b@sha256:1", ("h.x:5000", "a/b", "sha256:1")),
    ],
)
def test_names_of_images_are_read_as_docker_reads_them(name, parts):
    assert parts_of(name) == parts


@pytest.mark.parametrize(
    "name", ["http://h/a", "u:p@h.x/a/../b", "h.x/", "h.x/A", "h.x/a/../../b:1", "h.x/a:-o"]
)
def test_names_that_mean_something_else_are_refused(name):
    with pytest.raises((ResolverRefused, NotFound)):
        resolve(name)


@pytest.fixture
def real_registry(tmp_path):
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed (.ci/install-tools installs it)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "version": "0.1",
        "storage": {"filesystem": {"rootdirectory": str(tmp_path / "registry")}},
        "http": {"addr": f"127.0.0.1:{port}"},
    }
    (tmp_path / "config.yml").write_text(json.dumps(settings))
    process = subprocess.Popen(
        [program, "serve", str(tmp_path / "config.yml")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 30
        while True:
            assert process.poll() is None, "the registry has ended"
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < end, "the registry never answers"
                time.sleep(0.02)
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(10)


def test_a_bundle_of_a_real_registry(real_registry):
    push(real_registry, "tasks/t", "1.0", MANIFEST, BLOBS)
    for reference in (":1.0", f"@{digest_of(MANIFEST)}"):
        found = resolve(f"{real_registry}/tasks/t{reference}", kind="pipeline")
        assert found.content.decode() == OTHER
        assert f"sha256:{found.source.digest['sha256']}" == digest_of(MANIFEST)
