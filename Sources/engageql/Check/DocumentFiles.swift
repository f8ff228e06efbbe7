import Foundation
import GraphQL

/// Which documents a command line names: files, folders with all that lies below them, and `-` for standard input.
enum DocumentFiles {
    /// What standard input is called in messages.
    static let standardInput = "<stdin>"

    /// The documents in the order of `paths`, those of a folder in the order of their names, each file once.
    ///
    /// - Parameter schema: A file that is left out of folders, since it is no document.
    /// - Throws: ``Failure`` for what cannot be read, and for a folder without documents.
    static func sources(_ paths: [String], excluding schema: String) throws(Failure) -> [Source] {
        var sources: [Source] = []
        var seen: Set<String> = []
        for path in paths {
            for file in try files(at: path, excluding: schema) where seen.insert(file).inserted {
                sources.append(try source(file))
            }
        }
        return sources
    }

    /// One file, or standard input.
    static func source(_ path: String) throws(Failure) -> Source {
        if path == "-" {
            let data = (try? FileHandle.standardInput.readToEnd()) ?? nil
            return Source([UInt8](data ?? Data()), name: standardInput)
        }
        guard !isFolder(path), let data = FileManager.default.contents(atPath: path) else {
            throw Failure(.noInput, "\(path) cannot be read")
        }
        return Source([UInt8](data), name: path)
    }

    private static func files(at path: String, excluding schema: String) throws(Failure) -> [String] {
        guard path != "-", isFolder(path) else { return [path] }
        guard let entries = FileManager.default.enumerator(atPath: absolute(path)) else {
            throw Failure(.noInput, "\(path) cannot be read")
        }
        let excluded = absolute(schema)
        let found = entries.compactMap { $0 as? String }.filter(isDocument).sorted()
            .map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
            .filter { absolute($0) != excluded && !isFolder($0) }
        if found.isEmpty { throw Failure(.noInput, "\(path) has no *.graphql or *.gql file") }
        return found
    }

    /// Nothing hidden, on whatever level.
    private static func isDocument(_ path: String) -> Bool {
        (path.hasSuffix(".graphql") || path.hasSuffix(".gql"))
            && !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    }
}
