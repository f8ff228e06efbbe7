/// Uses of what the schema calls deprecated: September 2025 §3.13.3, `@deprecated`.
///
/// They are no errors, so this is no rule: tools show them as warnings. The messages are those of the reference's rule of
/// that purpose.
public enum Deprecations {
    /// The uses of deprecated fields, arguments, input fields and enum values in the order of the document. What a document
    /// names in vain is validation's matter and passed over here.
    public static func uses(in document: Document, against schema: Schema) -> [GraphQLError] {
        var search = DeprecationSearch(document, schema)
        search.run()
        return search.found.sorted { $0.offset < $1.offset }.map { use in
            GraphQLError(use.message, locations: [document.location(ofByte: use.offset)])
        }
    }
}

private struct DeprecationSearch {
    private let document: Document
    private let schema: Schema
    private let facts: DocumentFacts
    private(set) var found: [(message: String, offset: UInt32)] = []

    init(_ document: Document, _ schema: Schema) {
        self.document = document
        self.schema = schema
        facts = DocumentFacts(of: document, against: schema)
    }

    mutating func run() {
        for (index, field) in document.fields.enumerated() {
            guard let definition = facts.fieldDefinitions[index].map({ schema[$0] }) else { continue }
            // Meta fields belong to no type's list, so the parent is that of the selection.
            let parent = facts.fieldParents[index].map { schema[$0].name } ?? schema[definition.parent].name
            add("The field \(parent).\(definition.name)", definition.deprecationReason, at: field.offset)
            check(field.arguments, of: "Field \"\(parent).\(definition.name)\"")
        }
        for (index, directive) in document.directives.enumerated() {
            guard let definition = facts.directiveDefinitions[index] else { continue }
            check(directive.arguments, of: "Directive \"@\(schema.directives[definition].name)\"")
        }
        for (index, variable) in document.variableDefinitions.enumerated() {
            guard let value = variable.defaultValue, let type = facts.variableTypes[index] else { continue }
            check(value, type.named)
        }
    }

    private mutating func check(_ arguments: NodeRange, of owner: String) {
        for index in arguments.indices {
            guard let definition = facts.argumentDefinitions[index].map({ schema.inputValues[$0] }) else { continue }
            let argument = document.arguments[index]
            add("\(owner) argument \"\(definition.name)\"", definition.deprecationReason, at: argument.name.offset)
            check(argument.value, definition.type.named)
        }
    }

    /// Lists are of no account: what counts is the named type of the elements.
    private mutating func check(_ index: ValueIndex, _ type: TypeID) {
        let value = document.values[index.index]
        let typeName = schema[type].name
        switch value.kind {
        case .enumeration(let name):
            guard let definition = schema.enumValue(named: name, of: document, on: type) else { return }
            let enumValue = schema.enumValues[definition]
            add(
                "The enum value \"\(typeName).\(enumValue.name)\"",
                enumValue.deprecationReason,
                at: value.offset
            )
        case .list(let elements):
            for element in elements.indices { check(ValueIndex(element), type) }
        case .object(let fields):
            for field in fields.indices.map({ document.objectFields[$0] }) {
                guard let definition = schema.inputField(named: field.name, of: document, on: type) else { continue }
                let inputField = schema.inputValues[definition]
                add(
                    "The input field \(typeName).\(inputField.name)",
                    inputField.deprecationReason,
                    at: field.name.offset
                )
                check(field.value, inputField.type.named)
            }
        case .variable, .int, .float, .string, .boolean, .null: return
        }
    }

    private mutating func add(_ subject: @autoclosure () -> String, _ reason: String?, at offset: UInt32) {
        if let reason { found.append(("\(subject()) is deprecated. \(reason)", offset)) }
    }
}
