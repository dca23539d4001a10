"""Templates that give something else each time: random values, certificates, the time.

Source: sprig, "Cryptographic and Security Functions", "Strings" (rand…), "Date"; Helm, "Template Function List".
"""

from __future__ import annotations

import posixpath
import re

from holkas_compat.argocd.rendering.inputs import TreeReader

_ACTION = re.compile(rb"\{\{(.*?)\}\}", re.DOTALL)
_IMPURE = re.compile(
    rb"(?<![\w.$\"])(rand(?:Alpha|AlphaNum|Ascii|Numeric|Bytes|Int)|shuffle|uuidv4|now|ago|bcrypt|htpasswd|encryptAES"
    rb"|gen(?:CA|CAWithKey|SelfSignedCert|SelfSignedCertWithKey|SignedCert|SignedCertWithKey|PrivateKey))(?![\w\"])"
)


def impure_functions(path: str, reader: TreeReader) -> list[str]:
    """Names of functions in a chart's own templates whose outcome is not made of their arguments alone, sorted."""
    found: set[str] = set()
    for name in reader.below(posixpath.join(path, "templates")):
        for action in _ACTION.finditer(reader.read(name)):
            if not action[1].lstrip(b"- \t\r\n").startswith(b"/*"):
                found.update(match[1].decode() for match in _IMPURE.finditer(action[1]))
    return sorted(found)
