"""``python -m holkas``."""

import sys

from holkas.cli.entry import main

sys.exit(main())
