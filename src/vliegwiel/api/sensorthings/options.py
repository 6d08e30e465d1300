"""The query options of a request: cut from the address, checked for where they stand, read into a `Query`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from vliegwiel.rounds.sensing.query import Query

from .lexing import LONGEST, wrong
from .parsing import parse

OF_SETS = frozenset({"$filter", "$orderby", "$top", "$skip", "$count", "$skiptoken"})
OF_ALL = frozenset({"$select", "$expand"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Options as text, in the order of the address, the query they make, and whether observations come as rows of values."""

    options: tuple[tuple[str, str], ...]
    query: Query
    data_array: bool = False


def asked(query_string: str, *, of_set: bool) -> Asked:
    """The options of a request; `of_set` whether the address leads to a set. Names may be written without `$` and in any case,
    as OData 4.01 lets clients do. Raises `QueryInvalid`."""
    if len(query_string) > 4 * LONGEST:
        raise wrong("$filter", f"dit is te lang: hoogstens {4 * LONGEST} tekens in het adres.")
    found: dict[str, str] = {}
    for name, text in parse_qsl(query_string, keep_blank_values=True, max_num_fields=50):
        option = name if name.startswith("$") else f"${name}"
        option = "$resultFormat" if option.lower() == "$resultformat" else option.lower()
        if option not in OF_SETS | OF_ALL | {"$resultFormat"}:
            if name.startswith("$"):
                raise wrong(name[:40], "deze optie kent de standaard niet.")
            continue
        if option in found:
            raise wrong(option, "deze optie staat er twee keer.")
        if not of_set and option in OF_SETS:
            raise wrong(option, "deze optie hoort bij een verzameling; dit adres leidt naar één ding.")
        found[option] = text
    return Asked(tuple(found.items()), parse(_without(found, "$resultFormat")), _as_rows(found))


def _without(options: Mapping[str, str], name: str) -> dict[str, str]:
    return {option: text for option, text in options.items() if option != name}


def _as_rows(options: Mapping[str, str]) -> bool:
    given = options.get("$resultFormat", "default").lower()
    if given not in {"dataarray", "default"}:
        raise wrong("$resultFormat", "kies dataArray of default.")
    return given == "dataarray"
