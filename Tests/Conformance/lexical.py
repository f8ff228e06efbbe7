"""Oddities of the lexical grammar (§2.1, §2.9): strings, numbers, names, byte order marks, commas, nesting."""

import json

STRING_PIECES = [
    "",
    "a",
    "é",
    "漢",
    "😀",
    " ",
    "\t",
    "\\n",
    '\\"',
    "\\\\",
    "\\/",
    "\\b",
    "\\f",
    "\\r",
    "\\t",
    "\\u0041",
    "\\u00e9",
    "\\uD83D\\uDE00",
    "\\u{1F600}",
    "\\u{41}",
    "\\u{000041}",
    "\\u{0}",
    "\\u{10FFFF}",
    "\ufeff",
    "\u2028",
    "#",
    ",",
]
BAD_STRING_PIECES = [
    "\\",
    "\\x",
    "\\u",
    "\\u12",
    "\\u12G4",
    "\\uD83D",
    "\\uDE00",
    "\\uD83D\\u0041",
    "\\uDE00\\uD83D",
    "\\u{",
    "\\u{}",
    "\\u{110000}",
    "\\u{D83D}",
    "\\u{00000000000041}",
    "\\u{1F600",
    "\\u{G}",
    "\n",
    "\r",
    "\r\n",
    "\x00",
    "\x07",
    "\x1b",
    "\x7f",
    "\\u{FFFFFFFFFFFF}",
    "\\U0041",
    "\\0",
]
BLOCK_PIECES = [
    "",
    "a",
    "  ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    '"',
    '""',
    '\\"""',
    "\\",
    "\\n",
    "\\u0041",
    "é",
    "😀",
    "\n  b",
    "\n    c",
    "\n\t",
    "   \n",
    "\u00a0",
    "\ufeff",
    "\u2028",
    "#",
    " x",
]
NUMBER_PIECES = [
    "0",
    "00",
    "1",
    "9",
    "12",
    "-",
    "+",
    ".",
    "e",
    "E",
    "x",
    "_",
    "a",
    "0x",
    "é",
    " ",
    "1e5",
    "99999999999999999999",
]
TOKENS = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "=",
    "!",
    "$",
    "&",
    "|",
    "@",
    "...",
    "..",
    ".",
    "?",
    "%",
    ";",
    "'",
    "`",
    "~",
    "\\",
    "/",
    "name",
    "_",
    "__typename",
    "on",
    "null",
    "true",
    "fragment",
    "query",
    "type",
    "é",
    "\ufeff",
    "\x00",
    "\x7f",
    "😀",
    "\u00a0",
    "0",
    "-0",
    "01",
    "1.",
    ".5",
    "1e",
    "1.e1",
    "1x",
    "0xF",
    "1_0",
    "1.5.",
    "-",
    "--1",
    "1e+",
    '"',
    '""',
    '"""',
    '"a',
    '"a\nb"',
    '"""a',
    "#c\n",
    "#",
    ",",
    ",,,",
    "\r",
    "\n",
    "\t",
    "\\u0041",
    '"""a"""',
    '"a""b"',
    "$",
    "$ a",
    "@ skip",
    "... on",
    "....",
]


def valid_string(rng):
    if rng.random() < 0.2:
        return (
            '"""'
            + "".join(rng.choices(("a", " ", "\n", "  b\n", '\\"""', "é", "\\", " c"), k=rng.randint(0, 6))).rstrip(
                "\\"
            )
            + ' """'
        )
    if rng.random() < 0.3:
        return json.dumps(
            "".join(rng.choices('abcäöü漢😀 "\\\n\t', k=rng.randint(0, 8))), ensure_ascii=rng.random() < 0.5
        )
    return quoted_string(rng)


def quoted_string(rng):
    return '"' + "".join(rng.choices(STRING_PIECES, k=rng.randint(0, 4))) + '"'


def literal(rng):
    """A literal that may well be none."""
    choice = rng.random()
    if choice < 0.35:
        pieces = STRING_PIECES + (BAD_STRING_PIECES if rng.random() < 0.5 else [])
        return '"' + "".join(rng.choices(pieces, k=rng.randint(0, 5))) + rng.choice(('"', '"', '"', '"', ""))
    if choice < 0.65:
        return (
            '"""'
            + "".join(rng.choices(BLOCK_PIECES, k=rng.randint(0, 8)))
            + rng.choice(('"""', '"""', '"""', '"""', '"'))
        )
    if choice < 0.95:
        return "".join(rng.choices(NUMBER_PIECES, k=rng.randint(1, 5)))
    return "".join(rng.choices(TOKENS, k=rng.randint(1, 4)))


def document(rng):
    """A little document around oddities. The argument is an Int, so that strings come back in the message."""
    choice = rng.random()
    if choice < 0.6:
        return "{ field(int: " + literal(rng) + rng.choice((") }", ") }", ")}", " ) }", ",) }", ") } #"))
    if choice < 0.7:
        depth = rng.randint(1, 60)
        opened, closed = rng.choice((("[", "]"), ("{a:", "}"), ("[{a:[", "]}]")))
        end = rng.choice((depth, depth, depth - 1, depth + 1))
        return "{ field(any: " + opened * depth + rng.choice(("1", "", '"s"')) + closed * end + ") }"
    if choice < 0.8:
        return (
            rng.choice(("\ufeff", "\ufeff\ufeff", ",", "\n\r", "#x\r", "", " \ufeff"))
            + "{ a "
            + rng.choice(TOKENS)
            + " }"
        )
    return rng.choice(("", " ", ", ")).join(rng.choices(TOKENS, k=rng.randint(1, 8)))


SCHEMA = """
scalar Any
type Query { a: Int, name: String, field(int: Int, any: Any): Int }
"""
