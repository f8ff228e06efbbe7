"""Breaks texts: some mutants stay valid, most are wrong in one or two places, some are no longer GraphQL at all."""

from graphql import GraphQLError, TokenKind
from graphql.language import Lexer, Source

import lexical

FILLERS = (" ", " ", " ", "\n", ", ", "\t", "\r\n", " # comment\n", "\n\n  ", ",,", "\ufeff ")


def tokens_of(text):
    """The tokens as written, or nil if the text has none."""
    lexer = Lexer(Source(text))
    tokens = []
    try:
        while (token := lexer.advance()).kind != TokenKind.EOF:
            tokens.append(text[token.start : token.end])
    except (GraphQLError, IndexError):
        return None
    return tokens


def relaid(rng, text):
    """The same tokens with other white space, commas and comments in between."""
    tokens = tokens_of(text)
    if tokens is None:
        return text
    return "".join(token + rng.choice(FILLERS) for token in tokens)


def is_name(token):
    return token[0].isalpha() or token[0] == "_"


def mutant(rng, text, names):
    """`text` with one to three changes. `names` are names that may well fit, such as those of the schema."""
    tokens = tokens_of(text) or [text]
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        if not tokens:
            break
        rng.choice(MUTATIONS)(rng, tokens, names)
    text = " ".join(tokens)
    if rng.random() < 0.1 and text:
        place = rng.randrange(len(text))
        text = text[:place] + rng.choice((text[place + 1 :], rng.choice(lexical.TOKENS) + text[place:], ""))
    return relaid(rng, text) if rng.random() < 0.3 else text


def _delete(rng, tokens, names):
    del tokens[rng.randrange(len(tokens))]


def _repeat(rng, tokens, names):
    place = rng.randrange(len(tokens))
    tokens.insert(place, tokens[place])


def _swap(rng, tokens, names):
    place = rng.randrange(len(tokens))
    other = min(place + 1, len(tokens) - 1)
    tokens[place], tokens[other] = tokens[other], tokens[place]


def _insert(rng, tokens, names):
    tokens.insert(rng.randrange(len(tokens) + 1), rng.choice(lexical.TOKENS))


def _rename(rng, tokens, names):
    """Another name of the document or schema: wrong types, unknown fields, cycles, duplicates, unused things."""
    places = [place for place, token in enumerate(tokens) if is_name(token)]
    if places:
        others = names if rng.random() < 0.5 else [tokens[place] for place in places]
        tokens[rng.choice(places)] = rng.choice(others)


def _misspell(rng, tokens, names):
    places = [place for place, token in enumerate(tokens) if is_name(token)]
    if not places:
        return
    place = rng.choice(places)
    name = tokens[place]
    cut = rng.randrange(len(name))
    tokens[place] = (
        rng.choice((name[:cut] + name[cut + 1 :], name + "s", name[:cut] + "x" + name[cut:], name.upper())) or "x"
    )


def _revalue(rng, tokens, names):
    """Another literal where one is: after a colon or an equals sign."""
    places = [place for place, token in enumerate(tokens[:-1]) if token in (":", "=")]
    if places:
        place = rng.choice(places) + 1
        values = (
            "1",
            "1.5",
            '"text"',
            "true",
            "null",
            "[1]",
            "{a: 1}",
            "$v0",
            "$unknown",
            "ENUM",
            "2147483648",
            "1e400",
            '"""b"""',
        )
        tokens[place] = rng.choice(values)


def _copy_span(rng, tokens, names):
    """A piece of the text again at another place, such as a whole field or definition."""
    start = rng.randrange(len(tokens))
    piece = tokens[start : start + rng.randint(1, 12)]
    place = rng.randrange(len(tokens) + 1)
    tokens[place:place] = piece


def _copy_balanced(rng, tokens, names):
    """A selection, argument list or value in brackets in place of another one."""
    spans = balanced_spans(tokens)
    if len(spans) > 1:
        (start, end), (from_, to) = rng.sample(spans, 2)
        tokens[start:end] = tokens[from_:to]


def _empty_balanced(rng, tokens, names):
    spans = balanced_spans(tokens)
    if spans:
        start, end = rng.choice(spans)
        tokens[start:end] = rng.choice(([], [tokens[start], tokens[end - 1]]))


def _spread(rng, tokens, names):
    """A fragment somewhere in a selection set."""
    places = [place + 1 for place, token in enumerate(tokens) if token == "{"]
    if places:
        place = rng.choice(places)
        tokens[place:place] = rng.choice(
            (["...", "Fragment0"], ["...", "Fragment1"], ["...", "on", rng.choice(names), "{", "__typename", "}"])
        )


def _directive(rng, tokens, names):
    place = rng.randrange(len(tokens) + 1)
    tokens[place:place] = rng.choice(
        (
            ["@", "skip", "(", "if", ":", "true", ")"],
            ["@", "include", "(", "if", ":", "$v0", ")"],
            ["@", "include"],
            ["@", "deprecated"],
            ["@", rng.choice(names)],
        )
    )


def balanced_spans(tokens):
    spans, opened = [], []
    for place, token in enumerate(tokens):
        if token in "{[(":
            opened.append(place)
        elif token in "}])" and opened:
            spans.append((opened.pop(), place + 1))
    return spans


MUTATIONS = (
    _delete,
    _repeat,
    _swap,
    _insert,
    _rename,
    _rename,
    _rename,
    _misspell,
    _misspell,
    _revalue,
    _revalue,
    _revalue,
    _copy_span,
    _copy_balanced,
    _copy_balanced,
    _empty_balanced,
    _spread,
    _directive,
)
