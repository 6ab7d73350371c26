"""The command line: a list of commands, each imported only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn

import click

from conformance import __version__
from conformance.errors import ConformanceError, StorageFailed

#: Every command, in the order of a user's first day, with the line that `--help` shows.
COMMANDS: tuple[tuple[str, str], ...] = (
    ("run", "Decide for every clause whether a server keeps it."),
    ("plan", "Show what a run would send and cost."),
    ("clauses", "List what a provider promises, with both witnesses."),
    ("lint", "Check specs; list where documents contradict themselves."),
    ("serve", "Serve a provider made from its spec."),
    ("prove", "Break each clause on purpose and see whether a run finds it."),
    ("resume", "Take up an interrupted run without paying twice."),
    ("audit", "Judge recorded traffic against a spec."),
    ("cassettes", "Show how old recordings are and what differs today."),
    ("report", "Write the report of one or more runs."),
    ("history", "Show how clauses fared in earlier runs."),
    ("diff", "Compare two runs."),
    ("combine", "Join the runs of several machines into one report."),
    ("waivers", "Check, add and remove accepted divergences."),
    ("video", "Make a video with the reference client."),
    ("new", "Begin a spec for another provider."),
    ("adopt", "Walk from a new spec to a decision."),
    ("drift", "Compare a published schema with our spec."),
    ("explain", "Tell what a clause, a kind, a verdict or an exit code means."),
)
_MEANINGS = dict(COMMANDS)


class _Commands(click.Group):
    """Looks commands up by module, so that `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_MEANINGS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MEANINGS:
            return None
        module = import_module(f"conformance.cli.commands.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from conformance.spec.did_you_mean import nearest

        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            close = nearest(args[0], self.list_commands(ctx))
            hint = f" Did you mean {close!r}?" if close else ""
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(COMMANDS)


EPILOG = """
\b
First steps:
  conformance run                 everything, with no network and no key
  conformance clauses PROVIDER    what one provider promises
  conformance serve PROVIDER      a provider to develop against

Completion: eval "$(_CONFORMANCE_COMPLETE=bash_source conformance)"
"""


@click.command(
    cls=_Commands,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="conformance")
def commands() -> None:
    """Contract tests for resold video APIs: every documented promise, proved from both sides."""


def main() -> None:
    """Run a command; what the harness itself reports ends in one sentence and its exit code."""
    try:
        commands(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except ConformanceError as error:
        _end(error)
    except OSError as error:
        _end(StorageFailed(str(error.filename or "A file"), error.strerror or type(error).__name__))


def _end(error: ConformanceError) -> NoReturn:
    click.echo(f"{error} [{error.code}]", err=True)
    sys.exit(error.exit_code)
