"""Which product a case type is for: by the address it gives (UPL), else by its name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import SourceInvalid

from .. import upl
from ..everyday import everyday_words
from ..library import Library
from ..model import Product
from ..resolve import national
from ..search import Index, entry, stem
from .foreign import ForeignCaseType
from .words import raw_words

_ENOUGH = 0.86
"""Below this a name is a guess, and a wrong product is worse than none."""
_SURE = 0.93
_SHORT = 5
"""A name of fewer letters (`BRP`) is the name of a register or a law, not of one product."""
_NECK = 0.03
"""When another product comes this close, the name does not choose between them."""
_SAYS_NOTHING = frozenset(
    stem(word)
    for word in (
        "aanvraag", "aanvragen", "behandelen", "behandeling", "afhandelen", "verlenen", "verlening", "verstrekken", "verzoek",
        "verzoeken", "verwerken", "indienen", "afgeven", "doorgeven", "melding",
        "melden", "aangifte", "afschrift", "zaak", "zaaktype", "proces", "gemeente", "algemeen",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProductMatch:
    """The product a case type is for. `key` is empty where the catalogue has no such product yet; `score` 0 to 1, 1 where the
    case type names the product itself."""

    key: str
    name: str
    pattern: str
    upl_name: str
    upl_uri: str
    score: float
    fits: bool = True
    """Whether it runs on the pattern that the case type has."""

    @property
    def named(self) -> bool:
        """Whether the case type gives the address of the product itself."""
        return self.score >= 1.0

    @property
    def sure(self) -> bool:
        """Whether it may be used without a person looking first."""
        return self.fits and self.score >= _SURE


@dataclass(slots=True)
class ProductFinder:
    """Finds products by address or name. Products that cannot be read are left out."""

    found: Library
    _products: dict[str, Product] = field(default_factory=dict)
    _by_uri: dict[str, str] = field(default_factory=dict)
    _index: Index = field(init=False)

    def __post_init__(self) -> None:
        everyday = everyday_words()
        entries = []
        for key in self.found.products():
            try:
                product = national(key, among=self.found)
            except (SourceInvalid, NotFound):
                continue
            self._products[key] = product
            self._by_uri.setdefault(product.upl.uri, key)
            known = (
                *product.search_words,
                product.upl.name,
                key.replace("-", " "),
                *everyday.get(product.upl.name, ()),
            )
            entries.append(entry(key, product.name, known, boost=0.1))
        entries.extend(
            entry(f"upl:{one.naam}", one.naam, everyday.get(one.naam, ()))
            for one in upl.producten()
            if one.uri not in self._by_uri
        )
        self._index = Index(tuple(entries))

    def product(self, key: str) -> Product | None:
        """A product of the catalogue as it is for all, or None."""
        return self._products.get(key)

    def find(self, case: ForeignCaseType, pattern: str = "") -> ProductMatch | None:
        """The product of a case type, or None. Of two that fit equally well the one that runs on `pattern`."""
        for address in case.products:
            named = self._named(address)
            if named is not None:
                return named
        scores: dict[str, float] = {}
        for text in self._texts(case):
            for found, score in self._index.find(text, 6):
                same = self._products.get(found.key)
                score += 0.05 if same is not None and same.pattern.key == pattern else 0.0
                scores[found.key] = max(scores.get(found.key, 0.0), score)
        ranked = sorted(scores, key=lambda key: (-scores[key], key))
        if not ranked or scores[ranked[0]] < _ENOUGH:
            return None
        score = min(scores[ranked[0]], 0.99)
        close = len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < _NECK
        if close or max(map(len, self._texts(case))) < _SHORT:
            score = min(score, _SURE - 0.01)
        match = self._match(ranked[0], score)
        return replace(match, fits=not (match.pattern and pattern) or match.pattern == pattern)

    def _texts(self, case: ForeignCaseType) -> tuple[str, ...]:
        telling = [word for word in raw_words(case.name) if stem(word) not in _SAYS_NOTHING]
        return tuple(dict.fromkeys(text for text in (case.generic, " ".join(telling)) if text)) or (case.name,)

    def _named(self, address: str) -> ProductMatch | None:
        key = self._by_uri.get(address)
        if key is not None:
            return self._match(key, 1.0)
        try:
            one = upl.product_by_uri(address)
        except NotFound:
            return None
        return ProductMatch("", one.naam, "", one.naam, one.uri, 1.0)

    def _match(self, key: str, score: float) -> ProductMatch:
        product = self._products.get(key)
        if product is not None:
            return ProductMatch(key, product.name, product.pattern.key, product.upl.name, product.upl.uri, score)
        one = upl.product(key.removeprefix("upl:"))
        return ProductMatch("", one.naam, "", one.naam, one.uri, score)
