"""What resolvers find is compared with its signature where a VerificationPolicy asks for that."""

import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from holkas.extensions.importer import RunWish
from holkas.model.finding import Severity
from holkas.plugins import Context
from holkas.testing.fakes.resolver import FakeResolver
from holkas.yaml import Source, load_documents
from holkas_compat.tekton.importer import TektonImporter

KEY = ec.generate_private_key(ec.SECP256R1())
OTHER = ec.generate_private_key(ec.SECP256R1())


def document(version="v1", **notes):
    """A Task as a signer has it in its hands: in the order of Go's structs."""
    metadata = {"name": "t", "namespace": "n", "labels": {"a": "b"}}
    spec = {"steps": [{"name": "s", "image": "i", "computeResources": {}, "script": "echo '<&>'"}]}
    return {
        "kind": "Task",
        "apiVersion": f"tekton.dev/{version}",
        "metadata": {**metadata, **({"annotations": notes} if notes else {})},
        "spec": spec if version == "v1" else {"steps": [{"name": "s", "image": "i", "resources": {}}]},
    }


def checksum(made, *, old=False):
    """As ``json.Marshal`` writes it: compact, with three characters escaped."""
    metadata = dict(made["metadata"])
    if old:
        rest = {key: metadata.pop(key) for key in ("labels", "annotations") if key in metadata}
        metadata = {**metadata, "creationTimestamp": None, **rest}
    text = json.dumps({**made, "metadata": metadata}, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return hashlib.sha256(text.encode()).digest()


def signed(made, signature):
    notes = {
        **made["metadata"].get("annotations", {}),
        "tekton.dev/signature": base64.b64encode(signature).decode(),
    }
    return {**made, "metadata": {**made["metadata"], "annotations": notes}}


def pem(key):
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def policy(*keys, mode="enforce", pattern="memory:.*", name="p", **more):
    authorities = [{"name": f"a{at}", "key": {"data": pem(key), **more}} for at, key in enumerate(keys)]
    return {
        "apiVersion": "tekton.dev/v1alpha1",
        "kind": "VerificationPolicy",
        "metadata": {"name": name},
        "spec": {"resources": [{"pattern": pattern}], "authorities": authorities, "mode": mode},
    }


RUN = {
    "apiVersion": "tekton.dev/v1",
    "kind": "TaskRun",
    "metadata": {"name": "r"},
    "spec": {"taskRef": {"resolver": "fake", "params": [{"name": "name", "value": "t"}]}},
}


def load(tmp_path, task, *documents):
    fake = FakeResolver({"t": json.dumps(task).encode()})

    class Plugins:
        def providers(self, hook):
            return []

        def make(self, hook, name, options=None):
            return fake

    importer = TektonImporter(Context(state=tmp_path, plugins=Plugins()))
    text = "\n---\n".join(json.dumps(one) for one in (*documents, RUN))
    return importer.load(load_documents(Source("f.yaml", text.encode())), RunWish()).findings


def told(findings):
    return [(finding.severity, finding.message.partition(": ")[2]) for finding in findings]


def ecdsa(key, message, algorithm=None):
    return key.sign(message, ec.ECDSA(algorithm or hashes.SHA256()))


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("version", ["v1", "v1beta1"])
def test_a_signature_of_a_trusted_key_is_enough(old, version, tmp_path):
    made = document(version, kept="x")
    task = signed(made, ecdsa(KEY, checksum(made, old=old)))
    task["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] = "added later"
    assert load(tmp_path, task, policy(OTHER, KEY)) == ()


def test_a_changed_document_is_refused_with_tekton_s_reason(tmp_path):
    made = document()
    task = signed(made, ecdsa(KEY, checksum(made)))
    task["spec"]["steps"][0]["script"] = "echo evil"
    (finding,) = load(tmp_path, task, policy(KEY))
    assert finding.message == (
        'spec.taskRef.resolver: ResourceVerificationFailed: task "t" is not signed by any of its keys, '
        'which policy "p" wants'
    )
    assert finding.severity is Severity.ERROR


def test_without_a_signature_or_with_a_strange_one_it_is_refused(tmp_path):
    assert "has no signature" in told(load(tmp_path, document(), policy(KEY)))[0][1]
    task = document(**{"tekton.dev/signature": "no base64!"})
    assert "is not base64" in told(load(tmp_path, task, policy(KEY)))[0][1]
    made = document()
    task = signed(made, ecdsa(OTHER, checksum(made)))
    assert "not signed by any" in told(load(tmp_path, task, policy(KEY)))[0][1]


def test_a_policy_may_warn_and_all_that_enforce_must_hold(tmp_path):
    made = document()
    task = signed(made, ecdsa(KEY, checksum(made)))
    warned = told(load(tmp_path, task, policy(OTHER, mode="warn"), policy(KEY, name="q")))
    assert [severity for severity, _ in warned] == [Severity.WARNING]
    assert warned[0][1].startswith("ResourceVerificationFailed: ")
    refused = told(load(tmp_path, task, policy(OTHER), policy(KEY, name="q")))
    assert [severity for severity, _ in refused] == [Severity.ERROR]


@pytest.mark.parametrize("pattern", ["memory", "other:t", "emory:t"])
def test_a_policy_for_other_addresses_asks_nothing(pattern, tmp_path):
    assert load(tmp_path, document(), policy(KEY, pattern=pattern)) == ()


@pytest.mark.parametrize("pattern", ["memory:t", "^memory:t$", "^memory:.*"])
def test_patterns_fit_the_whole_address(pattern, tmp_path):
    assert len(load(tmp_path, document(), policy(KEY, pattern=pattern))) == 1


def test_other_kinds_of_keys(tmp_path):
    made = document()
    message = checksum(made)
    long = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    task = signed(made, long.sign(message, padding.PKCS1v15(), hashes.SHA256()))
    assert load(tmp_path / "rsa", task, policy(long)) == ()
    short = ed25519.Ed25519PrivateKey.generate()
    assert load(tmp_path / "ed", signed(made, short.sign(message)), policy(short)) == ()
    task = signed(made, ecdsa(KEY, message, hashes.SHA512()))
    assert load(tmp_path / "512", task, policy(KEY, hashAlgorithm="sha512")) == ()
    assert len(load(tmp_path / "256", task, policy(KEY))) == 1


def test_a_key_may_be_in_a_secret(tmp_path):
    made = document()
    task = signed(made, ecdsa(KEY, checksum(made)))
    wanted = policy(KEY)
    wanted["spec"]["authorities"][0]["key"] = {"secretRef": {"name": "keys", "namespace": "n"}}
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "keys"},
        "stringData": {"k": pem(KEY)},
    }
    assert load(tmp_path, task, wanted, secret) == ()
    assert 'from the Secret "keys"' in told(load(tmp_path, task, wanted))[0][1]
    secret["stringData"] = {"k": "no key"}
    assert "no public key in PEM" in told(load(tmp_path, task, wanted, secret))[0][1]
