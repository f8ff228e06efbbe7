internal import Foundation
internal import GraphQL

/// The operations of `config/queries/*.graphql`, each answering at `/q/<name of its file>`.
internal struct SavedQueries: Sendable {
    /// One file.
    struct SavedQuery: Sendable {
        let name: String
        let operation: PreparedOperation
        /// The document.
        let text: [UInt8]
        /// The first comment of the file, as a description.
        let description: String
    }

    private let queries: [String: SavedQuery]

    /// Reads every `.graphql` file of a folder. A folder that does not exist has no queries.
    ///
    /// - Throws: ``SavedQueryError`` for a file that cannot be read, is not valid against the schema, or has not exactly one
    ///   query: better no start than a link that stopped working.
    init(folder: String, schema: Schema, limits: OperationLimits) throws(SavedQueryError) {
        var queries: [String: SavedQuery] = [:]
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for file in files.sorted() where file.hasSuffix(".graphql") {
            let path = "\(folder)/\(file)"
            let name = String(file.dropLast(".graphql".count))
            guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }) else {
                throw SavedQueryError(path: path, reason: "a name has letters, digits, hyphens and underscores")
            }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SavedQueryError(path: path, reason: "cannot be read")
            }
            let source = Source([UInt8](data), name: path)
            do throws(GraphQLErrors) {
                let document = try PreparedDocument(source, schema: schema, parserLimits: limits.parser)
                let operation = try document.operation(named: nil)
                guard operation.kind == .query else {
                    throw GraphQLErrors([GraphQLError("A saved operation is a query.")])
                }
                if let taken = operation.variables.map(\.name).first(where: RowRequest.names.contains) {
                    let names = RowRequest.names.joined(separator: ", ")
                    let message = "The variable \"$\(taken)\" needs another name: parameters of the URL are \(names)."
                    throw GraphQLErrors([GraphQLError(message)])
                }
                queries[name] = SavedQuery(
                    name: name,
                    operation: operation,
                    text: source.bytes,
                    description: SavedQueries.firstComment(of: source)
                )
            } catch {
                let reasons = error.errors.map { error in
                    error.locations.first.map { "\($0.line):\($0.column): \(error.message)" } ?? error.message
                }
                throw SavedQueryError(path: path, reason: reasons.joined(separator: " "))
            }
        }
        self.queries = queries
    }

    subscript(name: String) -> SavedQuery? { queries[name] }

    /// The documents by name.
    var texts: [String: [UInt8]] { queries.mapValues(\.text) }

    /// In the order of their names.
    var all: [SavedQuery] { queries.values.sorted { $0.name < $1.name } }

    private static func firstComment(of source: Source) -> String {
        let text = String(decoding: source.bytes, as: UTF8.self)
        guard let line = text.split(separator: "\n", maxSplits: 1).first, line.hasPrefix("#") else { return "" }
        return line.drop { $0 == "#" || $0 == " " }.trimmingCharacters(in: .whitespaces)
    }
}

/// Why a saved query cannot be used.
public struct SavedQueryError: Error, Equatable, Sendable, CustomStringConvertible {
    public let path: String
    public let reason: String

    public var description: String { "\(path): \(reason)" }
}
