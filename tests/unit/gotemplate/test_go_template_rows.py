"""Templates and what Go makes of them: ``rows.jsonl`` was recorded from Go's text/template with sprig 3.3."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from holkas_compat.argocd.applicationset.functions import FUNCTIONS, as_go
from holkas_compat.gotemplate import TemplateError, parse

LINES = Path(__file__).with_name("rows.jsonl").read_text(encoding="utf-8").splitlines()
DATA = as_go(json.loads(LINES[0])["data"])


@pytest.mark.parametrize(
    "row", [json.loads(line) for line in LINES[1:]], ids=lambda row: row["template"][:40]
)
def test_a_template_gives_what_go_gives(row: dict[str, Any]) -> None:
    missing_key = row["option"] or "default"
    if "error" in row:
        with pytest.raises(TemplateError) as caught:
            parse(row["template"], FUNCTIONS).execute(DATA, missing_key=missing_key)
        assert str(caught.value) == row["error"]
    else:
        assert parse(row["template"], FUNCTIONS).execute(DATA, missing_key=missing_key) == row["out"]
