"""``python -m holkas``."""

import sys

from holkas.cli.main import main

sys.exit(main())
