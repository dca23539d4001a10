"""The resolver http, with a server on this machine."""

import base64
import hashlib

import pytest
from holkas.extensions.resolver import MAX_SIZE, ResolverRefused, ResolverRequest
from holkas.model.secret import Secret
from holkas.plugins import Context
from holkas.roles.errors import AccessDenied, NotFound, Retryable
from holkas_builtin.resolvers.http import HttpResolver

from tests.file_server import serving

TASK = b"kind: Task\n"
SHA256 = hashlib.sha256(TASK).hexdigest()
SHA512 = hashlib.sha512(TASK).hexdigest()


class Site:
    """Gives the task to everybody below /t, and to who knows the password below /p."""

    def __init__(self):
        self.seen = []

    def __call__(self, path, headers):
        self.seen.append((path, headers.get("authorization")))
        if path == "/p":
            right = "Basic " + base64.b64encode(b"me:pw").decode()
            return (200, {}, TASK) if headers.get("authorization") == right else (401, {}, b"")
        answers = {
            "/t": (200, {}, TASK),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/loop": (302, {"Location": "/loop"}, b""),
            "/big": (200, {}, b"x" * (MAX_SIZE + 1)),
            "/down": (503, {}, b""),
        }
        return answers.get(path, (404, {}, b""))


@pytest.fixture
def site():
    answers = Site()
    with serving(answers) as host:
        answers.url = f"http://{host}"
        yield answers


def asked(url, digest="", **more):
    return ResolverRequest(resolver="http", fields={"url": url, "digest": digest}, **more)


def resolve(url, digest="", *, mirrors=(), **more):
    return HttpResolver(Context(options={"mirrors": mirrors})).resolve(asked(url, digest, **more))


def test_a_file_and_its_digest(site):
    found = resolve(f"{site.url}/t")
    assert (found.content, found.source.uri) == (TASK, f"{site.url}/t")
    assert found.source.digest == {"sha256": SHA256}
    assert found.source.entry_point == ""


def test_a_digest_is_compared(site):
    assert resolve(f"{site.url}/t", f"sha256:{SHA256}").content == TASK
    assert resolve(f"{site.url}/t", f"sha512:{SHA512.upper()}").content == TASK
    for wrong in (f"sha256:{'0' * 64}", "sha256:", f"sha512:{SHA256}"):
        with pytest.raises(ResolverRefused, match="is wanted"):
            resolve(f"{site.url}/t", wrong)
    with pytest.raises(ResolverRefused, match="neither sha256 nor sha512"):
        resolve(f"{site.url}/t", "md5:0")


def test_only_a_digest_pins():
    resolver = HttpResolver(Context())
    assert not resolver.pinned(asked("http://h/"))
    assert resolver.pinned(asked("http://h/", f"sha256:{SHA256}"))


def test_credentials_are_sent_and_never_shown(site):
    assert resolve(f"{site.url}/p", username="me", password=Secret("pw")).content == TASK
    with pytest.raises(AccessDenied) as error:
        resolve(f"{site.url}/p", username="me", password=Secret("wr0ng"))
    assert "wr0ng" not in str(error.value)
    resolve(f"{site.url}/t")
    assert site.seen[-1] == ("/t", None)


def test_credentials_in_an_address_are_not_recorded(site):
    mirrors = [{"url": "https://h.example", "to": site.url}]
    found = resolve("https://h.example/t", mirrors=mirrors)
    assert found.source.uri == "https://h.example/t"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://h/x", "http://", "http://h/a b", "gopher://h/"])
def test_other_addresses_are_refused(url):
    with pytest.raises(ResolverRefused, match="no URL of http or https"):
        resolve(url)


def test_hostile_servers(site):
    with pytest.raises((ResolverRefused, Retryable), match=r"302|no URL of http"):
        resolve(f"{site.url}/file")
    with pytest.raises(ResolverRefused, match="more than 4 MiB"):
        resolve(f"{site.url}/big")
    with pytest.raises(Retryable):
        resolve(f"{site.url}/loop")


def test_what_is_not_there(site):
    with pytest.raises(NotFound, match="does not exist"):
        resolve(f"{site.url}/none")
    with pytest.raises(Retryable, match="503"):
        resolve(f"{site.url}/down")
