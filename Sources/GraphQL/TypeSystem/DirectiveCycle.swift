/// Directives whose definition refers to themselves (September 2025 §3.13.1): by a directive on one of their arguments, or by one
/// inside the types of these.
internal struct DirectiveCycle {
    private let builder: SchemaBuilder
    private let schema: Schema
    private let directive: Int
    private var visitedDirectives: Set<Int> = []
    private var visitedTypes: Set<TypeID> = []

    /// Reports the directive at `index` of the schema if it reaches itself.
    static func check(_ index: Int, builder: SchemaBuilder, schema: Schema, errors: inout SchemaErrors) {
        var cycle = DirectiveCycle(builder: builder, schema: schema, directive: index)
        guard let offset = cycle.search(schema.directives[index].arguments) else { return }
        errors.add(
            "Directive \"@\(schema.directives[index].name)\" must not refer to itself, directly or through others.",
            at: offset
        )
    }

    private init(builder: SchemaBuilder, schema: Schema, directive: Int) {
        self.builder = builder
        self.schema = schema
        self.directive = directive
    }

    /// Where among these arguments or input fields the way to the directive begins.
    private mutating func search(_ values: Range<Int>) -> UInt32? {
        for index in values where !builder.inputValueNodes[index].isBuiltIn {
            let node = builder.inputValueNodes[index].node
            if reaches(node.directives) || reaches(schema.inputValues[index].type.named) { return node.offset }
        }
        return nil
    }

    private mutating func reaches(_ range: NodeRange) -> Bool {
        let document = builder.definitions.document
        for node in document.directives[range.indices] {
            guard let index = schema.directive(named: node.name, of: document) else { continue }
            if index == directive { return true }
            if visitedDirectives.insert(index).inserted, search(schema.directives[index].arguments) != nil {
                return true
            }
        }
        return false
    }

    private mutating func reaches(_ type: TypeID) -> Bool {
        let collected = builder.definitions.types[Int(type.index)]
        guard !collected.isBuiltIn, visitedTypes.insert(type).inserted else { return false }
        for head in collected.heads where reaches(head.directives) { return true }
        for value in collected.enumValues where reaches(value.directives) { return true }
        return search(schema[type].inputFields) != nil
    }
}
