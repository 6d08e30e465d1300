"""A page with one small form about a case: what it does, a few fields, one button. Nothing typed is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, TooLarge, Unavailable, VliegwielError
from vliegwiel.casework import queries
from vliegwiel.casework.deskpages import CasePage
from vliegwiel.casework.pages import Choice, Event, Field
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require
from vliegwiel.web.forms import posted
from vliegwiel.web.forms.again import again
from vliegwiel.web.forms.posted import Posted
from vliegwiel.web.request import PageRequest, staff

from . import asked, casepage, frame, judging

SINCE = 3  # events shown when somebody else was first


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the fields: what was typed, and what is wrong with it."""

    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)

    def text(
        self, key: str, label: str, *, hint: str = "", kind: str = "lange_tekst", unit: str = "", start: str = "",
        required: bool = True,
    ) -> Field:  # fmt: skip
        """A field to type in. `start` is what stands there before anything was typed."""
        values = self.typed.get(key, (start,) if start else ())
        return self._field(key, kind, label, hint, required=required, values=values, unit=unit)

    def choice(self, key: str, label: str, choices: tuple[Choice, ...], *, start: str) -> Field:
        """A field to choose one of a few."""
        given = self.typed.get(key, (start,))
        marked = tuple(Choice(c.value, c.label, c.hint, c.value in given) for c in choices)
        return self._field(key, "keuze", label, "", values=given, choices=marked)

    def file(self, key: str, label: str, *, hint: str, accept: str) -> Field:
        """A field for files. A browser never fills it in again."""
        return self._field(key, "bestand", label, hint, accept=accept)

    def _field(
        self, key: str, kind: str, label: str, hint: str, *, required: bool = True, values: tuple[str, ...] = (),
        choices: tuple[Choice, ...] = (), unit: str = "", accept: str = "",
    ) -> Field:  # fmt: skip
        return Field(
            key=key, kind=kind, label=label, hint=hint, why="", required=required, values=values, choices=choices,
            unit=unit, autocomplete="off", accept=accept, uploads=(), error=self.wrong.get(key, ""),
        )  # fmt: skip

    def as_asked(self, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        """Fields of a definition, with what was typed in them."""
        return again(fields, self.typed, [InvalidParam(key, "", sentence) for key, sentence in self.wrong.items()])


@dataclass(frozen=True, slots=True)
class SmallForm:
    """What the page says and asks. `points` are what will happen; `hidden` goes along unseen."""

    title: str
    lead: str
    points: tuple[str, ...]
    fields: tuple[Field, ...]
    button: str
    hidden: tuple[tuple[str, str], ...] = ()

    @property
    def with_files(self) -> bool:
        """Whether the form sends files."""
        return any(f.kind == "bestand" for f in self.fields)


@dataclass(frozen=True, slots=True)
class About:
    """What the form is about: the case, and a part of it (a task, a question) where the address names one."""

    case: CasePage
    part: UUID | None
    request: PageRequest


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of small form. `right` is what one needs for it, `possible` whether it makes sense for the case now, `keys`
    the fields it reads, `build` the page, `act` what the button does, `done` the word for what was done."""

    right: Right
    possible: Callable[[CasePage], bool]
    keys: Callable[[About], tuple[str, ...]]
    build: Callable[[About, Filled], SmallForm]
    act: Callable[[Staff, About, int, Posted], object]
    done: str


def view_of(kind: Kind) -> Callable[..., HttpResponse]:
    """The view of a kind of form: show it, or do it."""

    def view(request: PageRequest, zaak_id: UUID, part: UUID | None = None) -> HttpResponse:
        clerk = staff(request)
        about = About(queries.case_page(clerk, zaak_id, filter=asked.read(request)), part, request)
        require(clerk, kind.right, municipality=about.case.place.code, product=about.case.product)
        given = posted.read(request, kind.keys(about)) if request.method == "POST" else Posted()
        if not kind.possible(about.case):
            error = Conflict(_("Dat kan bij deze zaak nu niet. Misschien deed iemand het net al."))
            return casepage.show(request, clerk, zaak_id, error=error)
        if request.method != "POST":
            return _page(clerk, kind, about, Filled())
        try:
            kind.act(clerk, about, posted.version(request), given)
        except (Invalid, Conflict, TooLarge, Unavailable) as error:
            about = About(queries.case_page(clerk, zaak_id, filter=asked.read(request)), part, request)
            return _page(clerk, kind, about, Filled(given.texts, judging.wrongs(error.invalid)), error)
        return frame.done(casepage.address(zaak_id), asked.tail(asked.read(request)), kind.done)

    return require_http_methods(["GET", "HEAD", "POST"])(view)


def _page(clerk: Staff, kind: Kind, about: About, filled: Filled, error: VliegwielError | None = None) -> HttpResponse:
    form = kind.build(about, filled)
    shown = {f.key for f in form.fields}
    since: tuple[Event, ...] = about.case.timeline[:SINCE]
    known = [param for param in error.invalid if param.name in shown] if error is not None else []
    context: dict[str, object] = {
        "case": about.case,
        "form": form,
        "problems": judging.problems(known),
        # A fault that no field here can show is told on top; so is everything that is no fault of a field.
        "trouble": casepage.trouble(error) if not known else None,
        "since": since,
    }
    status = frame.status_of(error)
    return frame.show(about.request, clerk, "form.html", context, status=status)
