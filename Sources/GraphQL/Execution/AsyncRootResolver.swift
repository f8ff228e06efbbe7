public import Bytes
public import JSON

/// A resolver whose root fields take time: each is awaited, what lies below is then completed at once. For hosts that
/// fetch field by field; a host that plans the whole operation needs only ``ObjectResolver``.
public protocol AsyncRootResolver: ObjectResolver, Sendable {
    /// The value of a root field. Fields of a query are resolved concurrently, those of a mutation one after the other
    /// (September 2025 §6.2.2), each completed before the next begins.
    func resolveRoot(
        _ field: SelectedField,
        in operation: Operation
    ) async throws(FieldFailure) -> sending ResolvedValue<Object>
}

extension Executor where Resolver: AsyncRootResolver {
    /// Executes an operation, awaiting its root fields, and returns the whole response.
    public static func execute(
        _ operation: Operation,
        awaiting resolver: Resolver,
        additionalErrors: [GraphQLError] = [],
        extensions: [JSONValue.Member] = []
    ) async -> ByteString {
        let values = operation.kind == .mutation ? [:] : await resolveAll(operation, resolver)
        let executor = Executor(operation, resolver)
        var state = ExecutionState()
        var buffer = ByteBuffer(capacity: 1024)
        buffer.append("{\"data\":")
        let mark = buffer.count
        var isComplete = true
        for index in operation.rootFields where isComplete {
            let field = operation[index]
            operation.plan.appendKey(of: field, to: &buffer)
            if !needsAwaiting(field, operation) {
                isComplete = executor.writeField(field, of: resolver.rootObject, &state, &buffer)
            } else if let resolved = values[index] {
                isComplete = executor.write(resolved.value, of: field, &state, &buffer)
            } else {
                let resolved = await resolve(field, operation, resolver)
                isComplete = executor.write(resolved.value, of: field, &state, &buffer)
            }
        }
        if isComplete {
            buffer.append(operation.rootFields.isEmpty ? "{}" : "}")
        } else {
            buffer.truncate(to: mark)
            buffer.append("null")
        }
        buffer.endResponse(errors: additionalErrors, state.errors, extensions: extensions)
        return buffer.freeze()
    }

    /// The values of all root fields, by index, resolved side by side.
    private static func resolveAll(_ operation: Operation, _ resolver: Resolver) async -> [Int: Resolved] {
        await withTaskGroup(of: (Int, Resolved).self) { group in
            for index in operation.rootFields where needsAwaiting(operation[index], operation) {
                group.addTask { (index, await resolve(operation[index], operation, resolver)) }
            }
            var values: [Int: Resolved] = [:]
            for await (index, value) in group { values[index] = value }
            return values
        }
    }

    /// Neither meta fields nor those whose arguments have failed reach the resolver.
    private static func needsAwaiting(_ field: SelectedField, _ operation: Operation) -> Bool {
        field.role == .resolved && operation.argumentFailure(of: field) == nil
    }

    private static func resolve(
        _ field: SelectedField,
        _ operation: Operation,
        _ resolver: Resolver
    ) async -> Resolved {
        do throws(FieldFailure) {
            return Resolved(value: try await resolver.resolveRoot(field, in: operation))
        } catch {
            return Resolved(value: .failure(error))
        }
    }

    /// A resolved value on its way from the task that made it.
    ///
    /// - Note: `@unchecked Sendable` holds because a resolver gives its value away (`sending`), and the task that made
    ///   it has ended before the executor, the only one that ever reads it, gets hold of it.
    private struct Resolved: @unchecked Sendable {
        let value: ResolvedValue<Resolver.Object>
    }
}
