"""Which municipalities this installation serves, and under which host names."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from .clock import today
from .errors import NotFound
from .models import Municipality


@dataclass(frozen=True, slots=True)
class Served:
    """A municipality as its pages need it. `slug` is the first label of its own host name."""

    code: str
    name: str
    slug: str
    phone: str
    visiting_address: str
    theme: str


def _live() -> Q:
    day = today()
    return Q(live_since__lte=day) & (Q(end__isnull=True) | Q(end__gt=day))


def _served(row: Municipality) -> Served:
    return Served(row.code, row.name, row.slug, row.phone, row.visiting_address, row.theme)


def served() -> tuple[Served, ...]:
    """The municipalities that are live today, by name."""
    return tuple(_served(row) for row in Municipality.objects.filter(_live()))


def served_municipality(code: str) -> Served:
    """One municipality that is live today. Raises `NotFound`."""
    row = Municipality.objects.filter(_live(), code=code).first()
    if row is None:
        raise NotFound("Deze gemeente doet (nog) niet mee.")
    return _served(row)


def address_of(slug: str, path: str = "/") -> str:
    """The full address of a page of a municipality, for who is not on a page now (an e-mail). No slash too many at the end."""
    usual = 443 if settings.SECURE else 80
    # Behind https another server answers at the usual port, whatever port we listen on.
    port = "" if settings.SECURE or usual == settings.PORT else f":{settings.PORT}"
    return f"{'https' if settings.SECURE else 'http'}://{slug}.{settings.BASE_DOMAIN}{port}{path}"


def served_at(host: str) -> Served:
    """The municipality whose pages are served at `host` (no port): its own host name, or `<slug>.<base domain>`.

    Raises `NotFound` when there is none, or when it is not live today.
    """
    name = host.lower().rstrip(".")
    slug = name.removesuffix(f".{settings.BASE_DOMAIN}") if name.endswith(f".{settings.BASE_DOMAIN}") else None
    where = Q(hosts__host=name)
    if slug and "." not in slug:
        where |= Q(slug=slug)
    # A host name of its own wins from a slug; an ended municipality can share a slug with its successor.
    rows = Municipality.objects.filter(_live()).filter(where).distinct().order_by("-begin")
    if (row := rows.first()) is None:
        raise NotFound("Op dit adres staat geen gemeente.")
    return _served(row)
