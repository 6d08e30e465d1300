"""A page as a browser reads it: its forms with what stands in their fields, its links and its text. No script runs here."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"input", "br", "meta", "link", "img", "hr"})
APART = frozenset({"dt", "dd", "p", "li", "th", "td", "h1", "h2", "h3", "option", "a", "button", "label", "summary"})


@dataclass
class Form:
    """A form that can be sent. `fields` are the values a browser would send; `buttons` the names and values of its buttons."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def filled(self, button: str = "", **values: str | list[str]) -> dict[str, str | list[str]]:
        """What is sent when these fields are filled in and the button with this text is pressed.

        A field is named with its signs replaced by `__`: `oordeel__uitzicht` for `oordeel:uitzicht`.
        """
        sent: dict[str, str | list[str]] = {name: list(found) for name, found in self.fields.items()}
        for name, value in values.items():
            real = name.replace("__", ":")
            assert real in self.fields or real in self.choices, f"{real} stands not in this form: {self}"
            sent[real] = value
        if button:
            name, value = next((n, v) for n, v, text in self.buttons if button in text)
            if name:
                sent[name] = value
        return sent


class Page(HTMLParser):
    """A page, read once."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self.text = ""
        self.title = ""
        self._form: Form | None = None
        self._textarea = self._select = self._link = ""
        self._typed: list[str] = []
        self._button: tuple[str, str] | None = None
        self._stack: list[str] = []
        self.feed(html)
        self.text = " ".join(self.text.replace("\u00a0", " ").replace("\u00ad", "").split())

    def form(self, action: str) -> Form:
        """The form that is sent to an address with this in it."""
        return next(f for f in self.forms if action in f.action)

    def has_form(self, action: str) -> bool:
        """Whether there is one."""
        return any(action in f.action for f in self.forms)

    def link(self, text: str) -> str:
        """The address behind a link with this text."""
        return next(address for words, address in self.links.items() if text in words)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag not in VOID:
            self._stack.append(tag)
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        elif tag == "a":
            self._link, self._typed = given.get("href", ""), []
        elif tag == "button" and self._form is not None:
            self._button, self._typed = (given.get("name", ""), given.get("value", "")), []
        elif self._form is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name = given.get("name", "")
        if tag == "input" and given.get("type") in {"radio", "checkbox"}:
            self._form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                self._form.fields.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "input" and given.get("type") != "file":
            self._form.fields.setdefault(name, []).append(given.get("value", ""))
        elif tag == "textarea":
            self._textarea, self._typed = name, []
        elif tag == "select":
            self._select = name
        elif tag == "option":
            self._form.choices.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given or self._select not in self._form.fields:
                self._form.fields[self._select] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        self._typed.append(data)
        if "title" in self._stack:
            self.title += data
        elif "script" not in self._stack:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in APART:
            self.text += " "
        if tag in self._stack:
            while self._stack.pop() != tag:
                pass
        words = " ".join("".join(self._typed).split())
        if tag == "form":
            self._form = None
        elif tag == "a":
            self.links.setdefault(words, self._link)
        elif tag == "button" and self._form is not None and self._button is not None:
            self._form.buttons.append((*self._button, words))
            self._button = None
        elif tag == "textarea" and self._form is not None:
            # A browser drops the first newline of a textarea.
            self._form.fields.setdefault(self._textarea, []).append("".join(self._typed).removeprefix("\n"))
        elif tag == "select":
            self._select = ""
