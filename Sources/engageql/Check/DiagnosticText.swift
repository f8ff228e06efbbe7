import GraphQL

/// Messages as compilers print them: `path:line:column: error: message`, the line of the source, and a caret below the place.
struct DiagnosticText {
    private let path: String
    private let lines: [Substring.UnicodeScalarView]

    /// No more of a source line than this is shown.
    static let maximumWidth = 160

    init(_ source: Source) {
        path = source.name
        let text = String(decoding: source.bytes, as: UTF8.self)
        lines = DiagnosticText.lines(of: text)
    }

    /// The lines for a terminal; further places of one error follow as notes.
    func lines(_ severity: String, _ error: GraphQLError) -> [String] {
        guard let first = error.locations.first else {
            return ["\(path): \(severity): \(DiagnosticText.plain(error.message))"]
        }
        return lines(severity, error.message, at: first)
            + error.locations.dropFirst().flatMap { lines("note", "and here", at: $0) }
    }

    private func lines(_ severity: String, _ message: String, at place: SourceLocation) -> [String] {
        let head = "\(path):\(place.line):\(place.column): \(severity): \(DiagnosticText.plain(message))"
        guard lines.indices.contains(place.line - 1) else { return [head] }
        return [head] + excerpt(of: lines[place.line - 1], column: place.column)
    }

    /// The line and its caret. A long line is cut around the place.
    private func excerpt(of line: Substring.UnicodeScalarView, column: Int) -> [String] {
        let scalars = Array(line)
        let place = min(max(column - 1, 0), scalars.count)
        let start = scalars.count <= Self.maximumWidth ? 0 : max(0, place - Self.maximumWidth / 2)
        let shown = scalars[start..<min(scalars.count, start + Self.maximumWidth)]
        // Tabs stay tabs, so that the caret stands where the text does.
        let indentation = scalars[start..<place].map { $0 == "\t" ? "\t" : " " }.joined()
        return [DiagnosticText.plain(shown), indentation + "^"]
    }

    // MARK: - Text

    /// Lines end as September 2025 §2.1.2 says; a byte order mark at the start is no part of the first.
    private static func lines(of text: String) -> [Substring.UnicodeScalarView] {
        let scalars = text.unicodeScalars
        var lines: [Substring.UnicodeScalarView] = []
        var start = scalars.first == "\u{FEFF}" ? scalars.index(after: scalars.startIndex) : scalars.startIndex
        var index = start
        while index < scalars.endIndex {
            let scalar = scalars[index]
            let next = scalars.index(after: index)
            if scalar == "\n" || scalar == "\r" {
                lines.append(Substring(scalars[start..<index]).unicodeScalars)
                let isPair = scalar == "\r" && next < scalars.endIndex && scalars[next] == "\n"
                start = isPair ? scalars.index(after: next) : next
                index = start
            } else {
                index = next
            }
        }
        lines.append(Substring(scalars[start...]).unicodeScalars)
        return lines
    }

    /// What a document says must not steer the terminal: control characters are replaced.
    private static func plain(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        for scalar in scalars {
            let isControl = scalar.value < 0x20 && scalar != "\t" || (0x7F..<0xA0).contains(scalar.value)
            text.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(text)
    }

    /// The text without what would steer a terminal.
    static func plain(_ text: String) -> String { plain(text.unicodeScalars) }
}
