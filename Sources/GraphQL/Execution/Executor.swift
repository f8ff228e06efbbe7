public import Bytes
public import JSON

/// Executes operations (September 2025 §6): walks the selected fields once and writes the response as it goes.
///
/// A value that fails leaves an error, and a null in the nearest place that may be null (§6.4.4): the buffer is cut
/// back to where that value began. Fields run one after the other, which is what mutations ask for (§6.2.2); for
/// queries no order is promised.
///
/// Specialised for one resolver, a leaf costs one call, one copy of its key and one print; nothing is allocated for a
/// field.
public struct Executor<Resolver: ObjectResolver> {
    @usableFromInline
    internal let operation: Operation

    @usableFromInline
    internal let resolver: Resolver

    @inlinable
    internal init(_ operation: Operation, _ resolver: Resolver) {
        self.operation = operation
        self.resolver = resolver
    }

    /// Appends the whole response: `data`, then `errors` and `extensions` if there are any.
    ///
    /// A subscription is executed once for each event (§6.2.3.2), with the event as the resolver's root object.
    /// - Parameters:
    ///   - additionalErrors: What went wrong before execution and concerns the data; they come before the fields'
    ///     errors.
    ///   - extensions: Members of `extensions`.
    /// - Returns: The errors of fields.
    @inlinable
    @discardableResult
    public static func execute(
        _ operation: Operation,
        with resolver: Resolver,
        additionalErrors: [GraphQLError] = [],
        extensions: [JSONValue.Member] = [],
        into buffer: inout ByteBuffer
    ) -> [GraphQLError] {
        let executor = Executor(operation, resolver)
        var state = ExecutionState()
        buffer.append("{\"data\":")
        let mark = buffer.count
        if !executor.writeSelection(operation.rootFields, of: resolver.rootObject, &state, &buffer) {
            buffer.truncate(to: mark)
            buffer.append("null")
        }
        buffer.endResponse(errors: additionalErrors, state.errors, extensions: extensions)
        return state.errors
    }

    // MARK: - Fields

    /// §6.3 and §6.4: writes an object. False if a null has to go up; what was written is then the caller's to cut.
    @inlinable
    internal func writeSelection(
        _ fields: Range<Int>,
        of object: Resolver.Object,
        _ state: inout ExecutionState,
        _ buffer: inout ByteBuffer
    ) -> Bool {
        for index in fields {
            let field = operation.plan.fields[index]
            operation.plan.appendKey(of: field, to: &buffer)
            guard writeField(field, of: object, &state, &buffer) else { return false }
        }
        // The brace that opens an object belongs to its first key.
        if fields.isEmpty { buffer.append(ASCII.leftBrace) }
        buffer.append(ASCII.rightBrace)
        return true
    }

    /// Writes the value of a field behind its key.
    @inlinable
    internal func writeField(
        _ field: SelectedField,
        of object: Resolver.Object,
        _ state: inout ExecutionState,
        _ buffer: inout ByteBuffer
    ) -> Bool {
        if field.role != .resolved { return writeMetaField(field, &state, &buffer) }
        if field.hasArguments, state.noteArguments(field, in: operation) {
            return writeNull(field.type.wrappers, &buffer)
        }
        return write(resolver.resolve(field, of: object, in: operation), of: field, &state, &buffer)
    }

    /// Writes what a field has been resolved to.
    @inlinable
    internal func write(
        _ value: ResolvedValue<Resolver.Object>,
        of field: SelectedField,
        _ state: inout ExecutionState,
        _ buffer: inout ByteBuffer
    ) -> Bool {
        if field.isPlainLeaf {
            if value.appendLeaf(field, in: operation, to: &buffer) { return true }
            return writeFailedLeaf(value, of: field, &state, &buffer)
        }
        state.path.append(~field.index)
        let isComplete = complete(value, field.type.wrappers, of: field, &state, &buffer)
        state.path.removeLast()
        return isComplete
    }

    @usableFromInline
    internal func writeFailedLeaf(
        _ value: ResolvedValue<Resolver.Object>,
        of field: SelectedField,
        _ state: inout ExecutionState,
        _ buffer: inout ByteBuffer
    ) -> Bool {
        if case .null = value {
            if field.type.isNonNull { state.noteLeaf(nullFailure(field), field, in: operation) }
        } else {
            state.noteLeaf(value.leafFailure(field, in: operation), field, in: operation)
        }
        return writeNull(field.type.wrappers, &buffer)
    }

    /// `__typename` stands in its key already; introspection is another executor's.
    @usableFromInline
    internal func writeMetaField(
        _ field: SelectedField,
        _ state: inout ExecutionState,
        _ buffer: inout ByteBuffer
    ) -> Bool {
        guard field.role == .introspection else { return true }
        let introspection = Executor<IntrospectionResolver>(operation, IntrospectionResolver(operation.schema))
        if field.hasArguments, state.noteArguments(field, in: operation) {
            return writeNull(field.type.wrappers, &buffer)
        }
        let value = introspection.resolver.resolve(field, of: .root, in: operation)
        return introspection.write(value, of: field, &state, &buffer)
    }

    // MARK: - Completion

    /// §6.4.3: writes a value at a type whose wrappers are `wrappers`; the path leads to it. False if a null has to go
    /// up.
    @inlinable
    internal func complete(
        _ value: ResolvedValue<Resolver.Object>,
        _ wrappers: TypeWrappers,
        of field: SelectedField,
        _ state: inout ExecutionState,
        _ buffer: inout ByteBuffer
    ) -> Bool {
        let mark = buffer.count
        let isComplete: Bool
        switch value {
        case .object(let object) where wrappers.isNamed && !field.completion.isLeaf:
            isComplete = writeObject(object, of: field, &state, &buffer)
        case .objects(let count, let object) where wrappers.isList:
            isComplete = writeObjects(count, object, wrappers.element, of: field, &state, &buffer)
        case .list(let count, let element) where wrappers.isList:
            isComplete = writeList(count, element, wrappers.element, of: field, &state, &buffer)
        case .null:
            if wrappers.isNonNull { state.note(nullFailure(field), field, in: operation) }
            isComplete = false
        default:
            if wrappers.isNamed, value.appendLeaf(field, in: operation, to: &buffer) { return true }
            state.note(failure(of: value, wrappers, field), field, in: operation)
            isComplete = false
        }
        if isComplete { return true }
        buffer.truncate(to: mark)
        return writeNull(wrappers, &buffer)
    }

    @inlinable
    internal func writeObject(
        _ object: Resolver.Object,
        of field: SelectedField,
        _ state: inout ExecutionState,
        _ buffer: inout ByteBuffer
    ) -> Bool {
        if field.completion == .object {
            return writeSelection(field.children.indices, of: object, &state, &buffer)
        }
        guard let type = resolver.objectType(of: object, in: operation.schema) else {
            state.note(unknownTypeFailure(field), field, in: operation)
            return false
        }
        guard let fields = operation.branch(of: field, on: type) else {
            state.note(impossibleTypeFailure(type, field), field, in: operation)
            return false
        }
        return writeSelection(fields, of: object, &state, &buffer)
    }

    @inlinable
    internal func writeObjects(
        _ count: Int,
        _ object: (Int) -> Resolver.Object,
        _ element: TypeWrappers,
        of field: SelectedField,
        _ state: inout ExecutionState,
        _ buffer: inout ByteBuffer
    ) -> Bool {
        guard element.isNamed, !field.completion.isLeaf else {
            return writeList(count, { .object(object($0)) }, element, of: field, &state, &buffer)
        }
        let last = state.path.count
        state.path.append(0)
        buffer.append(ASCII.leftBracket)
        for index in 0..<max(count, 0) {
            if index > 0 { buffer.append(ASCII.comma) }
            state.path[last] = index
            let mark = buffer.count
            if writeObject(object(index), of: field, &state, &buffer) { continue }
            buffer.truncate(to: mark)
            guard writeNull(element, &buffer) else {
                state.path.removeLast()
                return false
            }
        }
        buffer.append(ASCII.rightBracket)
        state.path.removeLast()
        return true
    }

    @inlinable
    internal func writeList(
        _ count: Int,
        _ element: (Int) -> ResolvedValue<Resolver.Object>,
        _ wrappers: TypeWrappers,
        of field: SelectedField,
        _ state: inout ExecutionState,
        _ buffer: inout ByteBuffer
    ) -> Bool {
        let last = state.path.count
        state.path.append(0)
        buffer.append(ASCII.leftBracket)
        for index in 0..<max(count, 0) {
            if index > 0 { buffer.append(ASCII.comma) }
            state.path[last] = index
            guard complete(element(index), wrappers, of: field, &state, &buffer) else {
                state.path.removeLast()
                return false
            }
        }
        buffer.append(ASCII.rightBracket)
        state.path.removeLast()
        return true
    }

    /// Writes null where it may stand; false if it has to go up.
    @inlinable
    internal func writeNull(_ wrappers: TypeWrappers, _ buffer: inout ByteBuffer) -> Bool {
        if wrappers.isNonNull { return false }
        buffer.append("null")
        return true
    }
}
