"""T608 and T801: images that may be another one tomorrow."""

from __future__ import annotations

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity
from holkas.model.path import DocumentPath

from holkas_compat.manifest.shape import text
from holkas_compat.tekton.lint.rules.parts import ContainerPart, DocumentPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule


def tag_of(image: str) -> str | None:
    """The tag of an image, ``""`` where it has none; None for one by digest or with a variable in its end."""
    last = image.rpartition("/")[2]
    if "@" in image or "$(" in last:
        return None
    return last.partition(":")[2]


def _tag(part: ContainerPart) -> Hits:
    image = text(part.spec.get("image")).strip()
    tag = tag_of(image) if image else None
    if tag in ("", "latest"):
        said = "has the tag latest" if tag else "has no tag, which means latest"
        message = f'image "{image}" of {part.label} {said}'
        yield Hit(message, (*part.path, "image"), hint="name a version, or the digest")


def _digest(part: DocumentPart) -> Hits:
    """Each image of a document once, where it stands first."""
    first: dict[str, DocumentPath] = {}
    for container in part.containers:
        image = text(container.spec.get("image")).strip()
        if image and tag_of(image) not in (None, "", "latest"):
            first.setdefault(image, (*container.path, "image"))
    for image, path in first.items():
        yield Hit(f'image "{image}" is not pinned to a digest', path, hint=f"{image}@sha256:…")


LATEST = Rule(
    code="T608",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "An image with the tag latest, or without a tag",
        "The same manifest runs another image tomorrow, and nodes may have different ones today. Name a version "
        "(`alpine:3.20`), or better the digest.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello}
spec:
  steps: [{name: hello, image: "registry.example.com:5000/tools/alpine", command: [echo, hello]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello}
spec:
  steps: [{name: hello, image: "registry.example.com:5000/tools/alpine:3.20", command: [echo, hello]}]
""",
    container=_tag,
)

DIGEST = Rule(
    code="T801",
    severity=Severity.HABIT,
    doc=CodeDoc(
        "An image without a digest",
        "A tag can be moved to other content, by its owner or by whoever takes over the account. With the digest "
        "(`alpine:3.20@sha256:…`) the content is checked when it is pulled. `docker buildx imagetools inspect IMAGE` "
        "or `crane digest IMAGE` tell it. Said once an image and document.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello}
spec:
  steps: [{name: hello, image: "alpine:3.20", command: [echo, hello]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello}
spec:
  steps:
  - name: hello
    image: alpine:3.20@sha256:beefdbd8a1da6d2915566fde36db9db0b524eb737fc57cd1367effd16dc0d06d
    command: [echo, hello]
""",
    document=_digest,
)
