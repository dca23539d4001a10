"""Prints the n-th shell block of README.md, so that CI runs exactly what a reader would copy."""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"


def command(number: int) -> str:
    """The block's text. Raises IndexError when the README has fewer."""
    text = README.read_text(encoding="utf-8")
    blocks: list[str] = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return blocks[number - 1]


if __name__ == "__main__":
    print(command(int(sys.argv[1])), end="")
