"""`python -m klantprofiel` is the command line."""

import sys

from klantprofiel.cli import main

if __name__ == "__main__":
    sys.exit(main())
