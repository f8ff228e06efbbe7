"""Where we differ from the oracle on purpose: when, and why. Every other difference is a failure."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Deviation:
    name: str
    reason: str
    #: Whether it explains the difference: all that we find, and what only one side finds.
    explains: Callable
    #: Whether it may change who is accepted, not only what is said.
    changes_validity: bool = False


def only_in(findings, others):
    return [finding for finding in findings if finding not in others]


def all_say(findings, pattern):
    return all(re.search(pattern, message) for message, _ in findings)


DEVIATIONS = [
    Deviation(
        "directives at the root of subscriptions",
        "September 2025 §5.2.4.1 forbids @skip and @include there; the older edition evaluates them.",
        lambda found, ours, theirs: all_say(ours, r"must not use `@skip` or `@include`")
        and all_say(theirs, "only one top level"),
        changes_validity=True,
    ),
    Deviation(
        "several errors in one string",
        "We look for the end of a string before we look at its escapes, so that of two errors the other one is told.",
        lambda found, ours, theirs: all_say(
            ours + theirs,
            r"Unterminated string|Invalid character within String|" r"Invalid (character|Unicode) escape sequence",
        ),
    ),
    Deviation(
        "variables defined twice",
        "Of two definitions of a variable the oracle takes the last one, we the first, and judge its usages by that.",
        lambda found, ours, theirs: not all_say(found, "^((?!only one variable named).)*$")
        and all_say(ours + theirs, "of type .* used in position"),
    ),
    Deviation(
        "long escapes",
        "\\\\u{…} may have any number of digits (§2.9.4); the oracle stops reading after eight.",
        lambda found, ours, theirs: theirs and all_say(theirs, r'Invalid Unicode escape sequence: "\\u\{0{5}'),
        changes_validity=True,
    ),
    Deviation(
        "descriptions of operations, fragments and variables",
        "September 2025 §2.2 to §2.11 allow them; to the older edition they are syntax errors.",
        lambda found, ours, theirs: ours
        and all_say(ours, "^Syntax Error: Unexpected description")
        or theirs
        and all_say(
            theirs,
            r"^Syntax Error: (Unexpected (description|String|BlockString)|Expected .*, found (String|BlockString))",
        ),
        changes_validity=True,
    ),
    Deviation(
        "values in schemas",
        "Defaults and arguments of directives in a schema are checked (§3.6.1, §3.13); the older edition takes any.",
        lambda found, ours, theirs: not theirs
        and all_say(
            ours,
            r"Expected value of type|does not exist in .* enum|cannot represent|is not defined by type|"
            r"of required type .* was not provided|must specify exactly one key|must be non-null",
        ),
        changes_validity=True,
    ),
    Deviation(
        "operations in schemas",
        "A schema holds type system definitions only (§3.1); the oracle passes over everything else.",
        lambda found, ours, theirs: not theirs and ours and all_say(ours, "A schema cannot contain"),
        changes_validity=True,
    ),
    Deviation(
        "several conflicts of one response name",
        "Each field is compared with the first of its group, not with all others, so that errors do not multiply.",
        lambda found, ours, theirs: all_say(ours + theirs, '^Fields ".*" conflict')
        and not all_say(found, '^(?!Fields ".*" conflict)'),
    ),
    Deviation(
        "line separators of Unicode in block strings",
        "Only line feeds and carriage returns end lines (§2.1.2); the oracle's messages break at others as well.",
        lambda found, ours, theirs: ours and all_say(ours + theirs, "[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"),
    ),
]

#: Nothing that a verdict shows, so not in the list: default values are printed as they are written, as newer editions of
#: the reference do, where the oracle prints what they mean (`"7"` for an ID as `7`, `1e3` as `1000`).
DEFAULTS_AS_WRITTEN = "default values printed as written"
