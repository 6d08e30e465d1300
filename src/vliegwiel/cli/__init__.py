"""The command line: `vliegwiel NOUN VERB`. Text for people, `--json` for programs, one line on stderr when it cannot be done."""

from __future__ import annotations

import logging
import sys
from types import TracebackType

import typer
from typer.main import get_command

from vliegwiel.base.bootstrap import CannotStart
from vliegwiel.base.errors import NotFound, Unavailable, VliegwielError
from vliegwiel.base.logs import mask

from .lazy import COMMANDS, LazyGroup
from .output import Exit, Refused, complain, in_dutch

app = typer.Typer(
    cls=LazyGroup,
    name="vliegwiel",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Vliegwiel: één platform voor de dienstverlening van alle gemeenten.",
    epilog="Uitkomst: 0 goed, 1 fout in het programma, 2 verkeerde invoer, 3 een controle vond iets, 4 er ontbreekt iets,"
    " 5 het loopt al. Voorbeelden staan in docs/handboek.",
)


@app.callback()
def _top() -> None:
    """Vliegwiel: één platform voor de dienstverlening van alle gemeenten."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with a code of `output.Exit`."""
    sys.excepthook = _unforeseen
    sys.exit(int(execute(sys.argv[1:] if arguments is None else arguments)))


def execute(arguments: list[str]) -> int:
    """Run one command and return its exit code. What nobody foresaw is raised."""
    command = get_command(app)
    try:
        # Without arguments: the overview, which is an answer and no mistake.
        result = command.main(args=arguments or ["--help"], prog_name="vliegwiel", standalone_mode=False)
    except Refused as refusal:
        complain(refusal.sentence)
        return refusal.code
    except CannotStart as missing:
        complain(str(missing))
        return Exit.MISSING
    except Unavailable as missing:
        complain(missing.sentence)
        return Exit.MISSING
    except VliegwielError as error:
        complain(error.sentence)
        return Exit.WRONG_INPUT if error.status < 500 or isinstance(error, NotFound) else Exit.DEFECT
    except typer.Abort:
        complain("afgebroken.")
        return Exit.INTERRUPTED
    except KeyboardInterrupt:
        complain("afgebroken.")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output stopped reading (`vliegwiel … | head`).
        sys.stdout = None
        return Exit.GOOD
    except typer.TyperException as wrong:
        complain(f"{in_dutch(wrong.format_message())} Zie: vliegwiel --help")
        return Exit.WRONG_INPUT
    return result if isinstance(result, int) else Exit.GOOD


def _unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("vliegwiel.cli").debug("unforeseen", exc_info=(kind, error, trace))
    first = mask(str(error)).strip().splitlines()
    complain(
        f"er ging iets mis dat wij niet voorzagen ({kind.__name__}{': ' + first[0] if first else ''})."
        " Zet VLIEGWIEL_LOG_LEVEL=DEBUG om te zien waar."
    )


__all__ = ["COMMANDS", "app", "execute", "main"]
