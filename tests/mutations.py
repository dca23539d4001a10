"""Manifests with something wrong in them: subtrees exchanged, fields renamed, texts and bytes broken; from a seed."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from typing import Any

JUNK: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        3.5,
        2**63,
        -(2**70),
        1e308,
        "",
        " ",
        "\0",
        "\n",
        "é" * 300,
        "🚢",
        "\ufffd",
        "a" * 70,
    ),
    *(
        "yes",
        "1h",
        "-5m",
        "0",
        "1e3",
        "99999h99m",
        "!*",
        "[",
        "{",
        '["a"]',
        '{"a":1}',
        "{{.a}}",
        "{{",
        "$",
        "$$",
        "a: [",
    ),
    *(
        "$(params.a)",
        "$(params.a[*])",
        "$(params.a[99999999999])",
        "$(tasks.a.results.b)",
        "$(params",
        "$()",
        "$(a.b.c.d.e)",
    ),
    *(
        "$(tasks.a.results.b[*])",
        "x$(params.a[*])y",
        "$(steps.a.results.b)",
        "$(context.pipelineRun.name)",
        "$(tasks.status)",
    ),
    *(
        "../../etc",
        "/",
        "-x",
        "*",
        "(",
        "[[",
        "Cancelled",
        "continue",
        "in",
        "exists",
        "https://x/y.git",
        "@daily",
        "d\ne",
    ),
    *(
        [],
        {},
        [None],
        [[]],
        [{}],
        [[[[]]]],
        {"": ""},
        {"a": None},
        {"name": "a"},
        ["a", 1, None],
        {"a": {"b": [1, {"c": {}}]}},
    ),
)
"""Values that stand where something else is meant."""

TOKENS = (
    *(
        b"$(",
        b")",
        b"---\n",
        b"...\n",
        b"&a ",
        b"*a ",
        b"<<: *a\n",
        b"!!binary ",
        b"!x ",
        b"|\n",
        b">-\n",
        b"{",
        b"}",
        b"[",
        b"]",
    ),
    *(
        b": ",
        b"- ",
        b"? ",
        b"\t",
        b"\r",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"'",
        b'"',
        b"#",
        b"%YAML 9\n",
        b"\n",
        b"  ",
        b"\\u0000",
    ),
)

Path = tuple[Any, ...]


class Mutator:
    """Breaks manifests; ``pool`` is where it takes subtrees and names of fields from."""

    def __init__(self, seed: int, pool: Sequence[Any]) -> None:
        self.random = random.Random(seed)
        self.pool = pool
        self.names = sorted({str(key) for value in pool for key in _keys(value)})

    def structure(self, value: Any) -> Any:
        """A copy in which one to four things are wrong."""
        made = copy.deepcopy(value)
        for _ in range(self.random.choice((1, 1, 1, 2, 3, 4))):
            made = self._one(made)
        return made

    def text(self, data: bytes) -> bytes:
        """The bytes with one to four stretches changed."""
        made = bytearray(data)
        for _ in range(self.random.choice((1, 1, 2, 3, 4))):
            at = self.random.randrange(len(made) + 1)
            stop = min(len(made), at + self.random.choice((0, 1, 1, 2, 8, 64)))
            piece = bytes(made[at:stop])
            made[at:stop] = self.random.choice(
                (
                    b"",
                    self.random.choice(TOKENS),
                    piece + piece,
                    bytes(self.random.randrange(256) for _ in piece),
                    piece[::-1],
                    self.random.choice(TOKENS) + piece,
                )
            )
        return bytes(made)

    def _one(self, value: Any) -> Any:
        places = [*_places(value)]
        if not places:
            return self._junk()
        *way, last = self.random.choice(places)
        parent = value
        for part in way:
            parent = parent[part]
        what = self.random.randrange(9)
        if what == 0:
            del parent[last]
        elif what == 1 and isinstance(parent, dict):
            parent[self.random.choice(self.names)] = parent.pop(last)
        elif what == 2:
            parent[last] = [parent[last]]
        elif what == 3:
            parent[last] = {self.random.choice(self.names): parent[last]}
        elif what == 4:
            parent[last] = self._subtree()
        elif what == 5 and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[last]))
        elif what == 6 and isinstance(parent, dict):
            parent[self.random.choice(self.names)] = self._subtree()
        elif what == 7 and isinstance(parent[last], str):
            at = self.random.randrange(len(parent[last]) + 1)
            parent[last] = parent[last][:at] + str(self._junk()) + parent[last][at:]
        else:
            parent[last] = self._junk()
        return value

    def _junk(self) -> Any:
        return copy.deepcopy(self.random.choice(JUNK))

    def _subtree(self) -> Any:
        value = self.random.choice(self.pool)
        places = [*_places(value)]
        for part in self.random.choice(places) if places else ():
            value = value[part]
        return copy.deepcopy(value)


def _places(value: Any, path: Path = ()) -> list[Path]:
    found: list[Path] = []
    waiting = [(value, path)]
    while waiting:
        node, way = waiting.pop()
        entries = (
            node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        )
        for key, item in entries:
            found.append((*way, key))
            waiting.append((item, (*way, key)))
    return found


def _keys(value: Any) -> list[Any]:
    return [path[-1] for path in _places(value) if isinstance(path[-1], str)]
