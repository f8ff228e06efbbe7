"""Documents over a schema, mostly valid: fields, aliases, fragments, variables, directives, all kinds of literals."""

import json

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)
from graphql.language import DirectiveLocation

import lexical

COMPOSITE = (GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType)


class DocumentGenerator:
    """One document. Whether it came out valid is the oracle's to say: conflicts of fields may happen."""

    def __init__(self, rng, schema):
        self.rng = rng
        self.schema = schema
        self.aliases = 0
        self.variables = {}
        self.fragments = []
        self.used = set()
        self.budget = rng.randint(5, 60)

    def generate(self):
        roots = [
            (kind, root)
            for kind, root in (
                ("query", self.schema.query_type),
                ("query", self.schema.query_type),
                ("mutation", self.schema.mutation_type),
                ("subscription", self.schema.subscription_type),
            )
            if root
        ]
        count = self.rng.choice((1, 1, 1, 2, 3))
        definitions = [self.operation(index, *self.rng.choice(roots), count) for index in range(count)]
        definitions += [text for _, _, text, _ in self.fragments]
        self.rng.shuffle(definitions)
        return "\n".join(definitions)

    def operation(self, index, kind, root, count):
        self.used = set()
        if kind == "subscription":
            name = self.rng.choice([name for name in root.fields if not name.startswith("__")])
            body = "{ " + self.field(root, name, root.fields[name], 2) + " }"
        else:
            body = self.selections(root, self.rng.randint(1, 4))
        # Directives may use variables too, so that they come before the definitions.
        directives = self.directives(DirectiveLocation[kind.upper()])
        if kind == "query" and count == 1 and not self.used and self.rng.random() < 0.5 and not directives:
            return body
        name = f" Operation{index}" if count > 1 or self.rng.random() < 0.7 else ""
        return f"{kind}{name}{self.definitions()}{directives} {body}"

    def definitions(self):
        if not self.used:
            return ""
        texts = []
        for name in sorted(self.used):
            kind, default = self.variables[name]
            texts.append(f"${name}: {kind}" + (f" = {default}" if default else ""))
        return "(" + ", ".join(texts) + ")"

    # Selections

    def selections(self, parent, depth):
        parts = [self.selection(parent, depth) for _ in range(self.rng.choice((1, 1, 2, 2, 3, 4)))]
        return "{ " + " ".join(parts) + " }"

    def selection(self, parent, depth):
        self.budget -= 1
        choice = self.rng.random()
        if depth > 0 and self.budget > 0:
            if choice < 0.12:
                kind = self.overlapping(parent)
                on = f" on {kind.name}" if kind is not parent or self.rng.random() < 0.5 else ""
                directives = self.directives(DirectiveLocation.INLINE_FRAGMENT)
                return f"...{on}{directives} {self.selections(kind, depth - 1)}"
            if choice < 0.24:
                return f"...{self.fragment(parent, depth)}{self.directives(DirectiveLocation.FRAGMENT_SPREAD)}"
        fields = getattr(parent, "fields", {})
        leaves = [name for name, field in fields.items() if is_leaf_type(get_named_type(field.type))]
        if choice < 0.3 or not fields or ((depth <= 0 or self.budget <= 0) and not leaves):
            return self.alias("__typename") + self.directives(DirectiveLocation.FIELD)
        if parent is self.schema.query_type and choice < 0.33:
            return '__type(name: "Query") { name kind }'
        name = self.rng.choice(list(fields) if depth > 0 and self.budget > 0 else leaves)
        return self.field(parent, name, fields[name], depth)

    def field(self, parent, name, field, depth):
        arguments = self.arguments(field.args, is_required_argument)
        directives = self.directives(DirectiveLocation.FIELD)
        kind = get_named_type(field.type)
        body = ""
        alias = self.alias(name, isNeeded=bool(field.args) or not is_leaf_type(kind))
        if isinstance(kind, COMPOSITE):
            body = " " + self.selections(kind, depth - 1)
        return f"{alias}{arguments}{directives}{body}"

    def alias(self, name, isNeeded=False):
        """Fields that could conflict get a name that no other field has."""
        if not isNeeded and self.rng.random() < 0.8 or isNeeded and self.rng.random() < 0.1:
            return name
        self.aliases += 1
        return f"alias{self.aliases}: {name}"

    def overlapping(self, parent):
        """A type that a value of the parent may have."""
        if isinstance(parent, GraphQLObjectType):
            return self.rng.choice([parent, *parent.interfaces])
        return self.rng.choice([parent, *self.schema.get_possible_types(parent)])

    def fragment(self, parent, depth):
        fitting = [fragment for fragment in self.fragments if fragment[1] is parent]
        if fitting and self.rng.random() < 0.5:
            name, _, _, variables = self.rng.choice(fitting)
            self.used |= variables
            return name
        outer, self.used = self.used, set()
        kind = self.overlapping(parent)
        body = self.selections(kind, depth - 1)
        directives = self.directives(DirectiveLocation.FRAGMENT_DEFINITION)
        name = f"Fragment{len(self.fragments)}"
        text = f"fragment {name} on {kind.name}{directives} {body}"
        self.fragments.append((name, parent, text, self.used))
        self.used = outer | self.used
        return name

    # Directives and arguments

    def directives(self, location):
        text = ""
        for directive in self.schema.directives:
            if location in directive.locations and self.rng.random() < (0.06 if directive.args else 0.03):
                text += f" @{directive.name}{self.arguments(directive.args, is_required_argument)}"
        return text

    def arguments(self, definitions, is_required):
        texts = [
            f"{name}: {self.value(definition.type)}"
            for name, definition in definitions.items()
            if is_required(definition) or self.rng.random() < 0.4
        ]
        self.rng.shuffle(texts)
        return "(" + ", ".join(texts) + ")" if texts else ""

    # Values

    def value(self, kind, depth=3, isConstant=False):
        if not isConstant and self.rng.random() < 0.25:
            return self.variable(kind)
        if isinstance(kind, GraphQLNonNull):
            kind = kind.of_type
        elif self.rng.random() < 0.08:
            return "null"
        if isinstance(kind, GraphQLList):
            if self.rng.random() < 0.15 and not isinstance(get_named_type(kind), GraphQLInputObjectType):
                return self.value(GraphQLNonNull(get_named_type(kind)), depth, isConstant)
            count = self.rng.randint(0, 3) if depth > 0 else 0
            return (
                "["
                + self.rng.choice((", ", " ")).join(
                    self.value(kind.of_type, depth - 1, isConstant) for _ in range(count)
                )
                + "]"
            )
        if isinstance(kind, GraphQLInputObjectType):
            return self.input_object(kind, depth, isConstant)
        if isinstance(kind, GraphQLEnumType):
            return self.rng.choice(list(kind.values))
        return self.scalar(kind)

    def input_object(self, kind, depth, isConstant):
        fields = list(kind.fields.items())
        if kind.is_one_of:
            name, field = self.rng.choice(fields)
            return "{ " + f"{name}: {self.value(GraphQLNonNull(get_named_type(field.type)), depth - 1, True)}" + " }"
        parts = [
            f"{name}: {self.value(field.type, depth - 1, isConstant)}"
            for name, field in fields
            if is_required_input_field(field) or depth > 0 and self.rng.random() < 0.4
        ]
        self.rng.shuffle(parts)
        return "{" + ", ".join(parts) + "}"

    def scalar(self, kind: GraphQLScalarType):
        rng = self.rng
        match kind.name:
            case "Int":
                return str(rng.choice((0, -1, 7, 2**31 - 1, -(2**31), rng.randint(-999, 999))))
            case "Float":
                return rng.choice(("0", "-0.0", "1.5", "1e10", "2.5E-3", "12", str(rng.uniform(-9, 9))))
            case "Boolean":
                return rng.choice(("true", "false"))
            case "ID":
                return rng.choice((str(rng.randint(0, 2**63)), json.dumps(str(rng.randint(0, 2**63)))))
            case "String":
                return lexical.valid_string(rng)
            case _:
                return rng.choice(('"2026-11-20"', "12", "1.5", "true", "[1, 2]", '{a: {b: "c"}}', "SOME_NAME"))

    def variable(self, kind):
        """A variable of the very type, or of a stricter one."""
        text = str(kind)
        if not text.endswith("!") and self.rng.random() < 0.3:
            text += "!"
        same = [name for name, (other, _) in self.variables.items() if other == text]
        if same and self.rng.random() < 0.6:
            name = self.rng.choice(same)
        else:
            name = f"v{len(self.variables)}"
            default = self.value(kind, 2, isConstant=True) if self.rng.random() < 0.3 else None
            if default == "null" and text.endswith("!"):
                default = None
            self.variables[name] = (text, default)
        self.used.add(name)
        return f"${name}"
