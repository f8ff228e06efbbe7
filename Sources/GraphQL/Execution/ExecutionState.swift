internal import JSON

/// What an execution notes while it writes: where it is, and what went wrong.
@usableFromInline
internal struct ExecutionState {
    /// From the root to the value being written: the index of a list's element, or the complement of a selected field's
    /// index. Leaves are not on it.
    @usableFromInline
    internal var path: [Int] = []

    @usableFromInline
    internal var errors: [GraphQLError] = []

    @usableFromInline
    internal init() {
        path.reserveCapacity(16)
    }

    /// Notes why the value at ``path`` has failed (§6.4.4).
    @usableFromInline
    internal mutating func note(_ failure: FieldFailure, _ field: SelectedField, in operation: Operation) {
        note(failure, locations: operation.locations(of: field), in: operation)
    }

    /// The same for a leaf, which is not on the path.
    @usableFromInline
    internal mutating func noteLeaf(_ failure: FieldFailure, _ field: SelectedField, in operation: Operation) {
        path.append(~field.index)
        note(failure, field, in: operation)
        path.removeLast()
    }

    /// Notes that the arguments of a field cannot be used, if that is so.
    @usableFromInline
    internal mutating func noteArguments(_ field: SelectedField, in operation: Operation) -> Bool {
        guard let failure = operation.storage.argumentFailures[field.index] else { return false }
        path.append(~field.index)
        let locations =
            failure.offset.map { [operation.document.location(ofByte: $0)] } ?? operation.locations(of: field)
        note(failure.failure, locations: locations, in: operation)
        path.removeLast()
        return true
    }

    private mutating func note(_ failure: FieldFailure, locations: [SourceLocation], in operation: Operation) {
        let segments = path.map { step -> GraphQLError.PathSegment in
            step < 0 ? .key(operation.responseKey(of: operation[~step])) : .index(step)
        }
        errors.append(
            GraphQLError(failure.message, locations: locations, path: segments, extensions: failure.extensions)
        )
    }
}
