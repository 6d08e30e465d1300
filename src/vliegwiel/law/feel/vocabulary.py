"""Names that every expression knows: the built-in functions of FEEL (DMN 1.5, section 10.3.4) and of the law dialect."""

from __future__ import annotations

from typing import Final

# Names of more than one word must be known to the parser; the rest is here so that the checker can tell what exists.
FEEL_NAMES: Final = (
    "date", "time", "date and time", "duration", "years and months duration", "number", "string", "context",
    "range", "not", "substring", "string length", "upper case", "lower case", "substring before", "substring after",
    "replace", "contains", "starts with", "ends with", "matches", "split", "string join", "list contains", "count",
    "min", "max", "sum", "mean", "all", "any", "sublist", "append", "concatenate", "insert before", "remove",
    "list replace", "reverse", "index of", "union", "distinct values", "flatten", "product", "median", "stddev",
    "mode", "decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down", "abs",
    "modulo", "sqrt", "log", "exp", "odd", "even", "before", "after", "meets", "met by", "overlaps",
    "overlaps before", "overlaps after", "finishes", "finished by", "includes", "during", "starts", "started by",
    "coincides", "day of year", "day of week", "month of year", "week of year", "is", "get value", "get entries",
    "context put", "context merge", "sort", "now", "today", "get or else", "assert",
)  # fmt: skip

LAW_NAMES: Final = (
    "hele_jaren", "hele_maanden", "jaren", "maanden", "weken", "dagen", "procent", "afronden", "per_jaar", "per_maand",
    "per_kwartaal", "dagen_tussen", "eerste_dag_van_maand", "laatste_dag_van_maand", "afronden_op", "afronden_omlaag",
    "afronden_omhoog", "is_werkdag", "eerstvolgende_werkdag", "werkdagen_na", "werkdagen_tussen", "einde_termijn",
    "in_een_jaar",
)  # fmt: skip

BUILTIN_NAMES: Final = (*FEEL_NAMES, *LAW_NAMES)

PROPERTY_NAMES: Final = ("time offset", "start included", "end included")
