"""Makes the pages that come from the code.

python -m docs._generate            writes them (in the root of the checkout)
python -m docs._generate --check    exit code 1 and their names when they are out of date
"""

from __future__ import annotations

import sys

from docs._generate import pages


def main(words: list[str]) -> int:
    """Write the pages, or with ``--check`` compare them."""
    if "--check" not in words:
        pages.write()
        return 0
    stale = pages.stale()
    for path in stale:
        print(f"{path} is out of date: run python -m docs._generate", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
