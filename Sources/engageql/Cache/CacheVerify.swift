import ArgumentParser
import JSON
import MetricCache

/// `engageql cache verify`.
struct CacheVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that the cache file is sound.",
        discussion: """
            Checks the structure of the database (SQLite's quick_check), that every row has the right checksum and can be \
            unpacked, that no private number lies where everybody may see it, and that the counts of rows agree. Nothing is \
            repaired: a server sets a damaged file aside when it comes upon it, and rows that cannot be read count as missing.

            The whole file is read as of one moment. A server that writes meanwhile is not held up, but its write-ahead log grows \
            until this is over.

            Prints a line for each problem; exit code 1 if there is one.
            """
    )

    @OptionGroup var file: DataOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let cache = try file.open()
        let found = try Failure.from { () throws(StoredCacheError) in try cache.verify() }
        if json {
            Terminal.print(
                json: .object([
                    .init("path", .string(cache.path)),
                    .init("rows", .integer(Int64(found.rows))),
                    .init("fileBytes", .integer(Int64(found.fileBytes))),
                    .init("problems", .array(found.problems.map { .string($0) })),
                ])
            )
        } else {
            for problem in found.problems { Terminal.print("\(cache.path): \(problem)") }
            if found.isSound { Terminal.print("\(cache.path): \(found.rows) rows, sound") }
        }
        if !found.isSound { throw ExitCode.failure }
    }
}
