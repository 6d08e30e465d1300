"""The DMN language where models of others use it: named types, typed functions, limits of columns, imports without a name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from vliegwiel.law.dmn.engine import Engine
from vliegwiel.law.dmn.reading import NotDmn, read
from vliegwiel.law.feel.values import Value

SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"

TYPES = """
<itemDefinition name="kleur"><typeRef>string</typeRef><allowedValues><text>"rood", "blauw"</text></allowedValues></itemDefinition>
<itemDefinition name="kopie"><typeRef>kleur</typeRef></itemDefinition>
<itemDefinition name="richting"><typeRef>kleur</typeRef>
  <allowedValues><text>"links", "rechts"</text></allowedValues></itemDefinition>
<itemDefinition name="kleuren" isCollection="true"><typeRef>kleur</typeRef></itemDefinition>
<itemDefinition name="punt"><itemComponent name="x"><typeRef>number</typeRef></itemComponent>
  <itemComponent name="tint"><typeRef>kleur</typeRef></itemComponent></itemDefinition>
<itemDefinition name="verf"><functionItem outputTypeRef="kleur"><parameters name="a"/></functionItem></itemDefinition>
<itemDefinition name="neem_kleur"><functionItem><parameters name="a" typeRef="kleur"/></functionItem></itemDefinition>
"""


def engine(body: str, *others: str) -> Engine:
    return Engine(read(_file("hoofd", body)), [read(other.encode()) for other in others])


def _file(space: str, body: str) -> bytes:
    return f'<definitions xmlns="{SPACE}" name="{space}" namespace="{space}">{TYPES}{body}</definitions>'.encode()


def decision(name: str, logic: str, *, type_: str = "", needs: str = "") -> str:
    typed = f' typeRef="{type_}"' if type_ else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{typed}/>{needs}{logic}</decision>'


def literal(text: str, type_: str = "") -> str:
    typed = f' typeRef="{type_}"' if type_ else ""
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<literalExpression{typed}><text>{safe}</text></literalExpression>"


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        ("kleur", '"rood"', "rood"),
        ("kleur", '"geel"', None),
        ("kopie", '"rood"', "rood"),
        ("kopie", '"geel"', None),
        ("richting", '"links"', "links"),
        ("richting", '"rood"', None),
        ("kleuren", '["rood", "blauw"]', ["rood", "blauw"]),
        ("kleuren", '["rood", "geel"]', None),
        ("kleuren", '"rood"', ["rood"]),
        ("punt", '{x: 1, tint: "rood"}', {"x": Decimal(1), "tint": "rood"}),
        ("punt", '{x: 1, tint: "geel"}', None),
    ],
)
def test_a_type_limits_values_and_its_own_limits_replace_those_of_its_base(
    type_: str, text: str, expected: Value
) -> None:
    assert engine(decision("d", literal(text), type_=type_)).decide("d", {}).value == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"rood" instance of kleur', True),
        ('"geel" instance of kleur', False),
        ('["rood"] instance of kleur', False),
        ('["rood", null] instance of kleuren', True),
        ('{x: 1, tint: "rood", meer: 2} instance of punt', True),
        ("{x: 1} instance of punt", False),
        ('["rood"] instance of list<kleur>', True),
        ("null instance of kleur", False),
        ('(function() "a") instance of function<>->string', True),
        ('(function() "a") instance of function<>->Any', True),
        ('(function(a: string) {b: "b"}) instance of function<string>->context<b: string, c: string>', False),
        ('(function(a: string) {b: "b", c: "c"}) instance of function<string>->context<b: string>', True),
        ("(function(a: context<p: string>) 1) instance of function<context<p: string, q: number>>->number", True),
        ("(function(a: context<p: string, q: number>) 1) instance of function<context<p: string>>->number", False),
        ("(function(a: string, b: string) 1) instance of function<string>->number", False),
    ],
)
def test_instance_of_knows_the_types_of_the_model_and_of_functions(text: str, expected: bool) -> None:
    assert engine(decision("d", literal(text))).decide("d", {}).value is expected


_ECHO = '<formalParameter name="a"{type}/><literalExpression><text>a</text></literalExpression>'


@pytest.mark.parametrize("given", ["rood", "geel"])
@pytest.mark.parametrize(
    ("variable", "logic", "parameter"),
    [
        (' typeRef="verf"', "", ""),
        ("", ' typeRef="verf"', ""),
        ("", "", ' typeRef="kleur"'),
        (' typeRef="neem_kleur"', "", ""),
    ],
)
def test_a_knowledge_model_keeps_to_the_type_of_its_function(
    given: str, variable: str, logic: str, parameter: str
) -> None:
    function = (
        f'<businessKnowledgeModel id="f" name="f"><variable name="f"{variable}/><encapsulatedLogic{logic}>'
        f"{_ECHO.replace('{type}', parameter)}</encapsulatedLogic></businessKnowledgeModel>"
    )
    needs = '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'
    found = engine(function + decision("d", literal(f'f("{given}")'), needs=needs)).decide("d", {}).value
    assert found == (given if given == "rood" else None)


@pytest.mark.parametrize("given", ["rood", "geel"])
@pytest.mark.parametrize("type_", ["verf", "neem_kleur"])
def test_a_decision_service_keeps_to_the_type_of_its_function(given: str, type_: str) -> None:
    body = (
        '<inputData id="i" name="a"><variable name="a"/></inputData>'
        + decision(
            "uit", literal("a"), needs='<informationRequirement><requiredInput href="#i"/></informationRequirement>'
        )
        + f'<decisionService id="s" name="s"><variable name="s" typeRef="{type_}"/>'
        '<outputDecision href="#uit"/><inputData href="#i"/></decisionService>'
    )
    assert engine(body).call("s", {"a": given}).value == (given if given == "rood" else None)


@pytest.mark.parametrize("given", ["rood", "geel"])
def test_a_function_in_text_may_name_types_of_the_model(given: str) -> None:
    found = engine(decision("d", literal(f'(function(a: kleur) a)("{given}")'))).decide("d", {}).value
    assert found == (given if given == "rood" else None)


def table(values: str, cell: str, answers: str = "") -> str:
    limit = f"<inputValues><text>{values}</text></inputValues>" if values else ""
    allowed = f"<outputValues><text>{answers}</text></outputValues>" if answers else ""
    return (
        f"<decisionTable><input><inputExpression><text>123</text></inputExpression>{limit}</input><output>{allowed}</output>"
        f'<rule><inputEntry><text>{cell}</text></inputEntry><outputEntry><text>"raak"</text></outputEntry></rule>'
        "</decisionTable>"
    )


@pytest.mark.parametrize(
    ("values", "cell", "answers", "expected"),
    [
        ("123, 456", "123", "", "raak"),
        ("[1..1000]", "123", "", "raak"),
        ("-", "123", "", "raak"),
        ("?", "123", "", "raak"),
        ("not(456)", "123", "", "raak"),
        ("not(123)", "123", "", None),
        ("not(123)", "null", "", "raak"),
        ("? &lt; 200", "123", "", "raak"),
        ("? &gt; 200", "null", "", "raak"),
        ("", "123", '"raak", "mis"', "raak"),
        ("", "123", '"mis"', None),
        ("", "123", "-", "raak"),
    ],
)
def test_a_value_that_may_not_stand_in_its_column_counts_as_null(
    values: str, cell: str, answers: str, expected: Value
) -> None:
    assert engine(decision("d", table(values, cell, answers))).decide("d", {}).value == expected


def test_only_the_output_that_may_not_stand_there_is_null() -> None:
    logic = (
        '<decisionTable><input><inputExpression><text>1</text></inputExpression></input><output name="a"/>'
        '<output name="b"><outputValues><text>"x"</text></outputValues></output><rule><inputEntry><text>-</text></inputEntry>'
        '<outputEntry><text>"p"</text></outputEntry><outputEntry><text>"q"</text></outputEntry></rule></decisionTable>'
    )
    assert engine(decision("d", logic)).decide("d", {}).value == {"a": "p", "b": None}


def _imported(space: str, *, name: str = "") -> str:
    return f'<import namespace="{space}" name="{name}" importType="{SPACE}"/>'


def _model(space: str, body: str) -> str:
    return f'<definitions xmlns="{SPACE}" name="{space}" namespace="{space}">{body}</definitions>'


def test_what_is_imported_without_a_name_stands_beside_what_is_here() -> None:
    other = _model(
        "ander",
        '<itemDefinition name="letter"><typeRef>string</typeRef></itemDefinition>'
        '<inputData id="i" name="gegeven"><variable name="gegeven"/></inputData>'
        + decision("b", literal('"uit ander"'))
        + '<businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic>'
        "<literalExpression><text>7</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>",
    )
    needs = (
        '<informationRequirement><requiredDecision href="#b"/></informationRequirement>'
        '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'
    )
    main = _imported("ander") + decision("d", literal("[b, f(), gegeven]"), needs=needs)
    main += decision("getypeerd", literal("1"), type_="letter")
    found = Engine(read(_model("hoofd", main).encode()), [read(other.encode())])
    assert found.decide("d", {"gegeven": "x"}).value == ["uit ander", Decimal(7), "x"]
    assert found.decide("getypeerd", {}).value is None


def test_of_two_elements_of_one_name_the_nearest_import_counts() -> None:
    far = _model("ver", decision("b", literal('"ver"')))
    near = _model("dichtbij", _imported("ver") + decision("b", literal('"dichtbij"')))
    main = _imported("dichtbij") + decision(
        "d", literal("b"), needs='<informationRequirement><requiredDecision href="#b"/></informationRequirement>'
    )
    found = Engine(read(_model("hoofd", main).encode()), [read(near.encode()), read(far.encode())])
    assert found.decide("d", {}).value == "dichtbij"


def test_a_reference_to_nothing_is_refused() -> None:
    needs = '<informationRequirement><requiredDecision href="#weg"/></informationRequirement>'
    with pytest.raises(NotDmn):
        engine(decision("d", literal("1"), needs=needs)).decide("d", {})


def test_a_decision_whose_variable_has_another_name_is_found_by_both() -> None:
    made = engine('<decision id="d" name="besluit 1"><variable name="besluit_1"/>' + literal("1 + 1") + "</decision>")
    assert made.decide("besluit 1", {}).value == made.decide("besluit_1", {}).value == Decimal(2)
