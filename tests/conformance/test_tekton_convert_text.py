"""Converting the text gives what converting the object gives, for every older manifest that Tekton accepts."""

from __future__ import annotations

from typing import Any

import pytest
from holkas.cli.convert import converted
from holkas.yaml import Source, YamlError, load_documents
from holkas_compat.tekton.decode import decode
from holkas_compat.tekton.importer import TektonImporter
from holkas_compat.tekton.older import newest

from tests.shared import rows

pytestmark = pytest.mark.conformance


def _is_read(text: str) -> bool:
    """Whether holkas reads it: other than Tekton's admission, but like kubectl, it refuses keys set twice."""
    try:
        return bool(load_documents(Source("f.yaml", text.encode())))
    except YamlError:
        return False


OLDER = [
    row
    for row in rows("tekton", "generated", "validation.jsonl")
    if "v1beta1" in row["yaml"] and "v1" in row and _is_read(row["yaml"])
]


@pytest.mark.parametrize("case", OLDER, ids=lambda case: case["id"])
def test_text_and_object_agree(case: dict[str, Any]) -> None:
    source = Source("f.yaml", case["yaml"].encode())
    [document] = load_documents(source)
    old = decode(document.value).object
    assert old is not None
    [conversion] = TektonImporter().convert([document], "tekton/v1")
    [after] = load_documents(converted(source, conversion))
    assert decode(after.value).object == newest(old)
    assert decode(after.value).accepted
