import Foundation
import Glibc

/// A file that gets its name only when it is complete: until then it is `<name>.partial`, readable by its owner alone.
struct PartialFile {
    let path: String
    let name: String

    /// - Parameter replaces: Whether a file of that name may be there already.
    init(_ name: String, replaces: Bool) throws(Failure) {
        self.name = name
        path = name + ".partial"
        guard unsafe replaces || access(name, F_OK) != 0 else {
            throw Failure(.cannotCreate, "\(name) is there already: choose another name, or --force")
        }
        // What is left of an export that was cut short.
        unsafe unlink(path)
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(.cannotCreate, "\(path) cannot be made: \(PartialFile.errorText)") }
        close(descriptor)
    }

    /// Puts all of it on the disk, and then gives it its name.
    func finish() throws(Failure) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        let isWritten = descriptor >= 0 && fsync(descriptor) == 0
        if descriptor >= 0 { close(descriptor) }
        guard unsafe isWritten && rename(path, name) == 0 else {
            throw Failure(.cannotCreate, "\(name) cannot be written: \(PartialFile.errorText)")
        }
    }

    func abandon() { unsafe unlink(path) }

    static var errorText: String { unsafe String(cString: strerror(errno)) }
}
