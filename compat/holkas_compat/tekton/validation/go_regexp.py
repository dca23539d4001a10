r"""Whether Go accepts a regular expression (RE2), judged with Python's parser and the known differences.

Source: Go's package regexp/syntax. Go has no lookaround, no references back, no possessive repetition and no
more than 1000 repetitions; Python has no ``\p{…}``, ``\z``, ``\Q…\E`` and wants flags at the start.
"""

from __future__ import annotations

import re
import warnings

_QUOTED = re.compile(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)
_CLASS = re.compile(
    r"\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]"
)
_UNICODE = re.compile(r"\\[pP](?:[A-Z]|\{\^?[A-Za-z_]+\})")
_FLAGS = re.compile(r"\(\?(?:[imsU]+(?:-[imsU]+)?|-[imsU]+)(:|\))")
_NAMED = re.compile(r"\(\?<([A-Za-z_]\w*)>")
_FOREIGN = re.compile(r"\(\?(?:=|!|<=|<!|>|\(|#|P=|P>|[aLux])|\\[1-9ZuUN]|[*+?}]\+")
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_MOST = 1000


def fault(pattern: str) -> str:
    """What Go has against a pattern; empty if nothing."""
    plain = _QUOTED.sub(lambda match: re.escape(match[1]), pattern)
    plain = _CLASS.sub("a-z", plain)
    plain = _UNICODE.sub("a", plain).replace(r"\z", "$")
    plain = _NAMED.sub(r"(?P<\1>", plain)
    plain = _FLAGS.sub(lambda match: "(?:" if match[1] == ":" else "", plain)
    bare = re.sub(r"\\[^1-9ZuUN]", "", plain)
    if foreign := _FOREIGN.search(re.sub(r"\[[^\]]*\]", "", bare)):
        return f"{foreign[0]} is not known there"
    for match in _REPEAT.finditer(bare):
        if any(int(bound) > _MOST for bound in match.groups() if bound):
            return f"{match[0]} repeats more than {_MOST} times"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(plain)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    return ""
