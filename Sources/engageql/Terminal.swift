import EngagementServer
import Foundation

/// What a script sees of the tool: lines on standard output, at once, and exit codes.
enum Terminal {
    /// Prints a line that a waiting script gets immediately.
    static func print(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    /// Prints a line to standard error.
    static func complain(_ line: String) {
        FileHandle.standardError.write(Data("engageql: \(line)\n".utf8))
    }

    /// Prints text to standard error as it is.
    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Prints a line to standard error as it is.
    static func note(_ line: String) {
        write(line + "\n")
    }

    /// Ends the process, with all that was printed, but without the exit handlers of libraries: those of OpenSSL free what threads that
    /// are under way still use.
    static func end(_ code: Int32) -> Never {
        _ = fflush(nil)
        _exit(code)
    }

    /// `path` if there is a file.
    static func existing(_ path: String) -> String? {
        FileManager.default.fileExists(atPath: path) ? path : nil
    }
}

/// An end with a message and an exit code of <sysexits.h>.
struct Failure: Error, CustomStringConvertible {
    enum Code: Int32 {
        /// The command line makes no sense for what is asked.
        case usage = 64
        /// A file cannot be read.
        case noInput = 66
        /// A service is not to be had: the port is taken, or nobody answers there.
        case unavailable = 69
        /// A file cannot be written.
        case cannotCreate = 73
        case configuration = 78
    }

    let code: Code
    let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    init(_ error: ServerError) {
        switch error.code {
        case .cannotListen: self.init(.unavailable, error.reason)
        case .badConfiguration, .badSchema, .badSavedQuery, .exposed: self.init(.configuration, error.reason)
        }
    }
}
