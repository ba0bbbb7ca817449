"""`python -m paperblog` is the command `paperblog`."""

import sys

from paperblog.cli import main

if __name__ == "__main__":
    sys.exit(main())
