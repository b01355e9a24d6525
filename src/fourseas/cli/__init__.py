"""The command line: parse, call the workspace, render. Heavy imports wait inside commands."""

from __future__ import annotations

import sys

from fourseas.cli.app import app
from fourseas.errors import FourseasError

EXIT_ERROR = 1
EXIT_INTERRUPTED = 130


def main() -> None:
    """Run one command; print errors that a user can act on without a traceback."""
    try:
        app()
    except FourseasError as error:
        sys.stderr.write(f"error: {error.problem}\n{error.remedy}\n")
        sys.exit(EXIT_ERROR)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_ERROR)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; what was finished stays, run the command again to go on\n")
        sys.exit(EXIT_INTERRUPTED)
