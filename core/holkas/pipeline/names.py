"""Names of child runs, never longer than Kubernetes allows."""

from __future__ import annotations

_LONGEST = 63
_DIGEST = 32


def child_name(parent: str, suffix: str) -> str:
    """The parent's name with a suffix, shortened with a hash where both together pass 63 characters.

    The rule is Knative's (``kmeta.ChildName``): what fits stays. Of a long parent as much is kept as leaves room for
    the parent's MD5 digest and the suffix. Where the suffix alone leaves none, the digest is of both, and the
    suffix is cut; such a name never ends in a dash or dot.
    """
    if len(parent) + len(suffix) <= _LONGEST:
        return parent + suffix
    room = _LONGEST - _DIGEST - len(suffix)
    if room > 0:
        return parent[:room] + _md5(parent) + suffix
    name = (parent[: _LONGEST - _DIGEST] + _md5(parent + suffix) + suffix)[:_LONGEST]
    return name.rstrip("-._")


def run_names(run: str, task: str, combinations: int) -> list[str]:
    """Names of the runs of one pipeline task: ``<run>-<task>``, or with ``-<index>`` for several combinations.

    A name that was cut keeps its index at the end (Tekton's ``getNewRunNames``).
    """
    if combinations == 1:
        return [child_name(run, f"-{task}")]
    names = []
    for index in range(combinations):
        name = child_name(run, f"-{task}-{index}")
        if not name.endswith(f"-{index}"):
            room = _LONGEST - len(f"-{combinations}")
            name = f"{child_name(run, f'-{task}')[:room]}-{index}"
        names.append(name)
    return names


def _md5(text: str) -> str:
    from hashlib import md5

    return md5(text.encode(), usedforsecurity=False).hexdigest()
