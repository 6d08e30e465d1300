"""A change on a page changes what was asked in the text of a definition, and nothing else."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode, parse_source
from vliegwiel.catalogue.editing import CannotRewrite, as_value, inserted, moved, node_of, placed, removed, rewrite
from vliegwiel.catalogue.library import DEFINITIONS
from vliegwiel.catalogue.merging import alike

TEXT = """# Bovenaan staat waarom.
soort: product   # soort
naam: "Melding: straat"
# pagina's lezen inwoners
pagina:
  wat: |
    Eerste alinea.

    Tweede alinea.
  # over de kosten
  kosten: 'Gratis.' # klopt dit?

  nodig:
    - DigiD. # altijd
    - Het kenteken.
stappen:
  - {sleutel: gebied, vraag: Waar?, velden: [a, "b"]}  # eerste
  # het tweede
  - sleutel: auto
    vraag: Welke auto?
    # onder de vraag
    uitleg: kort

  - sleutel: laatst
    vraag: Klaar?
leeg:
einde: ja
"""


def root(text: str) -> Node:
    return parse_source(text, "test").root


def put(text: str, path: str, value: object) -> str:
    return rewrite(text, placed(root(text), tuple(path.split(".")), node_of(value)))  # type: ignore[arg-type]


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and the lines that came."""
    told = list(difflib.ndiff(before.split("\n"), after.split("\n")))
    return tuple([line[2:] for line in told if line.startswith(sign)] for sign in "-+")  # type: ignore[return-value]


def test_a_changed_value_changes_its_own_line_and_keeps_its_quotes_and_remark() -> None:
    assert changed(TEXT, put(TEXT, "pagina.kosten", "Het is gratis.")) == (
        ["  kosten: 'Gratis.' # klopt dit?"],
        ["  kosten: 'Het is gratis.' # klopt dit?"],
    )
    assert changed(TEXT, put(TEXT, "stappen.gebied.vraag", "Waar, en hoe?"))[1] == [
        '  - {sleutel: gebied, vraag: "Waar, en hoe?", velden: [a, "b"]}  # eerste'
    ]
    assert changed(TEXT, put(TEXT, "leeg", "niet meer"))[1] == ["leeg: niet meer"]


def test_a_text_of_several_lines_stays_a_text_of_several_lines() -> None:
    after = put(TEXT, "pagina.wat", "Eerste alinea.\n\nNog een.\n")
    assert changed(TEXT, after) == (["    Tweede alinea."], ["    Nog een."])


def test_what_is_new_comes_at_the_end_of_where_it_belongs() -> None:
    after = put(TEXT, "pagina.hoe_lang", "8 weken")
    assert changed(TEXT, after) == ([], ["  hoe_lang: 8 weken"])
    assert after.index("Het kenteken") < after.index("hoe_lang") < after.index("stappen:")
    after = rewrite(TEXT, inserted(root(TEXT), ("pagina", "nodig"), node_of("Uw paspoort.")))
    assert changed(TEXT, after) == ([], ["    - Uw paspoort."])
    assert changed(TEXT, put(TEXT, "termijn.beslissen", {"duur": "8 weken"}))[1] == [
        "termijn:",
        "  beslissen: {duur: 8 weken}",
    ]


def test_what_goes_takes_its_own_remarks_along_and_no_others() -> None:
    after = rewrite(TEXT, removed(root(TEXT), ("stappen", "auto")))
    assert changed(TEXT, after)[1] == []
    assert changed(TEXT, after)[0] == [
        "  # het tweede", "  - sleutel: auto", "    vraag: Welke auto?", "    # onder de vraag", "    uitleg: kort",
    ]  # fmt: skip
    after = rewrite(TEXT, removed(root(TEXT), ("soort",)))
    assert after.startswith("# Bovenaan staat waarom.\nnaam:")


def test_what_moves_takes_its_own_remarks_along() -> None:
    after = rewrite(TEXT, moved(root(TEXT), ("stappen", "auto"), 1))
    assert (
        after.index("sleutel: laatst")
        < after.index("# het tweede")
        < after.index("sleutel: auto")
        < after.index("leeg:")
    )


def test_what_cannot_be_changed_in_place_is_refused_in_words() -> None:
    with pytest.raises(CannotRewrite, match="Wijzig de tekst zelf"):
        put("? a\n: b\n", "a", "c")


KEYS = st.sampled_from(["naam", "wat", "als", "adres.ontstaan", "een twee", "nee", "4:13"])
TEXTS = st.one_of(
    st.sampled_from(
        ["ja", "225", "", "~", "null", "a: b", "# nee", "[x", "*y", "- z", "é😀", "regel\nregel", "a\n\nb\n", " rand "]
    ),
    st.text(max_size=12).filter(lambda text: "\x00" not in text),
)
VALUES = st.recursive(
    st.one_of(st.none(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(KEYS, inner, max_size=3),
        st.lists(st.sampled_from(["x", "y", "z", "w"]), unique=True, max_size=4).map(
            lambda names: [{"sleutel": name, "naam": name * 2} for name in names]
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(VALUES, VALUES, VALUES)
def test_after_any_change_the_text_says_what_was_asked(first: object, second: object, third: object) -> None:
    text = put(TEXT, "pagina.nodig", first)
    again = put(text, "stappen", second)
    last = put(again, "pagina.nodig", third)
    wanted = placed(placed(root(TEXT), ("stappen",), node_of(second)), ("pagina", "nodig"), node_of(third))  # type: ignore[arg-type]
    assert alike(root(last), wanted)
    for remark in (
        "# Bovenaan staat waarom.",
        "# soort",
        "# pagina's lezen inwoners",
        "# over de kosten",
        "# klopt dit?",
    ):
        assert remark in last
    assert rewrite(last, root(last)) == last


def leaves(node: Node, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(node, MapNode):
        return [path_ for key, value in node.entries for path_ in leaves(value, (*path, key.text))]
    if isinstance(node, ListNode):
        from_keys = [(item, item.get("sleutel") or item.get("pad")) for item in node.items if isinstance(item, MapNode)]
        return [p for item, key in from_keys if isinstance(key, TextNode) for p in leaves(item, (*path, key.text))]
    return [path]


FILES = [
    *sorted((DEFINITIONS / "producten").glob("*.yaml"))[:6],
    *sorted((DEFINITIONS / "patronen").glob("*.yaml"))[:3],
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_in_real_definitions_a_change_touches_the_line_it_is_on(file: Path) -> None:
    text = file.read_text()
    top = root(text)
    paths = [path for path in leaves(top) if path[-1] not in ("sleutel", "pad")]
    for path in paths[:: max(1, len(paths) // 12)]:
        after = rewrite(text, placed(top, path, node_of("Een andere tekst: ja.")))
        gone, come = changed(text, after)
        assert len(come) == 1, path
        assert gone, path
        assert after.count("#") >= text.count("#") - 1
        assert as_value(root(after)) != as_value(top)
