internal import Engagement
internal import Yams

/// A value of a settings text together with its place, so that every complaint can name file, line and key.
///
/// Files are YAML; the bodies of the admin routes are JSON, which YAML contains, so one reader serves both.
struct SettingsNode {
    /// Where the value stands, such as `tweets[3].owner`.
    let path: String

    private let node: Node
    private let source: String

    /// Reads a whole text. An empty one is a mapping without keys.
    init(parsing text: String, source: String) throws(SettingsError) {
        do {
            node = try compose(yaml: text) ?? Node([(Node, Node)]())
        } catch let error as YamlError {
            throw SettingsNode.error(error, source: source)
        } catch {
            throw SettingsError(source: source, line: nil, key: "", reason: "\(error)")
        }
        path = ""
        self.source = source
    }

    private init(_ node: Node, path: String, source: String) {
        self.node = node
        self.path = path
        self.source = source
    }

    /// A complaint about this value.
    func error(_ reason: String) -> SettingsError {
        SettingsError(source: source, line: node.mark?.line, key: path, reason: reason)
    }

    // MARK: - Structures

    /// Refuses every key of a mapping that is not one of `keys`: a misspelt setting must not be silently without effect.
    func allow(_ keys: Set<String>) throws(SettingsError) {
        guard let mapping = node.mapping else { throw error("expected keys and values") }
        for (key, _) in mapping {
            let name = key.scalar?.string ?? "?"
            guard keys.contains(name) else {
                let child = SettingsNode(key, path: join(name), source: source)
                throw child.error("unknown key; known are \(keys.sorted().joined(separator: ", "))")
            }
        }
    }

    /// The value of a key, or nil if it is absent or null.
    func child(_ key: String) -> SettingsNode? {
        guard let value = node.mapping?[key], value.scalar.map(SettingsNode.isNull) != true else { return nil }
        return SettingsNode(value, path: join(key), source: source)
    }

    /// The value of a key that must be there.
    func required(_ key: String) throws(SettingsError) -> SettingsNode {
        guard let child = child(key) else { throw error("lacks the key \(key)") }
        return child
    }

    /// The elements of a list.
    func elements() throws(SettingsError) -> [SettingsNode] {
        guard let sequence = node.sequence else { throw error("expected a list") }
        return sequence.enumerated().map { index, element in
            SettingsNode(element, path: "\(path)[\(index)]", source: source)
        }
    }

    /// The keys and values of a mapping.
    func members() throws(SettingsError) -> [(key: String, value: SettingsNode)] {
        guard let mapping = node.mapping else { throw error("expected keys and values") }
        return mapping.map { key, value in
            let name = key.scalar?.string ?? "?"
            return (name, SettingsNode(value, path: join(name), source: source))
        }
    }

    // MARK: - Scalars

    /// A text, quoted or not.
    func text() throws(SettingsError) -> String {
        guard let scalar = node.scalar else { throw error("expected a text") }
        return scalar.string
    }

    /// A text of at least one character.
    func name() throws(SettingsError) -> String {
        let text = try text()
        guard !text.isEmpty else { throw error("must not be empty") }
        return text
    }

    /// `true` or `false`.
    func boolean() throws(SettingsError) -> Bool {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default: throw error("expected true or false")
        }
    }

    /// A whole number within `bounds`.
    func integer(in bounds: ClosedRange<Int64>) throws(SettingsError) -> Int64 {
        guard let value = node.scalar.flatMap({ Int64($0.string) }), bounds.contains(value) else {
            throw error("expected a whole number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return value
    }

    /// One of the names of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(
        of type: Choice.Type
    ) throws(SettingsError) -> Choice where Choice.RawValue == String {
        guard let choice = node.scalar.flatMap({ Choice(rawValue: $0.string) }) else {
            throw error("expected one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// A date, or a date and time, as ISO 8601 writes them.
    func time() throws(SettingsError) -> UnixTime {
        guard let time = node.scalar.flatMap({ UnixTime(iso8601: $0.string) }) else {
            throw error("expected YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ")
        }
        return time
    }

    // MARK: - Helpers

    private func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private static func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
    }

    private static func error(_ error: YamlError, source: String) -> SettingsError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            SettingsError(source: source, line: mark.line, key: "", reason: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            SettingsError(
                source: source,
                line: context.mark.line,
                key: "",
                reason: "a key stands twice: \(duplicates.map(\.description).joined(separator: ", "))"
            )
        default:
            SettingsError(source: source, line: nil, key: "", reason: "\(error)")
        }
    }
}
