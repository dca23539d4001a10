"""Every code of the core is explained, and ``codes()`` knows them all."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import holkas
from holkas.plugins import codes
from holkas.plugins.core_codes import MODULES, core_codes

CORE = Path(holkas.__file__).parent


def test_every_module_of_codes_is_collected():
    found = {
        ".".join(path.relative_to(CORE.parent).with_suffix("").parts)
        for path in CORE.rglob("*.py")
        if re.search(r"^CODES\b.*=", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert set(MODULES) == found


def test_no_code_has_two_meanings():
    assert len(core_codes()) == sum(len(import_module(module).CODES) for module in MODULES)


def test_every_code_of_plugins_has_a_title_and_a_text():
    names = {value for name, value in vars(codes).items() if name.isupper() and isinstance(value, str)}
    assert names == set(codes.CODES)
    for name, doc in codes.CODES.items():
        assert re.fullmatch(r"P[12]\d\d", name)
        assert doc.title
        assert "\n" not in doc.title
        assert len(doc.text) > 40
