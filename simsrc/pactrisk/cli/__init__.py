"""The command line: ``pactrisk``. Commands are imported only when they are called."""

from __future__ import annotations

import importlib
import io
import os
import re
import signal
import sys

import click

from pactrisk import __version__
from pactrisk.cli.signals import SIGNALS, at_once, number_of, stop_behind
from pactrisk.cli.silence import print_no_more
from pactrisk.errors import InputError, PactriskError, Place, Problem
from pactrisk.spelling import nearest

__all__ = ["main"]

_COMMANDS = {
    "run": "Config to report: simulate, print the headline, write the folder.",
    "check": "Find every problem of a config or scenario, without running it.",
    "explain": "What a key means, or a scenario in words and as a diagram.",
    "report": "Draw a report again from its stored results, without simulating.",
    "verify": "Run a report's folder again: are its numbers the same, to the last bit?",
    "new": "Begin a scenario and a config of your own, with comments.",
    "schema": "JSON Schema, for an editor that completes and checks keys.",
    "completion": "Shell completion for bash, zsh or fish.",
}


class _Unanswered(Exception):
    """What click would answer by itself: with another exit code, or in words that nobody may be there to take."""


class _Lazy(click.Group):
    """A group whose commands are modules of this package, imported when needed."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, EOFError, KeyboardInterrupt) as error:
            raise _Unanswered from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command = importlib.import_module(f"pactrisk.cli.{name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            near = nearest(args[0], _COMMANDS)
            hint = f"did you mean {near}?" if near else f"commands: {', '.join(_COMMANDS)}"
            raise InputError(Problem("", f"there is no command {args[0][:60]!r}", hint, Place("pactrisk")))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nExamples:\n  pactrisk run configs/kazakhstan-serbia.toml\n"
    "  pactrisk run configs/first-steps.toml --trials 100000 --set drivers.oil.level=45\n"
    "  pactrisk check scenarios/first-steps.toml --strict\n"
    "  pactrisk explain half_life",
)
@click.version_option(__version__, prog_name="pactrisk")
def cli() -> None:
    """Which agreements become substantive cooperation, and which stay symbolic diplomacy.

    A world in plain files, a Monte Carlo run, a report you can defend.
    """


def main() -> None:
    """Run the command line.

    The exit code is 0 fine, 1 the run failed, 2 the input is wrong, 128 and a signal's number where one stopped it.
    """
    for stream in (sys.stdout, sys.stderr):
        # a dash that the terminal cannot show must not lose the run
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, at_once)
    # pydantic would read what every installed package says of itself, to find plugins that nobody here uses
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    code = _main(sys.argv[1:])
    # where a stop came within an exec, as when classes are made, python -m would end by SIGINT whatever the code
    eval("0")
    sys.exit(code)


def _main(args: list[str]) -> int:
    try:
        code = _called(args)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        from pactrisk.cli.terminal import show_error

        show_error(InputError(_problem(error)), only_asked=args[:1] == ["explain"])
        return 2
    except (KeyboardInterrupt, click.Abort) as stop:
        return _stopped(stop, args)
    except BrokenPipeError:
        print_no_more(sys.stdout)
        return 0
    except OSError as error:
        print_no_more(sys.stdout)
        where = f" ({error.filename})" if error.filename else ""
        _said(f"the system refuses: {error.strerror or error}{where}")
        return 1
    except MemoryError:
        _said("there is not enough memory: fewer --workers need less. Blocks that are done are kept")
        return 1
    except ImportError as error:
        # libraries are loaded when they are needed
        _said(f"a library cannot be loaded ({error}): it needs more memory, or is not whole; pip install it again")
        return 1
    except PactriskError as error:
        from pactrisk.cli.terminal import show_error

        show_error(error, only_asked=args[:1] == ["explain"])
        return error.exit_code
    except Exception as error:
        if stop_behind(error) is None:
            raise
        return _stopped(error, args)
    return code if isinstance(code, int) else 0


def _stopped(stop: BaseException, args: list[str]) -> int:
    """Say that a command was stopped, by Ctrl-C or a signal; its exit code."""
    # a terminal shows the Ctrl-C that was typed
    line = "\n" if os.isatty(2) else ""
    none = "; no report was written" if args[:1] in (["run"], ["report"]) else ""
    kept = ". The same command goes on from what is kept, if anything is" if args[:1] == ["run"] else ""
    _said(f"{line}stopped{none}{kept}")
    return 128 + number_of(stop)


def _called(args: list[str]) -> object:
    """What a command returns."""
    try:
        # of no word at all click makes an error since 8.2, with the help for its message
        return cli.main(args or ["--help"], prog_name="pactrisk", standalone_mode=False)
    except _Unanswered as unanswered:
        error = unanswered.__cause__
    assert error is not None
    raise error


def _problem(error: click.ClickException) -> Problem:
    """What click refuses, said as what is wrong with a file is."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "pactrisk"
    if isinstance(error, click.NoSuchOption):
        hint = f"did you mean {error.possibilities[0]}?" if error.possibilities else f"{command} --help lists them"
        return Problem("", f"there is no option {error.option_name}", hint, Place(command))
    parameter = getattr(error, "param", None)
    if not isinstance(error, click.BadParameter) or parameter is None:
        message = error.format_message()
        hint = _as_one(context, message) or f"{command} --help says what it takes"
        return Problem("", _small(message), hint, Place(command))
    name = max(parameter.opts, key=len) if parameter.opts[0].startswith("-") else str(parameter.name).upper()
    message = "is required" if isinstance(error, click.MissingParameter) else _small(error.message)
    if isinstance(parameter.type, click.Choice) and message != "is required":
        message = f"must be one of {', '.join(map(str, parameter.type.choices))}"
    return Problem(name, message, f"{command} --help says what it takes", Place(command))


def _as_one(context: click.Context | None, message: str) -> str:
    """How several words are given that were meant as one; empty where that is not plain."""
    further = re.search(r"unexpected extra arguments? \((.*)\)", message, re.DOTALL)
    if context is None or further is None:
        return ""
    named = [context.params.get(str(word.name)) for word in context.command.params if isinstance(word, click.Argument)]
    words = f"{named[0]} {further[1]}" if len(named) == 1 else ""
    if not words.isprintable() or '"' in words:
        return ""
    if context.info_name == "new":
        # a name has no spaces, in quotes or not
        name = "-".join(words.split())
        fits = re.fullmatch(r"[\w-]{1,60}", name, re.ASCII)
        return f"write it as one word: {context.command_path} {name}" if fits else ""
    meant = context.info_name == "explain" or os.access(words, os.F_OK)
    return f'put it in quotes: {context.command_path} "{words[:60]}"' if words and meant else ""


def _small(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}".rstrip(".")


def _said(sentence: str) -> None:
    """A sentence on standard error, where anybody listens there."""
    try:
        click.echo(sentence, err=True)
    except OSError:
        print_no_more(sys.stderr)
