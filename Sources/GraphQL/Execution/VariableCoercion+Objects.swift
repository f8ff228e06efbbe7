internal import JSON

/// Input objects in variables: September 2025 §3.10.
extension VariableCoercion {
    /// Members in the order of the type, defaults filled in; of two equal names the last counts.
    mutating func coerceObject(
        _ reader: inout JSONReader,
        to type: TypeID,
        of variable: VariablePlan
    ) throws -> InputValue {
        let definition = context.schema[type]
        guard try reader.peek() == .object else {
            let range = try reader.skipValue()
            note("Expected type \"\(definition.name)\" to be an object.", quoting: range, of: reader, variable)
            return .null
        }
        let start = reader.position
        let outside = failures
        failures = []
        var values: [InputValue?] = Array(repeating: nil, count: definition.inputFields.count)
        var unknown: [String] = []
        try reader.readObject { name, reader in
            guard let index = context.schema.inputField(named: name, on: type) else {
                try reader.skipValue()
                unknown.append(name)
                return
            }
            let field = context.schema.inputValues[index]
            let slot = index - definition.inputFields.lowerBound
            let count = failures.count
            path.append(.field(name))
            let leaf = InputLeaf(of: field.type.named, in: context.schema)
            values[slot] = try coerce(&reader, to: field.type, leaf, of: variable)
            path.removeLast()
            for failure in count..<failures.count { failures[failure].rank = slot }
        }
        let range = start..<reader.position
        let members = finish(definition, values, quoting: range, of: reader, variable)
        for name in unknown {
            let similar = similarFields(to: name, definition)
            let message = "Field \"\(name)\" is not defined by type \"\(definition.name)\".\(similar)"
            note(message, quoting: range, of: reader, rank: values.count, variable)
        }
        checkOneOf(definition, values, quoting: range, of: reader, variable)
        // Errors come in the order of the type's fields; sorting keeps the order of equal ranks.
        failures =
            outside
            + failures.enumerated().sorted {
                ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
            }.map(\.element)
        return .object(members)
    }

    /// Fills in the defaults and notes what is missing.
    private mutating func finish(
        _ definition: TypeDefinition,
        _ values: [InputValue?],
        quoting range: Range<Int>,
        of reader: JSONReader,
        _ variable: VariablePlan
    ) -> [InputValue.Member] {
        var members: [InputValue.Member] = []
        for (slot, field) in context.schema.inputValues[definition.inputFields].enumerated() {
            if let value = values[slot] ?? field.defaultValue {
                members.append(InputValue.Member(field.name, value))
            } else if field.type.isNonNull {
                let type = context.schema.text(of: field.type)
                let message = "Field \"\(field.name)\" of required type \"\(type)\" was not provided."
                note(message, quoting: range, of: reader, rank: slot, variable)
            }
        }
        return members
    }

    /// §3.10.1: exactly one field, and not null.
    private mutating func checkOneOf(
        _ definition: TypeDefinition,
        _ values: [InputValue?],
        quoting range: Range<Int>,
        of reader: JSONReader,
        _ variable: VariablePlan
    ) {
        guard definition.isOneOf else { return }
        let given = values.indices.filter { values[$0] != nil }
        guard given.count == 1, let slot = given.first else {
            let message = "Exactly one key must be specified for OneOf type \"\(definition.name)\"."
            note(message, quoting: range, of: reader, rank: values.count, variable)
            return
        }
        guard values[slot] == .null, failures.isEmpty else { return }
        let name = context.schema.inputValues[definition.inputFields.lowerBound + slot].name
        path.append(.field(name))
        note("Field \"\(name)\" must be non-null.", quoting: nullRange, of: JSONReader(nullText), rank: slot, variable)
        path.removeLast()
    }

    private var nullText: [UInt8] { Array("null".utf8) }

    private var nullRange: Range<Int> { 0..<nullText.count }

    private func similarFields(to name: String, _ definition: TypeDefinition) -> String {
        guard suggestions else { return "" }
        let names = context.schema.inputValues[definition.inputFields].lazy.map(\.name)
        return Suggestions.sentence(Suggestions.near(name, among: names))
    }

    private mutating func note(
        _ reason: String,
        quoting range: Range<Int>,
        of reader: JSONReader,
        rank: Int,
        _ variable: VariablePlan
    ) {
        let count = failures.count
        note(reason, quoting: range, of: reader, variable)
        if failures.count > count { failures[count].rank = rank }
    }
}
