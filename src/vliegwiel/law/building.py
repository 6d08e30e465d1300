"""From a law file that was decoded to a `Text`: every rule, norm, open term, judgement and fill."""

from __future__ import annotations

from collections.abc import Mapping

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import KeyPath, ListNode, Node, TextNode
from vliegwiel.law.declaring import Declared, norm_type
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.values import Value
from vliegwiel.law.findings import Findings
from vliegwiel.law.indexing import indexed
from vliegwiel.law.inheriting import whole_examples
from vliegwiel.law.lawfile import (
    ConditionSpec,
    DeviationSpec,
    FillSpec,
    HitPolicy,
    LawSpec,
    NormSpec,
    OrdinanceSpec,
    RuleSpec,
    TableSpec,
)
from vliegwiel.law.model import (
    Article,
    Basis,
    Body,
    Condition,
    Conditions,
    Datum,
    Deviation,
    Expression,
    Fixed,
    Formula,
    JudgementQuestion,
    Line,
    Norm,
    NormValue,
    OpenTerm,
    Rule,
    Sayings,
    Table,
    Text,
)
from vliegwiel.law.reading import Reader, ground_of
from vliegwiel.law.types import Anything, Group, Type, YesNo


def build(
    spec: LawSpec | OrdinanceSpec,
    own: Declared,
    base: Declared | None,
    others: Mapping[str, Declared],
    findings: Findings,
) -> tuple[Text, set[str]]:
    """Read everything in a file. What is wrong is in `findings`. Also gives the names that expressions and sentences use."""
    reader = Reader(spec, own, base, others, findings)
    text = _Builder(reader, own, base).text(spec, others)
    return text, reader.used


def label_of(name: str, described: str) -> str:
    """What people see for a name."""
    return described or name.replace("_", " ")


class _Builder:
    def __init__(self, reader: Reader, own: Declared, base: Declared | None) -> None:
        self.read = reader
        self.own = own
        self.base = base
        self.file = reader.file
        self.findings = reader.findings

    def text(self, spec: LawSpec | OrdinanceSpec, others: Mapping[str, Declared]) -> Text:
        is_law = isinstance(spec, LawSpec)
        return Text(
            id=spec.id,
            name=spec.naam,
            kind=spec.soort,
            validity=spec.geldig,
            read=spec.gelezen,
            bwb=spec.bwb if isinstance(spec, LawSpec) else None,
            cvdr=None if isinstance(spec, LawSpec) else spec.cvdr,
            file=self.file,
            uses=spec.gebruikt if isinstance(spec, LawSpec) else (),
            fills=None if isinstance(spec, LawSpec) else spec.vult,
            gemeenten=() if isinstance(spec, LawSpec) else spec.gemeenten,
            data=self.data(spec),
            norms=indexed({name: self.norm(name, norm) for name, norm in spec.normen.items()}, spec.normen, self.read),
            open_terms=self.open_terms(spec) if isinstance(spec, LawSpec) else {},
            judgements=self.judgements(spec),
            rules={name: self.rule(name, rule) for name, rule in spec.regels.items()},
            filled={} if is_law or not isinstance(spec, OrdinanceSpec) else self.filled(spec),
            deviations=self.deviations(spec, others),
            part=spec.onderdeel if isinstance(spec, LawSpec) else "",
            open_questions=spec.openstaand,
            outcomes=self.outcomes(spec) if isinstance(spec, LawSpec) else (),
            examples=whole_examples(spec.voorbeelden, self.findings),
            articles=self.articles(spec),
            allowed_by=spec.grondslag if isinstance(spec, OrdinanceSpec) else "",
        )

    def outcomes(self, spec: LawSpec) -> tuple[str, ...]:
        """The rules that people ask for, as the file says them; each must be a rule of it."""
        for name in spec.uitkomsten:
            if name not in spec.regels:
                meant = nearest(name, spec.regels)
                hint = f" Bedoelt u '{meant}'?" if meant else ""
                self.findings.wrong(spec.at, "naam", f"'{name}' is geen regel van deze wet.{hint}", ("uitkomsten",))
        return tuple(name for name in spec.uitkomsten if name in spec.regels)

    def articles(self, spec: LawSpec | OrdinanceSpec) -> tuple[Article, ...]:
        """The articles of the file, also those it does not model."""
        found: list[Article] = []
        for number, article in spec.artikelen.items():
            standing = spec.geverifieerd if article.geverifieerd is None else article.geverifieerd
            source = article.bron or spec.bron
            ground = ground_of(spec, number, article.titel)
            basis = Basis(ground, spec.bronnen.get(source, source), standing)
            found.append(Article(number, basis, article.gemodelleerd, article.at))
        return tuple(found)

    def type_of(self, name: str) -> Type:
        return self.own.types.get(name, Anything())

    # --- what goes in ------------------------------------------------------------------------------------------------

    def data(self, spec: LawSpec | OrdinanceSpec) -> dict[str, Datum]:
        found: dict[str, Datum] = {}
        for name, datum in spec.gegevens.items():
            ground = self.read.ground(datum.artikel, datum.at, ("gegevens", name)) if datum.artikel else None
            label = label_of(name, datum.omschrijving)
            kept = datum.register
            found[name] = Datum(
                name,
                label,
                self.type_of(name),
                datum.vraag,
                datum.uitleg,
                ground,
                self.file,
                datum.at,
                register=kept.naam if kept is not None else "",
                register_field=kept.veld if kept is not None else "",
            )
        return found

    def norm(self, name: str, spec: NormSpec) -> Norm:
        path: KeyPath = ("normen", name)
        type_ = norm_type(spec, Findings(self.file), ("normen", name))
        rows: list[NormValue] = []
        for start, row in sorted(spec.waarden.items()):
            below = (*path, "waarden", start.isoformat())
            basis = self.read.basis(
                spec.artikel,
                row.bron or spec.bron,
                spec.geverifieerd if row.geverifieerd is None else row.geverifieerd,
                row.at,
                below,
            )
            rows.append(NormValue(start, self.norm_value(type_, row.waarde, below), basis, row.opmerking))
        ground = self.read.ground(spec.artikel, spec.at, path)
        label = label_of(name, spec.omschrijving)
        return Norm(name, label, type_, ground, spec.houdbaar, spec.daarna, tuple(rows), self.file, spec.at)

    def norm_value(self, type_: Type, node: Node, path: KeyPath) -> Value:
        """A norm with fields has a list of values, in the order of the fields; `onbekend` means that it was not found."""
        if isinstance(node, TextNode) and node.plain and node.text == "onbekend":
            return None
        if not isinstance(type_, Group) or not isinstance(node, ListNode):
            return self.read.value(type_, node, path)
        if len(node.items) != len(type_.fields):
            names = ", ".join(field for field, _ in type_.fields)
            said = f"Hier horen {len(type_.fields)} waarden ({names}). Er staan er {len(node.items)}."
            self.findings.wrong(node.at, "soort", said, path)
            return None
        pairs = zip(type_.fields, node.items, strict=True)
        return {field: self.read.value(inner, item, path) for (field, inner), item in pairs}

    def open_terms(self, spec: LawSpec) -> dict[str, OpenTerm]:
        found: dict[str, OpenTerm] = {}
        for name, term in spec.open_termen.items():
            path: KeyPath = ("open_termen", name)
            type_ = self.type_of(name)
            fallback = self.read.expression(term.standaard, (*path, "standaard"), type_) if term.standaard else None
            basis = self.read.basis(term.artikel, term.bron, term.geverifieerd, term.at, path)
            label = label_of(name, term.omschrijving)
            found[name] = OpenTerm(name, label, type_, basis, fallback, term.niet_geregeld, self.file, term.at)
        return found

    def judgements(self, spec: LawSpec | OrdinanceSpec) -> dict[str, JudgementQuestion]:
        found: dict[str, JudgementQuestion] = {}
        for name, item in spec.oordelen.items():
            path: KeyPath = ("oordelen", name)
            ground = self.read.ground(item.artikel, item.at, path)
            says = self.read.sayings(item.uitleg, (*path, "uitleg"))
            label = label_of(name, item.omschrijving)
            found[name] = JudgementQuestion(name, label, item.vraag, item.let_op, ground, says, self.file, item.at)
        return found

    # --- rules -------------------------------------------------------------------------------------------------------

    def rule(self, name: str, spec: RuleSpec) -> Rule:
        path: KeyPath = ("regels", name)
        type_ = self.type_of(name)
        basis = self.read.basis(spec.artikel, spec.bron, spec.geverifieerd, spec.at, path)
        says = self.read.sayings(spec.uitleg, (*path, "uitleg"))
        label = label_of(name, spec.omschrijving)
        return Rule(name, label, type_, basis, self.body(spec, type_, path), says, self.file, spec.at)

    def body(self, spec: RuleSpec | FillSpec | DeviationSpec, type_: Type, path: KeyPath) -> Body:
        if spec.formule is not None:
            return Formula(self.read.expression(spec.formule, (*path, "formule"), type_))
        if spec.tabel is not None:
            return self.table(spec, spec.tabel, type_, (*path, "tabel"))
        every = spec.alle is not None
        conditions = (spec.alle if every else spec.een) or ()
        if not isinstance(type_, (YesNo, Anything)):
            self.findings.wrong(spec.at, "soort", "Een regel met voorwaarden heeft 'soort: ja/nee'.", path)
        if not conditions:
            self.findings.wrong(spec.at, "formule", "Hier hoort minstens één voorwaarde.", path)
        key = "alle" if every else "een"
        items = [self.condition(item, spec, (*path, key, n)) for n, item in enumerate(conditions, 1)]
        return Conditions(every, tuple(items))

    def condition(self, spec: ConditionSpec, rule: RuleSpec | FillSpec | DeviationSpec, path: KeyPath) -> Condition:
        expression = self.read.expression(spec.als, (*path, "als"), YesNo())
        basis = self.read.basis(
            spec.artikel or rule.artikel,
            spec.bron or rule.bron,
            rule.geverifieerd if spec.geverifieerd is None else spec.geverifieerd,
            spec.at,
            path,
        )
        says = Sayings(
            self.read.template(spec.ja, (*path, "ja")),
            self.read.template(spec.nee, (*path, "nee")),
            self.read.template(spec.onbekend, (*path, "onbekend")),
        )
        change = self.read.template(spec.anders, (*path, "anders"))
        return Condition(expression, basis, says, change, spec.at, spec.geldig)

    def table(self, rule: RuleSpec | FillSpec | DeviationSpec, spec: TableSpec, type_: Type, path: KeyPath) -> Table:
        columns = tuple(self.read.expression(c, (*path, "invoer", n)) for n, c in enumerate(spec.invoer, 1))
        names = [column.text.strip() for column in columns]
        output = _output_type(spec.treffer, type_)
        lines: list[Line] = []
        for number, line in enumerate(spec.regels, 1):
            below = (*path, "regels", number)
            for name in line.als:
                if name not in names:
                    said = f"'{name}' staat niet onder 'invoer'. Toegestaan: {', '.join(names)}."
                    self.findings.wrong(line.at, "naam", said, (*below, "als"))
            cells = tuple(
                self.read.cell(line.als[name], column.type, (*below, "als", name)) if name in line.als else None
                for name, column in zip(names, columns, strict=True)
            )
            basis = self.read.basis(
                line.artikel or rule.artikel,
                line.bron or rule.bron,
                rule.geverifieerd if line.geverifieerd is None else line.geverifieerd,
                line.at,
                below,
            )
            result = self.read.expression(line.dan, (*below, "dan"), output)
            because = self.read.template(line.omdat, (*below, "omdat"))
            lines.append(Line(cells, result, because, basis, line.at, line.geldig))
        return Table(spec.treffer, columns, tuple(lines), self.ranking(spec, output, path))

    def ranking(self, spec: TableSpec, type_: Type, path: KeyPath) -> tuple[Value, ...]:
        """The outputs from best to worst, for the policies that need them."""
        ranked = [self.read.expression(o, (*path, "volgorde"), type_) for o in spec.volgorde or ()]
        values = [_literal(item) for item in ranked]
        if spec.treffer in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not values:
            self.findings.wrong(
                spec.at, "formule", "Bij deze treffer hoort 'volgorde': de uitkomsten van best naar slechtst.", path
            )
        return tuple(values)

    def filled(self, spec: OrdinanceSpec) -> dict[str, Rule]:
        found: dict[str, Rule] = {}
        terms = self.base.open_terms if self.base is not None else {}
        for name, fill in spec.invulling.items():
            path: KeyPath = ("invulling", name)
            if name not in terms:
                known = ", ".join(terms) or "geen"
                said = f"'{name}' is geen open term van '{spec.vult}'. Open termen: {known}."
                self.findings.wrong(fill.at, "naam", said, path)
                continue
            type_ = terms[name]
            basis = self.read.basis(fill.artikel, fill.bron, fill.geverifieerd, fill.at, path)
            says = self.read.sayings(fill.uitleg, (*path, "uitleg"))
            body = self.body_or_value(fill, type_, path)
            found[name] = Rule(name, name, type_, basis, body, says, self.file, fill.at, fills=True)
        return found

    def body_or_value(self, spec: FillSpec | DeviationSpec, type_: Type, path: KeyPath) -> Body:
        if spec.waarde is not None:
            return Fixed(self.read.value(type_, spec.waarde, (*path, "waarde")))
        return self.body(spec, type_, path)

    def deviations(self, spec: LawSpec | OrdinanceSpec, others: Mapping[str, Declared]) -> tuple[Deviation, ...]:
        found: list[Deviation] = []
        for number, item in enumerate(spec.wijkt_af, 1):
            path: KeyPath = ("wijkt_af", number)
            law, _, rule = item.regel.text.partition(".")
            declared = others.get(law)
            if declared is None or rule not in declared.rules:
                said = f"De regel '{item.regel.text}' bestaat niet, of '{law}' staat niet onder 'gebruikt'."
                self.findings.wrong(item.at, "naam", said, path)
                continue
            basis = self.read.basis(item.artikel, item.bron, item.geverifieerd, item.at, path)
            type_ = declared.types[rule]
            body = self.body_or_value(item, type_, path)
            says = self.read.sayings(item.uitleg, (*path, "uitleg"))
            found.append(Deviation(law, rule, type_, basis, body, says, self.file, item.at))
        return tuple(found)


def _output_type(policy: HitPolicy, type_: Type) -> Type:
    """What one line gives: for policies that collect, an element of the list."""
    from_list = policy in (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
    if from_list:
        inner = getattr(type_, "of", None)
        return inner if inner is not None else Anything()
    return Anything() if policy is HitPolicy.COLLECT_COUNT else type_


def _literal(expression: Expression) -> Value:
    node = expression.tree
    return node.value if isinstance(node, (tree.String, tree.Number, tree.Boolean)) else None
