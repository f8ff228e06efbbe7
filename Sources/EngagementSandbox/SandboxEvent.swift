/// Something that whoever runs a sandbox should know, and no client is told.
public enum SandboxEvent: Equatable, Sendable, CustomStringConvertible {
    /// An exchange could not be recorded, as on a full disk. Told once, until recording works again.
    case recordingFailed(path: String, reason: String)

    /// A line for a terminal or a log.
    public var description: String {
        switch self {
        case .recordingFailed(let path, let reason):
            "\(path): exchanges are not recorded: \(reason); the sandbox goes on serving"
        }
    }
}
