"""The command line: `klantprofiel --help` lists the commands, each a few lines around one verb.

Exit codes: 0 done, 1 failed, 2 wrong configuration or usage, 3 a gate refused, 4 another builder is at work,
130 interrupted. Errors go to standard error without a traceback; `--debug` shows it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from klantprofiel.cli.commands import Options, commands
from klantprofiel.errors import KlantprofielError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAILED: Final = 1
INTERRUPTED: Final = 130  # what a shell gives for a program stopped by Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `arguments` are those of the process unless given.

    >>> main(["--version"])  # doctest: +ELLIPSIS
    klantprofiel ...
    0
    """
    options = Options()
    try:
        outcome = commands.main(arguments, prog_name="klantprofiel", standalone_mode=False, obj=options)
        sys.stdout.flush()
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        _let_go_of_standard_output()
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last door: whatever it is, no traceback and no data
        return _refuse(error, debug=options.debug)
    return outcome if isinstance(outcome, int) else 0


def _refuse(error: Exception, *, debug: bool) -> int:
    """Say what went wrong in the words that may be shown, and return the exit code."""
    if debug:
        import traceback  # noqa: PLC0415 - only when asked

        traceback.print_exception(error)
    if isinstance(error, KlantprofielError):
        click.echo(error, err=True)
        return error.exit_code
    if isinstance(error, OSError) and error.filename is not None:
        click.echo(f"{error.strerror}: {error.filename}", err=True)
        return FAILED
    click.echo(
        f"internal error: {type(error).__name__} in {_where(error)}\n"
        "  What to do: run it again as `klantprofiel --debug ...` and report what that shows,"
        " after taking out personal data",
        err=True,
    )
    return FAILED


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    file = Path(trace.tb_frame.f_code.co_filename)
    return f"{file.parent.name}/{file.name}, line {trace.tb_lineno}"


def _let_go_of_standard_output() -> None:
    """Send what is still to be flushed at exit nowhere: the reader of the pipe has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
