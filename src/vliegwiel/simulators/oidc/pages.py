"""The pages of the provider: plain Dutch, one column, usable by keyboard, without script, at 320 pixels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from vliegwiel.simulators.cast.people import GEMEENTEN

from .levels import Level
from .personas import Persona, by_gemeente


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was filled in, so that a mistake costs nobody their choice. `problem` is (id of the field, what to do)."""

    persona: str = ""
    bsn: str = ""
    level: str = ""
    problem: tuple[str, str] | None = None


def _page(title: str, main: str, *, realm: str, wrong: bool = False) -> str:
    shown = f"Fout: {title}" if wrong else title
    return f"""<!doctype html>
<html lang="nl">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{escape(shown)}. Inloggen in de demonstratie</title>
  <link rel="stylesheet" href="/{realm}/login.css">
</head>
<body>
  <a class="skip" href="#inhoud">Naar de inhoud</a>
  <header>Inloggen in de demonstratie</header>
  <main id="inhoud" tabindex="-1">
{main}
  </main>
  <footer>Alle personen zijn verzonnen. Zij bestaan niet.</footer>
</body>
</html>
"""


def _choice(name: str, value: str, label: str, small: str, *, checked: bool, field_id: str = "") -> str:
    mark = " checked" if checked else ""
    anchor = f' id="{field_id}"' if field_id else ""
    return (
        f'<label class="choice"><input type="radio" name="{name}" value="{escape(value)}"{anchor}{mark}>'
        f"<b>{escape(label)}</b>" + (f"<small>{escape(small)}</small>" if small else "") + "</label>"
    )


def _people(personas: Iterable[Persona], home: str, chosen: Chosen) -> str:
    groups = by_gemeente(personas)
    order = sorted(groups, key=lambda code: (code != home, list(groups).index(code)))
    blocks, first = [], True
    for code in order:
        rows = []
        for persona in groups[code]:
            rows.append(
                _choice(
                    "persoon",
                    persona.key,
                    persona.name,
                    persona.story,
                    checked=persona.key == chosen.persona,
                    field_id="persoon" if first else "",
                )
            )
            first = False
        opened = code == home or any(p.key == chosen.persona for p in groups[code])
        heading = f"{escape(GEMEENTEN.get(code, code))} <span>({len(rows)} personen)</span>"
        blocks.append(_fold(heading, "".join(rows), opened=opened))
    return "".join(blocks)


def _problem(chosen: Chosen) -> str:
    if chosen.problem is None:
        return ""
    field, text = chosen.problem
    return (
        '<div class="wrong" role="alert" tabindex="-1" aria-labelledby="fout"><h2 id="fout">Er moet nog iets gebeuren</h2>'
        f'<ul><li><a href="#{field}">{escape(text)}</a></li></ul></div>'
    )


def _fold(heading: str, inner: str, *, opened: bool) -> str:
    return f"<details{' open' if opened else ''}><summary>{heading}</summary>{inner}</details>"


def _other_bsn(chosen: Chosen) -> str:
    wrong = chosen.problem if chosen.problem and chosen.problem[0] == "bsn" else None
    error = f'<p class="error" id="bsn-fout">{escape(wrong[1])}</p>' if wrong else ""
    state = 'aria-describedby="bsn-uitleg bsn-fout" aria-invalid="true"' if wrong else 'aria-describedby="bsn-uitleg"'
    inner = (
        _choice("persoon", "ander", "Iemand met dit burgerservicenummer", "", checked=chosen.persona == "ander")
        + '<div class="field"><label for="bsn">Burgerservicenummer</label>'
        + f'<p class="hint" id="bsn-uitleg">9 cijfers, alleen testnummers</p>{error}'
        + f'<input id="bsn" name="bsn" inputmode="numeric" autocomplete="off" maxlength="11" {state}'
        + f' value="{escape(chosen.bsn)}"></div>'
    )
    return _fold("Iemand anders <span>(een ander testnummer)</span>", inner, opened=chosen.persona == "ander")


def _levels(levels: tuple[Level, ...], chosen: Chosen) -> str:
    preset = chosen.level or (Level.SUBSTANTIEEL.short if Level.SUBSTANTIEEL in levels else levels[0].short)
    rows = "".join(
        _choice(
            "niveau", level.short, level.label, "", checked=level.short == preset, field_id="niveau" if i == 0 else ""
        )
        for i, level in enumerate(levels)
    )
    fewer = "<p>Voor deze dienst zijn lagere niveaus niet genoeg.</p>" if len(levels) < len(Level) else ""
    return f"<fieldset><legend><h2>Hoe zeker weten wij dat u het bent?</h2></legend>{fewer}{rows}</fieldset>"


def login_page(
    realm: str, pending: str, personas: tuple[Persona, ...], home: str, levels: tuple[Level, ...], chosen: Chosen
) -> str:
    """The page on which a person chooses who to be. `home` is the municipality whose people come first."""
    citizen = realm == "burger"
    title = "Wie wilt u zijn?"
    who, really = ("inwoner", "DigiD") if citizen else ("medewerker", "het account van uw gemeente")
    main = f"""{_problem(chosen)}
    <h1>{title}</h1>
    <div class="note">
      <p>Dit is een demonstratie. U kiest een verzonnen {who}. In het echt logt u hier in met {really}.</p>
    </div>
    <form method="post" action="/{realm}/login">
      <input type="hidden" name="verzoek" value="{escape(pending)}">
      <fieldset><legend><h2>Kies een persoon</h2></legend>
      {_people(personas, home, chosen)}{_other_bsn(chosen) if citizen else ""}</fieldset>
      {_levels(levels, chosen) if citizen else ""}
      <p class="buttons"><button class="primary" name="actie" value="inloggen">Inloggen als deze persoon</button>
      <button class="second" name="actie" value="annuleren">Niet inloggen</button></p>
    </form>"""
    return _page(title, main, realm=realm, wrong=chosen.problem is not None)


def message_page(realm: str, title: str, text: str, *, wrong: bool) -> str:
    """A page that only says something."""
    return _page(title, f"<h1>{escape(title)}</h1><p>{escape(text)}</p>", realm=realm, wrong=wrong)
