"""T606 and T607: secrets that reach the log, or stand in the manifest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity
from holkas.model.path import DocumentPath

from holkas_compat.manifest.shape import name_of, record, records, text
from holkas_compat.tekton.lint.rules.parts import ContainerPart, DocumentPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule
from holkas_compat.tekton.lint.rules.shell import Command, commands, is_shell, prints

SECRET_NAME = re.compile(
    r"(?:^|[_.-])(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|"
    r"credentials?)(?:[_.-]?(?:value|text|string|[0-9]+))?$"
    r"|^(?:[a-z]+)?(?:Password|Secret|Token|ApiKey|AccessKey|PrivateKey)$",
    re.IGNORECASE,
)
"""Names of what is kept secret; ``token-path`` or ``secret-name`` are not, they say where it is."""

_NAME_OF_SECRET = re.compile(r"(?:secrets?|credentials?)$", re.IGNORECASE)
"""A param of such a name usually says which Secret to take."""

_KNOWN_FORM = re.compile(
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}\b"
    r"|\bglpat-[A-Za-z0-9_-]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bdckr_pat_[A-Za-z0-9_-]{20,}"
)
_KEY_BEGINS = ("-----BEGIN ", "AKIA", "ASIA", "gh", "glpat-", "xox", "dckr_pat_")
_PARAM = re.compile(r"\$\(params\.([A-Za-z_][\w-]*)\)")
_SINGLE_QUOTED = re.compile(r"'[^']*'")
_TRACE = re.compile(r"\bset\s+-[a-z]*x|\bset\s+-o\s+xtrace|\A#!.*\s-[a-z]*x")
_PYTHON_PRINT = re.compile(r"\bprint\s*\(.*(?:environ(?:\.get)?\s*[\[(]|getenv\s*\()\s*['\"](\w+)['\"]")


def _variables(part: ContainerPart) -> tuple[set[str], bool]:
    """Environment variables that hold secrets, and whether more come from a whole Secret."""
    found: set[str] = set()
    whole = False
    template = record(part.task.spec.get("stepTemplate")) if part.task is not None else {}
    for spec in (template, part.spec):
        for item in records(spec.get("env")):
            value = text(item.get("value"))
            given = _PARAM.search(value)
            if record(item.get("valueFrom")).get("secretKeyRef") or (given and SECRET_NAME.search(given[1])):
                found.add(name_of(item))
        whole = whole or any(item.get("secretRef") for item in records(spec.get("envFrom")))
    return found - {""}, whole


def _folders(part: ContainerPart) -> set[str]:
    """Where files with secrets are: mounted volumes of Secrets."""
    if part.task is None:
        return set()
    volumes = {name_of(item) for item in records(part.task.spec.get("volumes")) if item.get("secret")}
    mounts = records(part.spec.get("volumeMounts"))
    mounts += records(record(part.task.spec.get("stepTemplate")).get("volumeMounts"))
    return {text(mount.get("mountPath")) for mount in mounts if name_of(mount) in volumes} - {""}


def _echoed(part: ContainerPart) -> Hits:
    script = part.script
    if not script:
        return
    variables, whole = _variables(part)
    if is_shell(script):
        yield from _in_shell(part, script, variables, whole)
    else:
        for found in _PYTHON_PRINT.finditer(script):
            if found[1] in variables:
                yield _hit(part, f"environment variable {found[1]}", found[0])


def _in_shell(part: ContainerPart, script: str, variables: set[str], whole: bool) -> Hits:
    folders = _folders(part)
    params = {name for name in _PARAM.findall(script) if SECRET_NAME.search(name)}
    if not (variables or whole or folders or params):
        return
    trace = _TRACE.search(script)
    if trace and variables:
        name = next((name for name in sorted(variables) if _mentions(script, name)), "")
        if name:
            message = f"{part.label} traces its commands while it uses the secret in {name}"
            yield Hit(message, (*part.path, "script"), "leave out -x", trace[0].strip())
    for command in commands(script):
        if not prints(command):
            continue
        if command.name in ("echo", "printf", "logger"):
            for what in _printed(command, variables, params):
                yield _hit(part, what, command.text)
        elif command.name in ("env", "printenv", "export", "set") and len(command.words) == 1:
            if variables or whole:
                yield _hit(part, "the whole environment, secrets included", command.text)
        elif command.name == "printenv" and command.words[1] in variables:
            yield _hit(part, f"environment variable {command.words[1]}", command.text)
        elif command.name in ("cat", "head", "tail", "more", "less") and any(
            word.strip("\"'").startswith(folder.rstrip("/") + "/")
            for word in command.words[1:]
            for folder in folders
        ):
            yield _hit(part, "a file of a Secret", command.text)


def _printed(command: Command, variables: set[str], params: set[str]) -> Iterator[str]:
    said = _SINGLE_QUOTED.sub("", command.text)
    yield from (f"environment variable {name}" for name in sorted(variables) if _mentions(said, name))
    yield from (f'param "{name}"' for name in sorted(params) if f"$(params.{name})" in command.text)


def _mentions(script: str, variable: str) -> bool:
    return re.search(rf"\$(?:{variable}\b|\{{{variable}\b(?!:?\+))", script) is not None


def _hit(part: ContainerPart, what: str, line: str) -> Hit:
    message = f"{part.label} prints {what} to its log"
    return Hit(message, (*part.path, "script"), "write it to a file, or pipe it on", line.partition("\n")[0])


def _plain(part: DocumentPart) -> Hits:
    for container in part.containers:
        for index, item in enumerate(records(container.spec.get("env"))):
            yield from _value(
                name_of(item), item.get("value"), (*container.path, "env", index, "value"), "env"
            )
        if found := _key_in(container.script):
            message = f"the script of {container.label} holds what looks like a key"
            yield Hit(message, (*container.path, "script"), _KEEP, found[0].partition("\n")[0])
    for owner in part.owners:
        for index, param in enumerate(records(owner.spec.get("params"))):
            yield from _value(
                name_of(param), param.get("default"), (*owner.path, "params", index, "default"), "param"
            )
    for index, param in enumerate(records(record(part.object.get("spec")).get("params"))):
        yield from _value(name_of(param), param.get("value"), ("spec", "params", index, "value"), "param")


_KEEP = "keep it in a Secret"


def _key_in(value: str) -> re.Match[str] | None:
    if not any(begin in value for begin in _KEY_BEGINS):
        return None  # which is sooner known than by the pattern
    return _KNOWN_FORM.search(value)


def _value(name: str, value: object, path: DocumentPath, noun: str) -> Hits:
    if not isinstance(value, str) or not value or "$(" in value:
        return
    if _key_in(value):
        yield Hit(f'{noun} "{name}" holds what looks like a key', path, _KEEP)
    elif noun == "param" and _NAME_OF_SECRET.search(name):
        return
    elif SECRET_NAME.search(name) and value.lower() not in _NO_SECRETS and not value.startswith(("/", "$")):
        yield Hit(f'{noun} "{name}" holds its secret in plain text', path, _KEEP)


_NO_SECRETS = frozenset(("true", "false", "yes", "no", "none", "null", "0", "1"))

ECHOED = Rule(
    code="T606",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A secret is printed to the log",
        "Logs are read by more people, and kept longer, than Secrets. Said of `echo`, `printf`, `env`, `cat` and `set "
        "-x` in shell scripts (and `print` in Python) where they show an environment variable from a Secret, a file of "
        "a mounted Secret, or a param whose name says that it is secret. What goes into a file or a pipe is not meant.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: login}
spec:
  steps:
  - name: login
    image: alpine:3.20
    env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: registry, key: token}}}]
    script: |
      #!/bin/sh
      echo "token is $TOKEN"
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: login}
spec:
  steps:
  - name: login
    image: alpine:3.20
    env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: registry, key: token}}}]
    script: |
      #!/bin/sh
      echo "$TOKEN" | docker login --username me --password-stdin
      echo "length ${#TOKEN}, ${TOKEN:+given}, name TOKEN"
""",
    container=_echoed,
)

PLAIN = Rule(
    code="T607",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "A secret in plain text",
        "The value of a variable or param whose name says that it is secret, or a text in the form of a well-known kind "
        "of key, stands in the manifest, where everybody who may read it (or its history in git) sees it. Keep it in a "
        "Secret and take it from there: `valueFrom: {secretKeyRef: …}`, or a workspace.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: login}
spec:
  steps: [{name: login, image: "alpine:3.20", command: [login], env: [{name: DB_PASSWORD, value: hunter2}]}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: login}
spec:
  params: [{name: token-secret, default: my-secret}]
  steps:
  - name: login
    image: alpine:3.20
    command: [login]
    env:
    - {name: DB_PASSWORD_FILE, value: /secrets/password}
    - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: $(params.token-secret), key: password}}}
""",
    document=_plain,
)
