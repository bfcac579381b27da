"""From a command line to a command, and from an error to one message and an exit code."""

import contextlib
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

from cyclopts import App, CycloptsError, Parameter

from pellucid.cli.demo import demo
from pellucid.cli.doctor import doctor
from pellucid.cli.evaluate import evaluate
from pellucid.cli.plot import plot
from pellucid.cli.predict import predict
from pellucid.cli.report import report
from pellucid.cli.spelling import Spelling, spelling_of
from pellucid.cli.summary import summary
from pellucid.cli.train import train
from pellucid.cli.tune import tune
from pellucid.cli.usage import usage_of
from pellucid.errors import PellucidError, PellucidWarning

SUCCESS, WRONG, INTERRUPTED = 0, 2, 130

COMMANDS = (train, tune, evaluate, predict, report, summary, plot, doctor, demo)

LEARNING = (train, tune)
"""Commands whose output is words alone, in which arguments are named; that of others holds data."""

HELP = """Train a neural network on a file or folder, and use it.

- `pellucid train houses.csv --target price` makes a folder with model, evaluation and plots
- `pellucid tune houses.csv --target price --minutes 5` finds the network that suits it first
- `pellucid predict FOLDER new.csv` predicts new rows
- `pellucid report FOLDER` makes one page of all that is known of it
- `pellucid demo` shows it on a data set that comes along
"""


def _version() -> str:
    import pellucid

    return pellucid.__version__


def make_app() -> App:
    """Return the application with its commands."""
    app = App(
        name="pellucid",
        help=HELP,
        help_format="markdown",
        version=_version,
        version_flags=["--version"],
        result_action="return_value",
        suppress_keyboard_interrupt=False,
    )
    for command in COMMANDS:
        app.command(command, usage=usage_of(command))

    @app.meta.default
    def launch(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        debug: Annotated[bool, Parameter(negative="", show_default=False)] = False,
    ) -> Any:
        """Run a command.

        Args:
            tokens: The command and its arguments.
            debug: Show where in the program an error came from.
        """
        if debug:
            return app(tokens, exit_on_error=False, print_error=False)
        return _explaining(lambda: app(tokens, exit_on_error=False, print_error=False))

    app.meta.suppress_keyboard_interrupt = False
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command `pellucid`.

    Args:
        arguments: The words after `pellucid`; those of the process when None.

    Returns:
        The exit code: 0, 2 after an error that was explained on standard error, 130 after
        Ctrl-C.

    Example:
        >>> from pellucid.cli import main
        >>> main(["--version"])
        0.1.0
        0
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    named = {one.__name__: one for one in COMMANDS}
    command = next((named[word] for word in words if word in named), None)
    spell = spelling_of(command, words)
    try:
        with _plain_warnings(spell), _spelled_output(spell, command in LEARNING):
            make_app().meta(words or ["--help"], exit_on_error=False, print_error=False)
            sys.stdout.flush()
    except CycloptsError as error:
        asked = () if command is None else (command.__name__,)
        return _fail(f"{error}\nSee: {' '.join(('pellucid', *asked, '--help'))}")
    except KeyboardInterrupt:
        return _fail("interrupted.", INTERRUPTED)
    except BrokenPipeError:
        # The reader has seen enough: `pellucid predict ... | head`. Python would complain at
        # its end that it cannot write out the rest.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except _Explained as error:
        return _fail(spell(str(error)))
    return SUCCESS


class _Explained(Exception):
    """An error whose message is all that the user needs."""


def _explaining(run: Callable[[], Any]) -> Any:
    """Call `run`, turning errors that speak for themselves into `_Explained`."""
    try:
        return run()
    except BrokenPipeError:
        raise
    except PellucidError as error:
        raise _Explained(str(error)) from None
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        raise _Explained(f"{named}{error.strerror or error}.") from None


def _fail(message: str, code: int = WRONG) -> int:
    with contextlib.suppress(OSError):
        print(f"pellucid: {message}", file=sys.stderr)
    return code


@contextlib.contextmanager
def _plain_warnings(spell: Spelling) -> Iterator[None]:
    """Show Pellucid's own warnings as a sentence, without the line of code they came from."""
    with warnings.catch_warnings():
        usual = warnings.showwarning

        def show(message: Any, category: type[Warning], *place: Any, **more: Any) -> None:
            if issubclass(category, PellucidWarning):
                print(f"pellucid: note: {spell(str(message))}", file=sys.stderr)
            else:
                usual(message, category, *place, **more)

        warnings.showwarning = show
        yield


@contextlib.contextmanager
def _spelled_output(spell: Spelling, wanted: bool) -> Iterator[None]:
    """Write to standard output with the options of the command, if that is wanted."""
    if not wanted:
        yield
        return
    with contextlib.redirect_stdout(_Spelled(sys.stdout, spell)):
        yield


class _Spelled:
    """A stream whose text names options."""

    def __init__(self, stream: Any, spell: Spelling) -> None:
        self._stream, self._spell = stream, spell

    def write(self, text: str) -> int:
        return self._stream.write(self._spell(text))

    def flush(self) -> None:
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
