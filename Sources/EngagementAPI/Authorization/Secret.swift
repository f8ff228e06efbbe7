/// Text that must not be seen: whatever prints a secret, or anything that holds one, prints `<secret>`.
public struct Secret: Hashable, Sendable {
    private let value: String

    /// Hides `value`.
    public init(_ value: String) {
        self.value = value
    }

    /// The text itself. The only way to it, so that every use can be searched for.
    public func reveal() -> String { value }

    /// Whether there is nothing to hide, as in a variable that was left unset.
    public var isEmpty: Bool { value.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "<secret>" }
    public var debugDescription: String { "<secret>" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
