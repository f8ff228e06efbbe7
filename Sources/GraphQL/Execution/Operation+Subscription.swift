/// Subscriptions (September 2025 §6.2.3).
///
/// A host makes the source stream that the specification speaks of: this says for which field. Each of its events is then answered by
/// ``Executor/execute(_:with:additionalErrors:extensions:into:)``, with a resolver whose root object is the event ("ExecuteSubscriptionEvent",
/// §6.2.3.2): that is all that "MapSourceToResponseEvent" asks for. An error of a field fails its event, and not the stream.
extension Operation {
    /// The one field of a subscription whose events are its stream (§6.2.3.1, "CreateSourceEventStream").
    ///
    /// - Throws: A request error if there is no such stream: the operation is no subscription, does not select exactly one field at
    ///   its root, which validation finds too (§5.2.4.1), or that field's arguments cannot be coerced.
    public func sourceField() throws(GraphQLErrors) -> SelectedField {
        guard kind == .subscription else {
            throw GraphQLErrors([
                GraphQLError("The operation is no subscription: it has one answer, and no stream of them.")
            ])
        }
        guard let index = rootFields.first, rootFields.count == 1, self[index].role == .resolved else {
            throw GraphQLErrors([GraphQLError("A subscription must select exactly one field at its root.")])
        }
        let field = self[index]
        if let failure = storage.argumentFailures[field.index] {
            let locations = failure.offset.map { [document.location(ofByte: $0)] } ?? locations(of: field)
            throw GraphQLErrors([
                GraphQLError(
                    failure.failure.message,
                    locations: locations,
                    path: [.key(responseKey(of: field))],
                    extensions: failure.failure.extensions
                )
            ])
        }
        return field
    }
}
