"""Schemas in the definition language: every kind of type, description, default value and directive."""

import json

import lexical

LOCATIONS = [
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
]


class SchemaGenerator:
    """One valid schema."""

    def __init__(self, rng):
        self.rng = rng
        self.scalars = [f"Scalar{index}" for index in range(rng.randint(0, 2))]
        self.enums = {
            f"Enum{index}": [f"VALUE_{n}" for n in range(rng.randint(1, 4))] for index in range(rng.randint(1, 3))
        }
        self.inputs = [f"Input{index}" for index in range(rng.randint(1, 3))]
        self.interfaces = [f"Interface{index}" for index in range(rng.randint(0, 2))]
        self.objects = ["Query"] + [f"Object{index}" for index in range(rng.randint(1, 4))]
        self.unions = [f"Union{index}" for index in range(rng.randint(0, 2))]
        self.interface_fields = {}

    def generate(self):
        parts = [self.scalar(name) for name in self.scalars]
        parts += [self.enum(name) for name in self.enums]
        parts += [self.input(name) for name in self.inputs]
        parts += [self.interface(name) for name in self.interfaces]
        roots = {"query": "Query"}
        if self.rng.random() < 0.4:
            self.objects.append("Mutation")
            roots["mutation"] = "Mutation"
        if self.rng.random() < 0.4:
            self.objects.append("Subscription")
            roots["subscription"] = "Subscription"
        if self.rng.random() < 0.2:
            self.objects[0] = roots["query"] = "Root"
        parts += [self.object(name) for name in self.objects]
        parts += [self.union(name) for name in self.unions]
        parts += [self.directive(index) for index in range(self.rng.randint(0, 2))]
        if roots["query"] != "Query" or self.rng.random() < 0.2:
            pairs = " ".join(f"{kind}: {name}" for kind, name in roots.items())
            parts.append(self.description() + "schema { " + pairs + " }")
        if self.rng.random() < 0.3:
            parts.append(f"extend type {self.objects[-1]} {{ extended: Int }}")
        self.rng.shuffle(parts)
        return "\n".join(parts)

    # Definitions

    def scalar(self, name):
        url = ' @specifiedBy(url: "https://example.org/\\"scalar\\"")' if self.rng.random() < 0.4 else ""
        return f"{self.description()}scalar {name}{url}"

    def enum(self, name):
        values = " ".join(self.description() + value + self.deprecation() for value in self.enums[name])
        return f"{self.description()}enum {name} {{ {values} }}"

    def input(self, name):
        if self.rng.random() < 0.25:
            fields = " ".join(f"{self.description()}field{index}: {self.input_type(False)}" for index in range(3))
            return f"{self.description()}input {name} @oneOf {{ {fields} }}"
        fields = " ".join(self.input_value(f"field{index}", name) for index in range(self.rng.randint(1, 4)))
        return f"{self.description()}input {name} {{ {fields} }}"

    def interface(self, name):
        fields = {f"{name.lower()}Field{index}": self.field_body() for index in range(self.rng.randint(1, 2))}
        self.interface_fields[name] = fields
        return f"{self.description()}interface {name} {{ {self.fields(fields)} }}"

    def object(self, name):
        implemented = [interface for interface in self.interfaces if self.rng.random() < 0.5]
        fields = {f"field{index}": self.field_body() for index in range(self.rng.randint(1, 5))}
        for interface in implemented:
            fields |= self.interface_fields[interface]
        implements = " implements " + " & ".join(implemented) if implemented else ""
        return f"{self.description()}type {name}{implements} {{ {self.fields(fields)} }}"

    def union(self, name):
        members = self.rng.sample(self.objects, self.rng.randint(1, len(self.objects)))
        return f"{self.description()}union {name} = {' | '.join(members)}"

    def directive(self, index):
        locations = " | ".join(self.rng.sample(LOCATIONS, self.rng.randint(1, 4)))
        repeatable = self.rng.choice((" repeatable", ""))
        return f"{self.description()}directive @directive{index}{self.arguments()}{repeatable} on {locations}"

    # Parts

    def fields(self, fields):
        return "\n".join(self.description() + name + body for name, body in fields.items())

    def field_body(self):
        composite = [*self.objects[1:], *self.interfaces, *self.unions]
        named = self.rng.choice(composite if composite and self.rng.random() < 0.4 else self.leaves())
        return f"{self.arguments()}: {self.wrapped(named)}{self.deprecation()}"

    def arguments(self):
        if self.rng.random() < 0.6:
            return ""
        return "(" + ", ".join(self.input_value(f"argument{index}") for index in range(self.rng.randint(1, 3))) + ")"

    def input_value(self, name, owner=None):
        kind = self.input_type(True, owner)
        # Whether an input object is complete is not worth finding out here.
        has_default = self.rng.random() < 0.35 and not (kind.strip("[]!") in self.inputs and "!" in kind)
        default = f" = {self.constant(kind)}" if has_default else ""
        deprecation = self.deprecation() if default or not kind.endswith("!") else ""
        return f"{self.description()}{name}: {kind}{default}{deprecation}"

    def input_type(self, may_be_required, owner=None):
        named = self.rng.choice(self.leaves() if owner or self.rng.random() < 0.7 else self.inputs)
        kind = self.wrapped(named)
        return kind if may_be_required else kind.removesuffix("!")

    def leaves(self):
        return ["Int", "Float", "String", "Boolean", "ID", *self.scalars, *self.enums]

    def wrapped(self, name):
        return self.rng.choice(("{}", "{}", "{}!", "[{}]", "[{}!]!", "[[{}]!]")).format(name)

    def constant(self, kind):
        rng = self.rng
        if not kind.endswith("!") and rng.random() < 0.15:
            return "null"
        kind = kind.removesuffix("!")
        if kind.startswith("["):
            return "[" + ", ".join(self.constant(kind[1:-1]) for _ in range(rng.randint(0, 2))) + "]"
        if kind in self.enums:
            return rng.choice(self.enums[kind])
        if kind in self.inputs:
            return "null"
        return {
            "Int": lambda: str(rng.randint(-9, 9)),
            "Float": lambda: rng.choice(("1", "1.0", "-0.5", "1e3", "12.25", "0.1")),
            "Boolean": lambda: rng.choice(("true", "false")),
            "String": lambda: lexical.quoted_string(rng),
            "ID": lambda: rng.choice(("7", '"seven"', '"7"')),
        }.get(kind, lambda: rng.choice(("1", '"s"', "true")))()

    def description(self):
        rng = self.rng
        if rng.random() < 0.7:
            return "\n"
        choice = rng.random()
        if choice < 0.4:
            return (
                json.dumps(
                    rng.choice(("Short.", 'With "quotes".', " space", "Zeilen\nzwei", "tab\t", "back\\slash", "ends\\"))
                )
                + "\n"
            )
        return (
            '"""'
            + "".join(rng.choices(("Text", " ", "\n", "\n  more", '\\"""', "é", "`code`"), k=rng.randint(1, 7)))
            + '\n"""\n'
        )

    def deprecation(self):
        return self.rng.choice(
            ("",) * 8 + (" @deprecated", ' @deprecated(reason: "Old.")', ' @deprecated(reason: "No longer supported")')
        )
