"""The side that judges: graphql-core."""

import re
from functools import lru_cache

from graphql import GraphQLError, build_schema, parse, specified_rules, validate, validate_schema
from graphql.validation import NoDeprecatedCustomRule

from engine import Verdict, finding


@lru_cache(maxsize=64)
def schema_of(sdl):
    return build_schema(sdl)


def check(sdl, document):
    """The verdict on a document; None where the oracle itself fails."""
    try:
        parsed = parse(document)
    except GraphQLError as error:
        return Verdict((_finding(error),))
    except IndexError:
        # An escape that the text ends in.
        return None
    schema = schema_of(sdl)
    try:
        return Verdict(
            _findings(validate(schema, parsed, specified_rules)),
            _findings(validate(schema, parsed, [NoDeprecatedCustomRule])),
        )
    except (GraphQLError, TypeError, AttributeError, KeyError):
        # It evaluates @skip and @include in subscriptions, and looks for variables that are not there.
        return None


def check_schema(sdl):
    """The verdict on a schema. The oracle tells several errors of one stage as one text."""
    try:
        return Verdict(_findings(validate_schema(build_schema(sdl))))
    except GraphQLError as error:
        return Verdict((_finding(error),))
    except (TypeError, ValueError, AttributeError, KeyError, IndexError) as error:
        return Verdict(tuple(sorted(finding(text, ()) for text in str(error).split("\n\n"))))


def _findings(errors):
    return tuple(sorted(map(_finding, errors)))


def _finding(error):
    # Locations of directives have names of the oracle's own in messages.
    message = re.sub(
        r"(may not be used on )([a-z ]+)\.$",
        lambda match: match[1] + match[2].upper().replace(" ", "_") + ".",
        error.message,
    )
    return finding(message, (_place(error.source.body, position) for position in error.positions or ()))


def _place(text, position):
    """Line and column by §2.1.2. The oracle's own are wrong after a line end and count other line ends, too.

    A byte order mark at the start of a text takes no column here, since no editor shows it.
    """
    before = text[:position].removeprefix("\ufeff")
    lines = re.split("\r\n|\r|\n", before)
    # In the middle of a pair the first line is not over yet, but no token begins there.
    return len(lines), len(lines[-1]) + 1
