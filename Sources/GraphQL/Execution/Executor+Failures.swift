/// Why a resolved value is none of its field's type, in the words of the reference implementation.
extension Executor {
    @usableFromInline
    internal func nullFailure(_ field: SelectedField) -> FieldFailure {
        FieldFailure("Cannot return null for non-nullable field \(coordinate(of: field)).")
    }

    @usableFromInline
    internal func failure(
        of value: ResolvedValue<Resolver.Object>,
        _ wrappers: TypeWrappers,
        _ field: SelectedField
    ) -> FieldFailure {
        if case .failure(let failure) = value { return failure }
        if wrappers.isList {
            return FieldFailure("Expected Iterable, but did not find one for field \"\(coordinate(of: field))\".")
        }
        if field.completion.isLeaf { return value.leafFailure(field, in: operation) }
        return FieldFailure("Expected an object, but did not find one for field \"\(coordinate(of: field))\".")
    }

    @usableFromInline
    internal func unknownTypeFailure(_ field: SelectedField) -> FieldFailure {
        let type = operation.schema[field.type.named].name
        return FieldFailure(
            "Abstract type \"\(type)\" must resolve to an Object type at runtime "
                + "for field \"\(coordinate(of: field))\"."
        )
    }

    @usableFromInline
    internal func impossibleTypeFailure(_ type: TypeID, _ field: SelectedField) -> FieldFailure {
        let object = operation.schema[type].name
        let abstract = operation.schema[field.type.named].name
        return FieldFailure("Runtime Object type \"\(object)\" is not a possible type for \"\(abstract)\".")
    }

    /// `Type.field` (§2.14).
    private func coordinate(of field: SelectedField) -> String {
        "\(operation.schema[field.parentType].name).\(operation.schema[field.field].name)"
    }
}
