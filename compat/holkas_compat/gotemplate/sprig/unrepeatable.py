"""Functions that give something else each time: there, so that templates parse, but refused when called.

What holkas renders is a function of a commit and its parameters, the same on every machine and at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from holkas_compat.gotemplate.errors import FunctionError
from holkas_compat.gotemplate.function import Function, function

_NAMES = (
    *(
        "ago",
        "bcrypt",
        "buildCustomCert",
        "decryptAES",
        "derivePassword",
        "encryptAES",
        "genCA",
        "genCAWithKey",
    ),
    *(
        "genPrivateKey",
        "genSelfSignedCert",
        "genSelfSignedCertWithKey",
        "genSignedCert",
        "genSignedCertWithKey",
    ),
    *(
        "htpasswd",
        "now",
        "randAlpha",
        "randAlphaNum",
        "randAscii",
        "randBytes",
        "randInt",
        "randNumeric",
        "shuffle",
    ),
    "uuidv4",
)
_DATES = (
    *(
        "date",
        "dateInZone",
        "dateModify",
        "date_in_zone",
        "date_modify",
        "htmlDate",
    ),
    *("htmlDateInZone", "mustDateModify", "must_date_modify", "mustToDate", "toDate", "unixEpoch"),
)


def _refusing(name: str, reason: str) -> Function:
    def refuse(*_: Any) -> NoReturn:
        raise FunctionError(f"holkas does not call {name}, which {reason}")

    return function(refuse, "any...")


UNREPEATABLE: Mapping[str, Function] = {
    **{name: _refusing(name, "gives another result each time, or makes a secret") for name in _NAMES},
    **{name: _refusing(name, "depends on the clock or the time zone of the machine") for name in _DATES},
}
"""Name → function."""
