"""The command line: parse, call the workspace, render. Heavy imports wait inside commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cyclopts import CycloptsError

from fourseas.cli.app import app
from fourseas.errors import FourseasError

EXIT_ERROR = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


def main(words: Sequence[str] | None = None) -> None:
    """Run one command; print errors that a user can act on without a traceback."""
    try:
        app(sys.argv[1:] if words is None else words, exit_on_error=False)
        sys.stdout.flush()
    except CycloptsError:
        sys.exit(EXIT_USAGE)
    except FourseasError as error:
        sys.stderr.write(f"error: {error.problem}\n{error.remedy}\n")
        sys.exit(EXIT_ERROR)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_ERROR)
    except OSError as error:
        sys.stderr.write(f"error: {error.strerror}: the output cannot be written.\n")
        sys.exit(EXIT_ERROR)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; what was finished stays, run the command again to go on\n")
        sys.exit(EXIT_INTERRUPTED)
