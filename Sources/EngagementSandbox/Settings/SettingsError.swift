/// Why a settings text (YAML or JSON) cannot be used: which file, which line, which key, and what is wrong.
public struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file's path, or a name for where the text came from.
    public let source: String
    /// The line, counted from 1; nil if the text could not be read at all.
    public let line: Int?
    /// The place in the structure, such as `accounts[0].token`; empty for the whole text.
    public let key: String
    /// What is wrong and what was expected.
    public let reason: String

    /// `config/sandbox.yaml:12: accounts[0].token: expected a text`.
    public var description: String {
        let place = line.map { "\(source):\($0)" } ?? source
        return key.isEmpty ? "\(place): \(reason)" : "\(place): \(key): \(reason)"
    }
}
