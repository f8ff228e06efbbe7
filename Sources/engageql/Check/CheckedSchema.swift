import EngagementGraph
import GraphQL

/// The schema that documents are checked against.
struct CheckedSchema {
    let schema: Schema

    /// Whether it is the one that this server answers: then times and long numbers in documents are read as the server
    /// reads them, and what an operation costs upstream can be told.
    let isServed: Bool

    /// - Throws: What is wrong with the text.
    init(_ source: Source) throws(GraphQLErrors) {
        if let served = try? EngagementSchema(source) {
            schema = served.schema
            isServed = true
        } else {
            schema = try Schema.build(source)
            isServed = false
        }
    }

    /// A schema that is nobody's in particular: custom scalars take any value.
    init(general source: Source) throws(GraphQLErrors) {
        schema = try Schema.build(source)
        isServed = false
    }

    /// Why the server would not start with a schema that is valid as such; nil if it would.
    static func bindingProblem(of source: Source) -> String? {
        do {
            _ = try EngagementSchema(source)
            return nil
        } catch let error as SchemaBindingError {
            return error.description
        } catch {
            return nil
        }
    }
}
