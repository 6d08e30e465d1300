"""String functions (DMN 1.5, section 10.3.4.3). Patterns follow XPath and run under a time limit."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import regex

from vliegwiel.law.feel.builtins.registry import builtin, whole
from vliegwiel.law.feel.errors import FeelLimit
from vliegwiel.law.feel.runtime import check_size
from vliegwiel.law.feel.values import Value, show

_SECONDS: Final = 0.1
_MAX_PATTERN: Final = 500


@builtin("string", "from: any", "string")
def string(from_: Value) -> Value:
    return show(from_)


@builtin("substring", "string: string, start position: number, length: number?", "string")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> Value:
    first, size = int(start), None if length is None else int(length)
    if first == 0 or (size is not None and size < 1):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    if begin < 0 or begin > len(text):
        return None if begin < 0 else ""
    return text[begin:] if size is None else text[begin : begin + size]


@builtin("string length", "string: string", "number")
def string_length(text: str) -> Value:
    return Decimal(len(text))


@builtin("upper case", "string: string", "string")
def upper_case(text: str) -> Value:
    return text.upper()


@builtin("lower case", "string: string", "string")
def lower_case(text: str) -> Value:
    return text.lower()


@builtin("substring before", "string: string, match: string", "string")
def substring_before(text: str, match: str) -> Value:
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string, match: string", "string")
def substring_after(text: str, match: str) -> Value:
    if not match:
        return text
    return text.partition(match)[2] if match in text else ""


@builtin("contains", "string: string, match: string", "boolean")
def contains(text: str, match: str) -> Value:
    return match in text


@builtin("starts with", "string: string, match: string", "boolean")
def starts_with(text: str, match: str) -> Value:
    return text.startswith(match)


@builtin("ends with", "string: string, match: string", "boolean")
def ends_with(text: str, match: str) -> Value:
    return text.endswith(match)


def _pattern(pattern: str, flags: str | None) -> regex.Pattern[str] | None:
    if len(pattern) > _MAX_PATTERN:
        raise FeelLimit("Een patroon is te lang.")
    options = regex.VERSION0
    for flag in flags or "":
        found = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE, "x": regex.VERBOSE, "q": 0}.get(flag)
        if found is None:
            return None
        options |= found
    if flags and "q" in flags:
        pattern = regex.escape(pattern)
    try:
        return regex.compile(pattern, options)
    except regex.error:
        return None


@builtin("matches", "input: string, pattern: string, flags: string?~", "boolean")
def matches(text: str, pattern: str, flags: str | None = None) -> Value:
    compiled = _pattern(pattern, flags)
    if compiled is None:
        return None
    try:
        return compiled.search(text, timeout=_SECONDS) is not None
    except TimeoutError as error:
        raise FeelLimit("Een patroon kost te veel tijd.") from error


@builtin("replace", "input: string, pattern: string, replacement: string, flags: string?~", "string")
def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    compiled = _pattern(pattern, flags)
    if compiled is None:
        return None
    groups = compiled.groups
    literal = bool(flags and "q" in flags)
    written = 0

    def one(found: regex.Match[str]) -> str:
        nonlocal written
        filled = replacement if literal else _filled(replacement, found, groups)
        written += len(filled)
        check_size(written)
        return filled

    try:
        return compiled.sub(one, text, timeout=_SECONDS)
    except TimeoutError as error:
        raise FeelLimit("Een patroon kost te veel tijd.") from error


def _filled(replacement: str, found: regex.Match[str], groups: int) -> str:
    """`$1` is the first group, `\\$` a dollar (XPath and XQuery Functions 3.1, section 5.6.4)."""
    out: list[str] = []
    position = 0
    while position < len(replacement):
        sign = replacement[position]
        following = replacement[position + 1 : position + 2]
        if sign == "\\" and following in ("\\", "$") and following:
            out.append(following)
            position += 2
        elif sign == "$" and following.isdigit() and following.isascii():
            end = position + 2
            # As many digits as name an existing group.
            while replacement[end : end + 1].isdigit() and int(replacement[position + 1 : end + 1]) <= groups:
                end += 1
            number = int(replacement[position + 1 : end])
            out.append((found.group(number) or "") if number <= groups else "")
            position = end
        else:
            out.append(sign)
            position += 1
    return "".join(out)


@builtin("split", "string: string, delimiter: string", "list")
def split(text: str, delimiter: str) -> Value:
    compiled = _pattern(delimiter, None)
    if compiled is None:
        return None
    parts: list[Value] = []
    last = 0
    try:
        for found in compiled.finditer(text, timeout=_SECONDS):
            parts.append(text[last : found.start()])
            last = found.end()
            check_size(len(parts))
    except TimeoutError as error:
        raise FeelLimit("Een patroon kost te veel tijd.") from error
    parts.append(text[last:])
    return parts


@builtin("string join", "list: list, delimiter: string?~", "string")
@builtin("string join", "list: list, delimiter: string~, prefix: string~, suffix: string~", "string")
def string_join(
    items: list[Value], delimiter: str | None = None, prefix: str | None = None, suffix: str | None = None
) -> Value:
    texts = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in texts):
        return None
    check_size(sum(len(str(item)) for item in texts))
    return (prefix or "") + (delimiter or "").join(str(item) for item in texts) + (suffix or "")


def position_of(number: Decimal, size: int) -> int | None:
    """A FEEL position (from 1, negative from the end) as an index, or None when it lies outside."""
    place = whole(number)
    if place is None or place == 0 or abs(place) > size:
        return None
    return place - 1 if place > 0 else size + place
