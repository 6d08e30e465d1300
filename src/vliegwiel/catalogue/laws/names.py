"""What the names of a law are called: its own, those of the law an ordinance fills, and those of laws it uses."""

from __future__ import annotations

from collections.abc import Mapping

from vliegwiel.law import LawBook
from vliegwiel.law.model import Text
from vliegwiel.law.types import Day, YesNo

from .inwords import Named


def full_name(text: Text) -> str:
    """The name of a text; with the part it holds where a law stands in more files."""
    return f"{text.name}: {text.part}" if text.part else text.name


def names_of(book: LawBook, text: Text) -> Mapping[str, Named]:
    """Every name that the expressions of a text may use; those of another law as `wet.naam`."""
    found: dict[str, Named] = {"peildatum": Named("de dag waarop de wet wordt toegepast", Day())}
    if text.fills is not None:
        for version in book.versions(text.fills):
            found |= _own(version)
    found |= _own(text)
    for used in (*text.uses, *(deviation.law for deviation in text.deviations)):
        if used in book.law_ids:
            for version in book.versions(used):
                found |= {f"{used}.{name}": one for name, one in _own(version).items()}
    return found


def _own(text: Text) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for group in (text.data, text.norms, text.open_terms, text.rules):
        for name, item in group.items():
            found[name] = Named(item.label, item.type)
    for name, judgement in text.judgements.items():
        found[name] = Named(judgement.label, YesNo())
    return found
