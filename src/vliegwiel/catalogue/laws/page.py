"""A law or an ordinance as a page that a lawyer and a functional administrator can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode
from vliegwiel.law import LawBook, run_examples
from vliegwiel.law.lawfile import Afterwards, ExampleSpec, HitPolicy, PartValidity, Shelf
from vliegwiel.law.model import (
    Basis,
    Body,
    Condition,
    Conditions,
    Deviation,
    Expression,
    Fixed,
    Formula,
    Line,
    Norm,
    OpenTerm,
    Rule,
    Sayings,
    Table,
    Text,
)
from vliegwiel.law.plain import NotThisType, read_node
from vliegwiel.law.types import Anything, Group, Money, Type, kind_of
from vliegwiel.law.wording import say, say_date

from .inwords import Named, Words
from .names import full_name, names_of
from .parts import (
    ArticlePart,
    BodyPart,
    ConditionPart,
    DatumPart,
    DeviationPart,
    ExamplePart,
    Expressed,
    FillPart,
    JudgementPart,
    LawPage,
    NormPart,
    NormRowPart,
    OpenTermPart,
    ProductLink,
    RowPart,
    RulePart,
    Standing,
    TablePart,
    TextLink,
    VersionLink,
)
from .reach import products
from .shelf import card, town, version_on, versions

NOT_FOUND: Final = "niet gevonden"
_POLICIES: Final = {
    HitPolicy.UNIQUE: "Er past precies één regel.",
    HitPolicy.ANY: "Er kunnen meer regels passen; zij zeggen dan hetzelfde.",
    HitPolicy.PRIORITY: "Passen er meer regels, dan telt de uitkomst die het hoogst in de volgorde staat.",
    HitPolicy.FIRST: "De eerste regel die past telt.",
    HitPolicy.COLLECT: "Alle regels die passen tellen samen, als lijst.",
    HitPolicy.COLLECT_SUM: "De uitkomsten van alle regels die passen worden opgeteld.",
    HitPolicy.COLLECT_MIN: "De laagste uitkomst van de regels die passen telt.",
    HitPolicy.COLLECT_MAX: "De hoogste uitkomst van de regels die passen telt.",
    HitPolicy.COLLECT_COUNT: "Geteld wordt hoeveel verschillende uitkomsten passen.",
    HitPolicy.RULE_ORDER: "Alle regels die passen tellen, in de volgorde van de tabel.",
    HitPolicy.OUTPUT_ORDER: "Alle regels die passen tellen, van best naar slechtst.",
}


def law_page(book: LawBook, id_: str, on: date) -> LawPage:
    """The page of a law or ordinance on a date; outside its validity the version nearest to it. Raises `NotFound`."""
    found = versions(book, id_)
    text = version_on(found, on)
    reader = _Page(book, text, on)
    return LawPage(
        card=card(book, found, on),
        on=on,
        law=text.fills or text.id,
        file=text.file,
        part=text.part,
        allowed_by=text.allowed_by,
        versions=tuple(VersionLink(t.validity.van, t.validity.tot, t is text) for t in found),
        changes=_changes(found),
        articles=reader.articles(),
        data=tuple(
            DatumPart(d.name, d.label, kind_of(d.type), d.question, d.help, d.register) for d in text.data.values()
        ),
        examples=reader.examples(),
        sources=tuple(dict.fromkeys(basis.source for basis in reader.all_bases())),
        questions=text.open_questions,
        uses=tuple(_links(book, text.uses)),
        used_by=tuple(TextLink(t.id, full_name(t)) for t in _users(book, text)),
        ordinances=reader.ordinances(),
        products=tuple(ProductLink(use.key, use.name) for use in products() if use.law == (text.fills or text.id)),
    )


def _changes(found: Iterable[Text]) -> tuple[date, ...]:
    """Days on which a version or an amount begins, newest first."""
    days = {text.validity.van for text in found}
    days |= {row.start for text in found for norm in text.norms.values() for row in norm.rows}
    first = min(text.validity.van for text in found)
    return tuple(sorted((day for day in days if day >= first), reverse=True))


def _links(book: LawBook, ids: Iterable[str]) -> Iterator[TextLink]:
    for id_ in ids:
        if id_ in book.law_ids:
            yield TextLink(id_, full_name(book.versions(id_)[-1]))


def _users(book: LawBook, text: Text) -> Iterator[Text]:
    seen: set[str] = set()
    for other in book.texts:
        if text.id in other.uses and other.id not in seen:
            seen.add(other.id)
            yield other


class _Page:
    """Puts the parts of one text in words."""

    def __init__(self, book: LawBook, text: Text, on: date) -> None:
        self.book = book
        self.text = text
        self.on = on
        self.names = names_of(book, text)
        self.words = Words(self.names)
        self.law = version_on(book.versions(text.fills), on) if text.fills else text

    # --- articles ----------------------------------------------------------------------------------------------------

    def articles(self) -> tuple[ArticlePart, ...]:
        text = self.text
        rules = _under((*text.rules.values(), *text.filled.values()))
        made = []
        for article in text.articles:
            number = article.number
            made.append(
                ArticlePart(
                    number=number,
                    title=article.basis.ground.title,
                    standing=self.standing(article.basis),
                    modelled=article.modelled,
                    rules=tuple(self.rule(rule, self.words) for rule in rules.get(number, ())),
                    norms=tuple(self.norm(n) for n in text.norms.values() if _head(n.ground.article) == number),
                    open_terms=tuple(
                        self.open_term(t) for t in text.open_terms.values() if _head(t.basis.ground.article) == number
                    ),
                    judgements=tuple(
                        JudgementPart(
                            j.name, j.label, j.question, j.attention, Standing(j.ground.article, j.ground.url, "", True)
                        )
                        for j in text.judgements.values()
                        if _head(j.ground.article) == number
                    ),
                    deviations=tuple(
                        self.deviation(d) for d in text.deviations if _head(d.basis.ground.article) == number
                    ),
                )
            )
        return tuple(made)

    def all_bases(self) -> Iterator[Basis]:
        """Everything in the text that names a source."""
        text = self.text
        yield from (article.basis for article in text.articles)
        yield from (rule.basis for rule in (*text.rules.values(), *text.filled.values()))
        yield from (row.basis for norm in text.norms.values() for row in norm.rows)
        yield from (term.basis for term in text.open_terms.values())

    @staticmethod
    def standing(basis: Basis) -> Standing:
        return Standing(basis.ground.article, basis.ground.url, basis.source, basis.verified)

    # --- rules -------------------------------------------------------------------------------------------------------

    def rule(self, rule: Rule, words: Words) -> RulePart:
        label = words.label(rule.name) if rule.fills else rule.label
        return RulePart(
            name=rule.name,
            label=label,
            kind=kind_of(rule.type),
            standing=self.standing(rule.basis),
            body=self.body(rule.body, rule.basis, rule.type, words),
            says=_says(rule.says, words),
            line=rule.at.line,
        )

    def body(self, body: Body, basis: Basis, type_: Type, words: Words) -> BodyPart:
        match body:
            case Formula():
                return BodyPart(formula=_expressed(body.expression, words))
            case Fixed():
                return BodyPart(fixed=say(type_, body.value))
            case Conditions():
                items = tuple(self.condition(item, basis, words) for item in body.items)
                return BodyPart(every=body.every, conditions=items)
            case Table():
                return BodyPart(table=self.table(body, basis, type_, words))

    def condition(self, item: Condition, basis: Basis, words: Words) -> ConditionPart:
        return ConditionPart(
            said=_expressed(item.expression, words),
            yes=words.template(item.says.yes),
            no=words.template(item.says.no),
            change=words.template(item.change),
            standing=self.standing(item.basis),
            own=item.basis != basis,
            period=_period(item.validity),
        )

    def table(self, table: Table, basis: Basis, type_: Type, words: Words) -> TablePart:
        return TablePart(
            policy=_POLICIES[table.policy],
            columns=tuple(_expressed(column, words) for column in table.columns),
            rows=tuple(self.row(line, table, basis, type_, words) for line in table.lines),
        )

    def row(self, line: Line, table: Table, basis: Basis, type_: Type, words: Words) -> RowPart:
        cells = tuple(
            Expressed(words.cell(cell, column.type), cell.text.strip() if cell is not None else "-")
            for cell, column in zip(line.cells, table.columns, strict=True)
        )
        output = _expressed(line.output, words, type_)
        because, own = words.template(line.because), line.basis != basis
        return RowPart(cells, output, because, self.standing(line.basis), own, _period(line.validity))

    def deviation(self, item: Deviation) -> DeviationPart:
        rule = RulePart(
            name=f"{item.law}.{item.rule}",
            label=self.words.label(f"{item.law}.{item.rule}"),
            kind=kind_of(item.type),
            standing=self.standing(item.basis),
            body=self.body(item.body, item.basis, item.type, self.words),
            says=_says(item.says, self.words),
            line=item.at.line,
        )
        return DeviationPart(item.law, self.book.versions(item.law)[-1].name, rule)

    # --- amounts and open terms --------------------------------------------------------------------------------------

    def norm(self, norm: Norm) -> NormPart:
        fields = tuple(name.replace("_", " ") for name, _ in norm.type.fields) if isinstance(norm.type, Group) else ()
        current = max((row.start for row in norm.rows if row.start <= self.on), default=None)
        rows = []
        for row in reversed(norm.rows):
            if isinstance(norm.type, Group) and isinstance(row.value, dict):
                values = tuple(say(_bare(type_), row.value.get(name)) for name, type_ in norm.type.fields)
            else:
                alone = say(_bare(norm.type), row.value) if row.value is not None else NOT_FOUND
                values = (alone, *("" for _ in fields[1:]))
            held = row.start == current and self.held(norm, row.start)
            rows.append(NormRowPart(row.start, values, self.standing(row.basis), row.note, held))
        kind = kind_of(norm.type.fields[0][1]) if isinstance(norm.type, Group) else kind_of(norm.type)
        standing = Standing(norm.ground.article, norm.ground.url, "", all(row.basis.verified for row in norm.rows))
        return NormPart(norm.name, norm.label, kind, standing, fields, tuple(rows), _shelf(norm))

    def held(self, norm: Norm, start: date) -> bool:
        """Whether an amount still counts on the date: one of a calendar year runs out with it."""
        lasting = norm.shelf is not Shelf.CALENDAR_YEAR or start.year == self.on.year
        return lasting or norm.afterwards is Afterwards.LAST_KNOWN

    def open_term(self, term: OpenTerm) -> OpenTermPart:
        default = _expressed(term.fallback, self.words, term.type) if term.fallback is not None else None
        return OpenTermPart(
            name=term.name,
            label=term.label,
            kind=kind_of(term.type),
            standing=self.standing(term.basis),
            default=default,
            not_ruled=term.not_ruled,
            fills=tuple(self.fills(term)),
        )

    def fills(self, term: OpenTerm) -> Iterator[FillPart]:
        """How each municipality fills a term on the date, by its name."""
        found = [text for text in self._ordinances() if term.name in text.filled and text.validity.holds(self.on)]
        for text in sorted(found, key=lambda one: [town(code).name for code in one.gemeenten]):
            words = Words(names_of(self.book, text))
            towns = tuple(town(code) for code in text.gemeenten)
            yield FillPart(towns, text.id, text.name, self.rule(text.filled[term.name], words))

    def _ordinances(self) -> Iterator[Text]:
        return (text for text in self.book.texts if text.fills == self.text.id)

    def ordinances(self) -> tuple[TextLink, ...]:
        """The ordinances to this law on the date; to an ordinance the law it fills."""
        if self.text.fills is not None:
            return (TextLink(self.law.id, full_name(self.law)),)
        found = [
            TextLink(text.id, text.name, ", ".join(town(code).name for code in text.gemeenten))
            for text in self._ordinances()
            if text.validity.holds(self.on)
        ]
        return tuple(sorted(found, key=lambda link: link.note))

    # --- examples ----------------------------------------------------------------------------------------------------

    def examples(self) -> tuple[ExamplePart, ...]:
        problems: dict[int, list[str]] = {}
        for result in run_examples(self.book, [self.text.id]).results:
            if result.file == self.text.file:
                problems.setdefault(result.line, []).extend(result.problems)
        return tuple(
            self.example(number, spec, tuple(dict.fromkeys(problems.get(spec.at.line, ()))))
            for number, spec in enumerate(self.text.examples, 1)
        )

    def example(self, number: int, spec: ExampleSpec, problems: tuple[str, ...]) -> ExamplePart:
        code = spec.gemeente or (self.text.gemeenten[0] if self.text.gemeenten else None)
        return ExamplePart(
            number=number,
            name=spec.naam,
            on=spec.op,
            town=town(code) if code else None,
            given=tuple(_pairs(spec.gegevens, self.names)),
            expected=tuple(_pairs(spec.verwacht, self.names)),
            asks=tuple(self.words.label(item.text) for item in spec.vraagt or ()),
            problems=problems,
        )


def _under(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(_head(rule.basis.ground.article), []).append(rule)
    return found


def _head(article: str) -> str:
    return article.split()[0]


def _expressed(expression: Expression, words: Words, type_: Type | None = None) -> Expressed:
    feel = expression.text.strip()
    value = words.fixed(expression, type_) if type_ is not None else ""
    said = value or words.expression(expression)
    return Expressed("" if said == feel else said, feel)


def _says(says: Sayings, words: Words) -> tuple[tuple[str, str], ...]:
    pairs = (("ja", says.yes), ("nee", says.no), ("waarde", says.value), ("onbekend", says.unknown))
    return tuple((state, words.template(template)) for state, template in pairs if template is not None)


def _period(validity: PartValidity | None) -> str:
    if validity is None:
        return ""
    start = f"vanaf {say_date(validity.van)}" if validity.van is not None else ""
    end = f"tot en met {say_date(validity.tot)}" if validity.tot is not None else ""
    return " ".join(part for part in (start, end) if part)


def _bare(type_: Type) -> Type:
    """Money without its period, which stands above the column."""
    return Money() if isinstance(type_, Money) else type_


def _shelf(norm: Norm) -> str:
    if norm.shelf is Shelf.UNTIL_NEXT:
        return "Een waarde telt tot de volgende begint."
    if norm.afterwards is Afterwards.LAST_KNOWN:
        return "Een waarde telt een kalenderjaar; daarna telt de laatste bekende, en dat wordt gezegd."
    return "Een waarde telt een kalenderjaar; daarna is zij onbekend."


def _pairs(node: MapNode | None, names: Mapping[str, Named]) -> Iterator[tuple[str, str]]:
    for key, value in node.entries if node is not None else ():
        named = names.get(key.text)
        label = named.label if named is not None else key.text.replace("_", " ")
        yield label, node_text(named.type if named is not None else Anything(), value)


def node_text(type_: Type, node: Node) -> str:
    """A value of an example in words; as it is written where it is not of the type."""
    if isinstance(node, TextNode) and node.plain and node.text == "onbekend":
        return "onbekend"
    try:
        return say(type_, read_node(type_, node))
    except NotThisType:
        return _raw(node)


def _raw(node: Node) -> str:
    match node:
        case TextNode():
            return node.text
        case ListNode():
            return ", ".join(_raw(item) for item in node.items)
        case MapNode():
            return ", ".join(f"{key.text}: {_raw(value)}" for key, value in node.entries)
