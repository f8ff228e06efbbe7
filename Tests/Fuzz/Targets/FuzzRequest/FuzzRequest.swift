import Engagement
import EngagementGraph
import Foundation
import GraphQL
import JSON

/// A request against the project's schema: the document, a zero byte, and the variables as JSON. Validation, coercion and
/// planning end for any of them, and only with errors of their own.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let end = bytes.firstIndex(of: 0) ?? bytes.endIndex
    do throws(GraphQLErrors) {
        let document = try Document.parseAll(Array(bytes[..<end]))
        _ = Deprecations.uses(in: document, against: Project.schema.schema)
        let prepared = try PreparedDocument(document, schema: Project.schema.schema)
        for operation in prepared.operations {
            let variables = end == bytes.endIndex ? nil : JSONReader(bytes, range: end + 1..<bytes.count)
            let bound = try operation.bind(variables: variables)
            _ = try Project.planner.plan(bound, account: AccountName("fuzz"), now: Project.now)
        }
    } catch {
        precondition(!error.errors.isEmpty, "a refusal has a reason")
    }
    return 0
}

extension Document {
    fileprivate static func parseAll(_ bytes: [UInt8]) throws(GraphQLErrors) -> Document {
        do {
            return try parse(Source(bytes))
        } catch {
            throw GraphQLErrors([error])
        }
    }
}

/// What stays the same for all inputs. The fuzzer runs in the project's folder.
private enum Project {
    static let schema: EngagementSchema = {
        guard let text = FileManager.default.contents(atPath: "schema.graphql"),
            let schema = try? EngagementSchema(Source([UInt8](text)))
        else { preconditionFailure("schema.graphql is not to be had") }
        return schema
    }()

    static let planner = Planner(schema)

    static let now = UnixTime(seconds: 1_700_000_000)
}
