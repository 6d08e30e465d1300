"""Types inside an expression: what follows `instance of` and the colon of a parameter."""

from __future__ import annotations

from typing import Final

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.reader import TokenReader

_LONG_NAMES: Final = ("years and months duration", "days and time duration", "date and time")


class TypeParser(TokenReader):
    """The part of the parser that reads types."""

    def type_ref(self, depth: int = 0) -> tree.TypeRef:
        """A type: a name, or `list<…>`, `range<…>`, `context<…>`, `function<…> -> …`."""
        token = self.tokens[self.position]
        if depth > 20:
            raise self.error("Dit type is te diep genest.", token)
        if token.kind != "name":
            raise self.error("Hier hoort een type, zoals number of list<string>.", token)
        for name in _LONG_NAMES:
            words = name.split()
            if [t.text for t in self.tokens[self.position : self.position + len(words)]] == words:
                self.position += len(words)
                return tree.TypeRef(name)
        self.position += 1
        name = token.text
        while self.accept("."):
            name = f"{name}.{self.tokens[self.position].text}"
            self.position += 1
        if name in ("list", "range") and self.accept("<"):
            inner = self.type_ref(depth + 1)
            self.take(">")
            return tree.TypeRef(name, (inner,))
        if name == "context" and self.accept("<"):
            return tree.TypeRef(name, fields=self.fields(depth))
        if name == "function" and self.accept("<"):
            return self.function_type(depth)
        return tree.TypeRef(name)

    def fields(self, depth: int) -> tuple[tuple[str, tree.TypeRef], ...]:
        found: list[tuple[str, tree.TypeRef]] = []
        if self.accept(">"):
            return ()
        while True:
            name = self.name_until((":",))
            self.take(":")
            found.append((name, self.type_ref(depth + 1)))
            if not self.accept(","):
                self.take(">")
                return tuple(found)

    def function_type(self, depth: int) -> tree.TypeRef:
        arguments: list[tree.TypeRef] = []
        if not self.accept(">"):
            while True:
                arguments.append(self.type_ref(depth + 1))
                if not self.accept(","):
                    break
            self.take(">")
        self.take("->")
        return tree.TypeRef("function", tuple(arguments), result=self.type_ref(depth + 1))
