import Engagement
import GraphQL
import JSON

/// What there is to say of one document.
struct DocumentReport {
    /// The text, under the name that messages call it by.
    let source: Source
    /// Why it cannot be executed.
    let errors: [GraphQLError]
    /// Uses of what is deprecated.
    let warnings: [GraphQLError]
    /// What its operations cost, if it is valid and the schema is the server's.
    let costs: [UpstreamCost]

    /// Parses and validates with the limits that hold for the server's requests.
    init(_ source: Source, against checked: CheckedSchema, listSize: Int, now: UnixTime) {
        self.source = source
        let document: Document
        do throws(GraphQLError) {
            document = try Document.parse(source)
        } catch {
            errors = [error]
            warnings = []
            costs = []
            return
        }
        errors = Validator.validate(document, against: checked.schema)
        warnings = Deprecations.uses(in: document, against: checked.schema)
        guard errors.isEmpty, checked.isServed else {
            costs = []
            return
        }
        costs = document.operations.map { operation in
            UpstreamCost(of: operation, in: document, listSize: listSize, now: now)
        }
    }

    /// A report of errors alone, such as those of a schema.
    init(_ source: Source, errors: [GraphQLError]) {
        self.source = source
        self.errors = errors
        warnings = []
        costs = []
    }
}

// MARK: - For machines

extension DocumentReport {
    /// `valid`, `errors` and `warnings`: what the streaming form answers too.
    var verdict: [JSONValue.Member] {
        [
            .init("valid", .boolean(errors.isEmpty)),
            .init("errors", .array(errors.map(\.placed))),
            .init("warnings", .array(warnings.map(\.placed))),
        ]
    }

    var json: JSONValue {
        .object([.init("path", .string(source.name))] + verdict + [.init("operations", .array(costs.map(\.json)))])
    }
}

extension GraphQLError {
    /// Message and places; the places are there even if there are none.
    var placed: JSONValue {
        let places = locations.map { location in
            JSONValue.object([
                .init("line", .integer(Int64(location.line))), .init("column", .integer(Int64(location.column))),
            ])
        }
        return .object([.init("message", .string(message)), .init("locations", .array(places))])
    }
}
