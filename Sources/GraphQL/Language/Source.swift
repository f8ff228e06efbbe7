/// The text of a document, as the UTF-8 bytes that came in, and what to call it in messages.
public struct Source: Sendable {
    /// The bytes; offsets in nodes and errors count from their start.
    public let bytes: [UInt8]

    /// What to call the text: a file's name, or "GraphQL request".
    public let name: String

    public init(_ bytes: [UInt8], name: String = "GraphQL request") {
        self.bytes = bytes
        self.name = name
    }

    public init(_ text: String, name: String = "GraphQL request") {
        self.init([UInt8](text.utf8), name: name)
    }
}

/// A place in a source for people: both count from 1, the column in Unicode code points as editors count it.
public struct SourceLocation: Hashable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
