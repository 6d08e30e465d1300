"""What nothing uses: rules that lead to no outcome, articles without a rule, deviations that change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vliegwiel.law.checking.sources import Sources
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.walk import every_node
from vliegwiel.law.findings import Finding
from vliegwiel.law.model import (
    Basis,
    Body,
    Conditions,
    Expression,
    Fixed,
    Formula,
    Rule,
    Sayings,
    Table,
    Template,
    Text,
)


def law_of(text: Text) -> str:
    """The law whose names a text belongs to."""
    return text.fills or text.id


def body_expressions(body: Body) -> Iterator[Expression]:
    """The expressions of a rule, without the cells of a table."""
    if isinstance(body, Formula):
        yield body.expression
    elif isinstance(body, Conditions):
        yield from (item.expression for item in body.items)
    elif isinstance(body, Table):
        yield from body.columns
        yield from (line.output for line in body.lines)


def names_in(body: Body) -> set[str]:
    """The names that a rule uses, as they are written: `recht`, `awb.beslistermijn`, and the group before a dot."""
    nodes: list[tree.Node] = [expression.tree for expression in body_expressions(body)]
    if isinstance(body, Table):
        nodes += [cell.tests for line in body.lines for cell in line.cells if cell is not None]
    return {name for node in nodes for name in _names(node)}


def _names(node: tree.Node) -> Iterator[str]:
    for found in every_node(node):
        if isinstance(found, tree.Name):
            yield found.name
        elif isinstance(found, tree.Path) and isinstance(found.source, tree.Name):
            yield f"{found.source.name}.{found.name}"


def _said(says: Sayings) -> Iterator[Template | None]:
    yield from (says.yes, says.no, says.unknown, says.value)


def _sentences(rule: Rule) -> Iterator[Template | None]:
    """Every sentence of a rule."""
    yield from _said(rule.says)
    if isinstance(rule.body, Conditions):
        for item in rule.body.items:
            yield from (*_said(item.says), item.change)
    elif isinstance(rule.body, Table):
        yield from (line.because for line in rule.body.lines)


def used_names(text: Text, *, but: str = "") -> set[str]:
    """The names that rules and sentences of a text use, leaving out one rule."""
    found: set[str] = set()
    for rule in (*text.rules.values(), *text.filled.values()):
        if rule.name != but or rule.fills:
            found |= names_in(rule.body)
            for sentence in _sentences(rule):
                found.update(sentence.names if sentence is not None else ())
    for deviation in text.deviations:
        found |= names_in(deviation.body)
    for term in text.open_terms.values():
        if term.fallback is not None:
            found.update(_names(term.fallback.tree))
    return found


def unused_rules(texts: Sequence[Text]) -> Iterator[Finding]:
    """Rules that no rule uses and that are no outcome either: no sentence for people and no example that expects them.

    An outcome is what somebody gets to hear, or what another law or an example asks for.
    """
    used = [used_names(text) for text in texts]
    expected = [{key.text for example in text.examples for key, _ in example.verwacht.entries} for text in texts]
    anywhere = set().union(*used, *expected)
    for text in texts:
        law = law_of(text)
        family = [number for number, other in enumerate(texts) if law_of(other) == law]
        known = set().union(*(used[number] | expected[number] for number in family))
        for rule in text.rules.values():
            if f"{law}.{rule.name}" in anywhere or rule.name in text.outcomes or any(_said(rule.says)):
                continue
            if rule.name in known and not (
                rule.name in names_in(rule.body) and rule.name not in used_names(text, but=rule.name)
            ):
                continue
            said = f"Niets gebruikt de regel '{rule.name}', en hij heeft geen uitleg en geen voorbeeld."
            at = rule.at
            yield Finding(rule.file, at.line, at.column, "fout", "regel-ongebruikt", said, ("regels", rule.name))


def articles(texts: Iterable[Text]) -> Iterator[Finding]:
    """Articles that a file leaves out (it says so), and articles that no rule rests on."""
    for text in texts:
        used = {article.split()[0] for article in _articles(text)}
        for article in text.articles:
            path = ("artikelen", article.number)
            at = article.at
            if not article.modelled:
                said = f"Artikel {article.number} ({article.basis.ground.title}) is niet uitgewerkt."
                yield Finding(text.file, at.line, at.column, "opmerking", "niet-gemodelleerd", said, path)
            elif article.number not in used:
                said = f"Geen regel, norm of open term rust op artikel {article.number}."
                yield Finding(text.file, at.line, at.column, "let op", "artikel-ongebruikt", said, path)


def _articles(text: Text) -> Iterator[str]:
    """Every article that something in a text rests on."""
    for datum in text.data.values():
        if datum.ground is not None:
            yield datum.ground.article
    for norm in text.norms.values():
        yield norm.ground.article
        yield from (row.basis.ground.article for row in norm.rows)
    yield from (term.basis.ground.article for term in text.open_terms.values())
    yield from (judgement.ground.article for judgement in text.judgements.values())
    for body, basis in bodies(text):
        yield basis.ground.article
        if isinstance(body, Conditions):
            yield from (item.basis.ground.article for item in body.items)
        elif isinstance(body, Table):
            yield from (line.basis.ground.article for line in body.lines)


def bodies(text: Text) -> Iterator[tuple[Body, Basis]]:
    """Everything that a text computes: rules, open terms that it fills, rules that it departs from."""
    yield from ((rule.body, rule.basis) for rule in (*text.rules.values(), *text.filled.values()))
    yield from ((deviation.body, deviation.basis) for deviation in text.deviations)


def open_questions(texts: Iterable[Text], sources: Sources) -> Iterator[Finding]:
    """What a lawyer must still settle, as the file says it."""
    for text in texts:
        for number, question in enumerate(text.open_questions, 1):
            path = ("openstaand", number)
            at = sources.key(text.file, path)
            yield Finding(text.file, at.line, at.column, "opmerking", "openstaand", question, path)


def deviations(texts: Sequence[Text]) -> Iterator[Finding]:
    """Deviations that change nothing: twice the same rule, or just what the general law says."""
    for text in texts:
        seen: dict[tuple[str, str], int] = {}
        for number, deviation in enumerate(text.deviations, 1):
            key, at = (deviation.law, deviation.rule), deviation.at
            named = f"{deviation.law}.{deviation.rule}"
            path = ("wijkt_af", number)
            if key in seen:
                said = f"Van '{named}' wordt hier al afgeweken (regel {seen[key]}). Deze afwijking doet niets."
                yield Finding(text.file, at.line, at.column, "fout", "afwijking-zonder-gevolg", said, path)
                continue
            seen[key] = at.line
            general = next(
                (other.rules[deviation.rule] for other in texts if _has(other, deviation.law, deviation.rule)), None
            )
            if general is not None and _spelled(general.body) == _spelled(deviation.body):
                said = f"De afwijking van '{named}' zegt hetzelfde als de algemene wet."
                yield Finding(text.file, at.line, at.column, "let op", "afwijking-zonder-gevolg", said, path)


def _has(text: Text, law: str, rule: str) -> bool:
    return text.id == law and text.fills is None and rule in text.rules


def _spelled(body: Body) -> object:
    """A body as it is written, to compare."""
    if isinstance(body, Fixed):
        return body.value
    cells = (
        [cell.text.strip() if cell else "-" for line in body.lines for cell in line.cells]
        if isinstance(body, Table)
        else []
    )
    return [type(body).__name__, *(expression.text.strip() for expression in body_expressions(body)), *cells]
