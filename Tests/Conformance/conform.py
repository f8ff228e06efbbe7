"""Compares EngageQL's GraphQL engine with an independent implementation: see README.md in this folder.

python conform.py --engine .build/debug/engageql [--seeds 1-20] [--cases 300]
"""

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

from graphql import build_client_schema, build_schema, find_breaking_changes, find_dangerous_changes, print_schema

import lexical
import mutations
import oracle
from deviations import DEFAULTS_AS_WRITTEN, DEVIATIONS, only_in
from documents import DocumentGenerator
from engine import Engine
from schemas import SchemaGenerator

ROOT = Path(__file__).resolve().parents[2]
SCHEMA_FILES = [
    "schema.graphql",
    "Tests/GraphQLTests/Corpus/validation-schema.graphql",
    "Tests/GraphQLTests/Corpus/execution/schema.graphql",
]
SHOWN_FAILURES = 20


class Comparison:
    """Counts what agrees, and prints what does not with the seed that makes it again."""

    def __init__(self, engine):
        self.engine = engine
        self.counts = Counter()
        self.deviations = Counter()
        self.failures = 0

    def documents(self, label, sdl, text):
        ours, theirs = self.engine.check(sdl, text), oracle.check(sdl, text)
        if theirs is None:
            self.counts["documents that the oracle fails on"] += 1
            return
        self.counts["documents accepted" if theirs.is_valid else "documents refused"] += 1
        self.verdicts(label, text, ours, theirs)
        # Of an invalid document it is up to each side how much it understands.
        if theirs.is_valid and ours.is_valid and ours.warnings != theirs.warnings:
            self.fail(label, text, ours.warnings, theirs.warnings)

    def schemas(self, label, sdl):
        """Only who is accepted: stages and wording of schema errors differ between editions."""
        ours, theirs = self.engine.check(sdl), oracle.check_schema(sdl)
        self.counts["schemas accepted" if theirs.is_valid else "schemas refused"] += 1
        if ours.is_valid == theirs.is_valid:
            self.counts["schema errors told alike"] += not theirs.is_valid and ours == theirs
            return theirs.is_valid
        self.differ(label, sdl, ours, theirs)
        return False

    def verdicts(self, label, text, ours, theirs):
        if ours.findings != theirs.findings:
            self.differ(label, text, ours, theirs)

    def differ(self, label, text, ours, theirs):
        only_ours = only_in(ours.findings, theirs.findings)
        only_theirs = only_in(theirs.findings, ours.findings)
        for deviation in DEVIATIONS:
            may_explain = deviation.changes_validity or ours.is_valid == theirs.is_valid
            if may_explain and deviation.explains(ours.findings, only_ours, only_theirs):
                self.deviations[deviation.name] += 1
                return
        self.fail(label, text, ours.findings, theirs.findings)

    def same_schema(self, label, sdl):
        """What we say of a schema, by introspection and in print, is what the oracle reads from its text."""
        theirs = oracle.schema_of(sdl)
        rebuilt = build_client_schema(self.engine.introspection(sdl))
        for old, new in ((theirs, rebuilt), (rebuilt, theirs)):
            changes = find_breaking_changes(old, new) + find_dangerous_changes(old, new)
            if changes:
                self.fail(label, sdl, [change.description for change in changes], [])
        if described(rebuilt) != described(theirs):
            self.fail(label, sdl, described(rebuilt), described(theirs))
        ours, expected = self.engine.printed_schema(sdl), print_schema(theirs)
        self.counts["schemas printed and introspected"] += 1
        if ours != expected and differs_in_defaults(ours, expected):
            self.deviations[DEFAULTS_AS_WRITTEN] += 1
        elif ours != expected:
            self.fail(label, sdl, ours.split("\n\n"), expected.split("\n\n"))

    def fail(self, label, text, ours, theirs):
        self.failures += 1
        if self.failures <= SHOWN_FAILURES:
            print(f"--- {label}\n{text!r}")
            for name, mine, others in (("ours", ours, theirs), ("oracle", theirs, ours)):
                lines = [line for line in mine if line not in others]
                print(f"  only {name}:", *lines or ["nothing"], sep="\n    ")


def described(schema):
    """The printed types as a set: introspection promises no order."""
    return sorted(print_schema(schema).split("\n\n"))


def differs_in_defaults(ours, theirs):
    """Whether two prints have the same lines up to default values, and these mean the same."""
    return print_schema(build_schema(ours)) == theirs and all(
        mine == other or " = " in mine and " = " in other for mine, other in zip(ours.split("\n"), theirs.split("\n"))
    )


def names_of(schema):
    """Names that a mutant may put in place of others."""
    names = ["a", "on", "id", "name"]
    for name, kind in schema.type_map.items():
        names.append(name)
        names += list(getattr(kind, "fields", {})) + list(getattr(kind, "values", {}))
        for field in getattr(kind, "fields", {}).values():
            names += list(getattr(field, "args", {}))
    return names


def run_seed(comparison, seed, cases):
    """`cases` documents for each of the project's schemas, half as many for a made-up one, and the other kinds."""
    rng = random.Random(seed)
    made_up = SchemaGenerator(rng).generate()
    if not comparison.schemas(f"seed {seed}: made-up schema", made_up):
        made_up = lexical.SCHEMA
    sources = [(path, (ROOT / path).read_text(), cases) for path in SCHEMA_FILES]
    sources.append(("made-up schema", made_up, cases // 2))
    for name, sdl, count in sources:
        schema = oracle.schema_of(sdl)
        names = names_of(schema)
        for case in range(count):
            label = f"seed {seed}, {name}, document {case}"
            text = DocumentGenerator(rng, schema).generate()
            form = rng.random()
            if form > 0.35:
                text = mutations.mutant(rng, text, names)
            elif form > 0.2:
                text = mutations.relaid(rng, text)
            comparison.documents(label, sdl, text)
    for case in range(cases):
        comparison.documents(f"seed {seed}, lexical case {case}", lexical.SCHEMA, lexical.document(rng))
    for case in range(cases // 4):
        sdl = SchemaGenerator(rng).generate()
        comparison.schemas(f"seed {seed}, schema {case}", sdl)
        comparison.schemas(f"seed {seed}, broken schema {case}", mutations.mutant(rng, sdl, schema_names(sdl)))
    for case in range(max(1, cases // 60)):
        comparison.same_schema(f"seed {seed}, printed schema {case}", SchemaGenerator(rng).generate())


def schema_names(sdl):
    tokens = mutations.tokens_of(sdl) or []
    return ["Query", "Int", "__Name", *filter(mutations.is_name, tokens)]


def seeds(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", required=True, help="the engageql executable")
    parser.add_argument(
        "--seeds", type=seeds, default=seeds("1-3"), help="one seed, or the first and last of several: 1-20"
    )
    parser.add_argument("--cases", type=int, default=300, help="documents for each seed and schema")
    arguments = parser.parse_args()
    # Deep nesting is part of the test, and the oracle recurses.
    sys.setrecursionlimit(20_000)

    start = time.monotonic()
    engine = Engine(arguments.engine)
    comparison = Comparison(engine)
    for path in SCHEMA_FILES:
        comparison.same_schema(path, (ROOT / path).read_text())
    for seed in arguments.seeds:
        run_seed(comparison, seed, arguments.cases)
    engine.close()

    for name, count in sorted(comparison.counts.items()):
        print(f"{count:8} {name}")
    for name in [*(deviation.name for deviation in DEVIATIONS), DEFAULTS_AS_WRITTEN]:
        print(f"{comparison.deviations[name]:8} by intention: {name}")
    print(f"{comparison.failures:8} differences, in {time.monotonic() - start:.0f} s")
    sys.exit(1 if comparison.failures else 0)


if __name__ == "__main__":
    main()
