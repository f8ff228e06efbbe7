/// Literals can be coerced to the type of their place: arguments, input fields, elements of lists, defaults of
/// variables. Input objects get their required fields and no unknown ones, OneOf input objects exactly one that is not
/// null.
///
/// September 2025 §5.6.1, "Values of Correct Type", §5.6.2, "Input Object Field Names", and §5.6.4, "Input Object
/// Required Fields". Variables are another rule's matter.
internal enum ValuesOfCorrectType: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, argument) in context.document.arguments.enumerated() {
            guard let definition = context.facts.argumentDefinitions[index] else { continue }
            check(argument.value, context.schema.inputValues[definition].type, context, &report)
        }
        for (index, variable) in context.document.variableDefinitions.enumerated() {
            guard let value = variable.defaultValue, let type = context.facts.variableTypes[index] else { continue }
            guard context.schema.kind(of: type.named).isInput else { continue }
            check(value, type, context, &report)
        }
    }

    private static func check(
        _ index: ValueIndex,
        _ type: TypeReference,
        _ context: ValidationContext,
        _ report: inout ValidationReport
    ) {
        let value = context.document.values[index.index]
        switch value.kind {
        case .variable:
            return
        case .null:
            if type.isNonNull { addUnexpected(index, value, type, context, &report) }
        case .list(let elements) where type.isList:
            for element in elements.indices { check(ValueIndex(element), type.element, context, &report) }
        case .object(let fields) where context.schema.kind(of: type.named) == .inputObject:
            check(fields, of: value, context.schema[type.named], context, &report)
        case .list:
            // As the reference has it, the non-null mark is not part of what was expected instead of a list.
            checkLeaf(index, value, type.nullable, context, &report)
        case .object, .int, .float, .string, .boolean, .enumeration:
            // A value that is no list is taken for a list of one: §3.11.
            checkLeaf(index, value, type, context, &report)
        }
    }

    // MARK: Input objects

    private static func check(
        _ fields: NodeRange,
        of value: Value,
        _ type: TypeDefinition,
        _ context: ValidationContext,
        _ report: inout ValidationReport
    ) {
        var given: [Int] = []
        for index in fields.indices {
            let field = context.document.objectFields[index]
            if let definition = context.schema.inputField(named: field.name, of: context.document, on: type.id) {
                given.append(definition)
                check(field.value, context.schema.inputValues[definition].type, context, &report)
            } else {
                let name = context.text(field.name)
                let known = context.schema.inputValues[type.inputFields].lazy.map(\.name)
                report.add(
                    "Field \"\(name)\" is not defined by type \"\(type.name)\"."
                        + context.didYouMean(name, among: known),
                    at: field.name.offset
                )
            }
        }
        for required in type.inputFields
        where context.schema.inputValues[required].isRequired && !given.contains(required) {
            let field = context.schema.inputValues[required]
            report.add(
                "Field \"\(type.name).\(field.name)\" of required type \"\(context.schema.text(of: field.type))\""
                    + " was not provided.",
                at: value.offset
            )
        }
        if type.isOneOf { checkOneOf(fields, of: value, type, context, &report) }
    }

    /// §3.10.1. Of variables only the type matters, and that is checked where positions are.
    private static func checkOneOf(
        _ fields: NodeRange,
        of value: Value,
        _ type: TypeDefinition,
        _ context: ValidationContext,
        _ report: inout ValidationReport
    ) {
        // A field given twice is one key, and another rule's matter.
        let names = fields.indices.map { context.document.objectFields[$0].name }
        guard let key = names.first, names.allSatisfy({ context.document.isSame($0, key) }) else {
            report.add("OneOf Input Object \"\(type.name)\" must specify exactly one key.", at: value.offset)
            return
        }
        let field = context.document.objectFields[fields.indices.upperBound - 1]
        if case .null = context.document.values[field.value.index].kind {
            report.add("Field \"\(type.name).\(context.text(key))\" must be non-null.", at: value.offset)
        }
    }

    // MARK: Scalars and enums

    private static func checkLeaf(
        _ index: ValueIndex,
        _ value: Value,
        _ type: TypeReference,
        _ context: ValidationContext,
        _ report: inout ValidationReport
    ) {
        switch context.schema.kind(of: type.named) {
        case .scalar:
            switch LiteralCheck.scalar(value, type.named, context) {
            case .fits:
                break
            case .cannotRepresent(let what):
                let scalar = context.name(of: type.named)
                report.add(
                    "\(scalar) cannot represent \(what): \(context.document.literalText(of: index))",
                    at: value.offset
                )
            case .refused(let reason):
                addUnexpected(index, value, type, because: reason, context, &report)
            }
        case .enumeration:
            checkEnum(index, value, type.named, context, &report)
        case .object, .interface, .union, .inputObject:
            addUnexpected(index, value, type, context, &report)
        }
    }

    private static func checkEnum(
        _ index: ValueIndex,
        _ value: Value,
        _ type: TypeID,
        _ context: ValidationContext,
        _ report: inout ValidationReport
    ) {
        var isName = false
        if case .enumeration(let name) = value.kind {
            if context.schema.enumValue(named: name, of: context.document, on: type) != nil { return }
            isName = true
        }
        report.add(message(index, isName: isName, type, context), at: value.offset)
    }

    private static func message(
        _ index: ValueIndex,
        isName: Bool,
        _ type: TypeID,
        _ context: ValidationContext
    ) -> String {
        let text = context.document.literalText(of: index)
        let known = context.schema.enumValues[context.schema[type].enumValues].lazy.map(\.name)
        let name = context.name(of: type)
        return
            (isName
            ? "Value \"\(text)\" does not exist in \"\(name)\" enum."
            : "Enum \"\(name)\" cannot represent non-enum value: \(text).")
            + context.didYouMean(text, among: known, as: "the enum value")
    }

    private static func addUnexpected(
        _ index: ValueIndex,
        _ value: Value,
        _ type: TypeReference,
        because reason: String? = nil,
        _ context: ValidationContext,
        _ report: inout ValidationReport
    ) {
        let expected = context.schema.text(of: type)
        report.add(
            "Expected value of type \"\(expected)\", found \(context.document.literalText(of: index))"
                + (reason.map { "; \($0)" } ?? "."),
            at: value.offset
        )
    }
}
