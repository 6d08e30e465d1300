"""Moving over the tokens of an expression: look, take, or say what should have stood there."""

from __future__ import annotations

from vliegwiel.law.feel.errors import FeelError, place
from vliegwiel.law.feel.lexer import Token, tokenize


class TokenReader:
    """The tokens of one text and how far the parser is."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = tokenize(text)
        self.position = 0

    def name_until(self, closing: tuple[str, ...]) -> str:
        """A name that is being declared: all up to a closing token."""
        start = self.position
        while True:
            token = self.tokens[self.position]
            if token.text in closing and token.kind != "string" and self.position > start:
                return self.spelled(start, self.position)
            glue = token.kind == "symbol" and token.text in (".", "/", "-", "'", "+", "*")
            if token.kind not in ("name", "number") and not (glue and self.position > start):
                raise self.error(f"Hier hoort een naam. Er staat '{token.text}'.", token)
            self.position += 1

    def spelled(self, start: int, end: int) -> str:
        """The text of tokens as a name: white space counts once."""
        return " ".join(self.text[self.tokens[start].at : self.tokens[end - 1].end].split())

    def peek(self, text: str) -> bool:
        token = self.tokens[self.position]
        return token.text == text and token.kind != "string"

    def accept(self, text: str) -> bool:
        if self.peek(text):
            self.position += 1
            return True
        return False

    def take(self, text: str) -> None:
        if not self.accept(text):
            token = self.tokens[self.position]
            there = f"Er staat '{token.text}'." if token.kind != "end" else "De formule houdt op."
            raise self.error(f"Hier hoort '{text}'. {there}", token)

    def error(self, message: str, token: Token) -> FeelError:
        return FeelError(message, *place(self.text, token.at))
