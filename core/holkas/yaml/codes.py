"""The codes of findings about YAML itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from holkas.model.code import CodeDoc

SYNTAX: Final = "Y001"
NOT_UTF8: Final = "Y002"
CONTROL_CHARACTER: Final = "Y003"
DUPLICATE_KEY: Final = "Y004"
TOO_DEEP: Final = "Y005"
TOO_MANY_ALIASES: Final = "Y006"
TOO_LARGE: Final = "Y007"
BAD_ALIAS: Final = "Y008"
BAD_KEY: Final = "Y009"
NOT_A_NUMBER: Final = "Y010"
BAD_TAG: Final = "Y011"
BAD_MERGE: Final = "Y012"
TAB: Final = "Y013"

CODES: Mapping[str, CodeDoc] = {
    SYNTAX: CodeDoc(
        "The text is not YAML",
        "The line shown cannot be read. Usual reasons: a value that holds `: ` or ` #` without quotes, an opening "
        "quote or bracket that is never closed, or lines of one mapping that do not begin in the same column.",
    ),
    NOT_UTF8: CodeDoc(
        "The file is not UTF-8",
        "Kubernetes reads YAML as UTF-8 (or UTF-16 with a byte order mark). Save the file as UTF-8; put binary "
        "content into base64.",
    ),
    CONTROL_CHARACTER: CodeDoc(
        "The text has a control character",
        "YAML allows tab, line feed and carriage return, and no other control character. Remove it, or write it as "
        'an escape in a double-quoted string (`"\\x07"`).',
    ),
    DUPLICATE_KEY: CodeDoc(
        "A key is written twice in one mapping",
        "Readers that accept this keep the last value and lose the other without a word, so holkas refuses it, as "
        "kubectl's strict validation does. A key that a merge (`<<`) brings counts as well. Remove one of the two.",
    ),
    TOO_DEEP: CodeDoc(
        "Mappings and sequences are nested too deeply",
        "No manifest needs that many levels, and some readers crash on them. Look for brackets that are opened and "
        "never closed.",
    ),
    TOO_MANY_ALIASES: CodeDoc(
        "Aliases blow the document up",
        "A few lines of aliases that point at aliases can stand for gigabytes. holkas counts as Kubernetes does: in a "
        "document of more than 1000 nodes at most 99% of them may come from aliases, fewer in very large documents. "
        "Write the content out, or split the document.",
    ),
    TOO_LARGE: CodeDoc(
        "The file is too large",
        "holkas reads at most 64 MiB of YAML at once. Kubernetes itself stores no object over 1.5 MiB. Split the file.",
    ),
    BAD_ALIAS: CodeDoc(
        "An alias does not lead anywhere",
        "`*name` repeats the node that was marked `&name` earlier in the same document. The anchor is missing, comes "
        "later, stands in another document, or the alias stands inside the very node it repeats. A plain text that "
        "begins with `*` needs quotes.",
    ),
    BAD_KEY: CodeDoc(
        "A mapping's key cannot be a JSON key",
        "Keys become strings: strings, whole numbers up to 64 bits, decimal numbers and booleans can, null, "
        "mappings, sequences and larger numbers cannot. Put the key into quotes.",
    ),
    NOT_A_NUMBER: CodeDoc(
        "Infinity and not-a-number have no JSON form",
        "Kubernetes turns YAML into JSON, which has neither `.inf` nor `.nan`. Put the value into quotes if text was "
        "meant.",
    ),
    BAD_TAG: CodeDoc(
        "A value does not fit its tag",
        "The tag (`!!int`, `!!float`, `!!bool`, `!!null`, `!!timestamp`, `!!binary`) says what the value must be, and "
        "it is something else. Correct the value or remove the tag.",
    ),
    BAD_MERGE: CodeDoc(
        "A merge key needs a mapping",
        "The value of `<<` must be a mapping, an alias of one, or a sequence of these. If a key named `<<` was meant, "
        "put it into quotes.",
    ),
    TAB: CodeDoc(
        "A tab stands where YAML wants spaces",
        "YAML indents with spaces only. Replace the tab; most editors can do it for the whole file.",
    ),
}
