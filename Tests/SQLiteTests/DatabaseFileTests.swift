import Foundation
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite struct DatabaseFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("numbers.sqlite") }

    private static let format = DatabaseFile.Format(
        applicationID: 0x1234_5678,
        version: 3,
        creation: "CREATE TABLE numbers (value INTEGER NOT NULL) STRICT;"
    )

    /// What was set aside, by why.
    private final class Kept: Sendable {
        let files = Mutex<[(path: String, reason: DatabaseFile.SetAsideReason)]>([])
        var all: [(path: String, reason: DatabaseFile.SetAsideReason)] { files.withLock { $0 } }
    }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func file(_ kept: Kept = Kept()) -> DatabaseFile {
        DatabaseFile(path: path, format: DatabaseFileTests.format, busyMilliseconds: 0) { path, reason in
            kept.files.withLock { $0.append((path, reason)) }
        }
    }

    private func execute(_ sql: String, in file: DatabaseFile) throws {
        try file.open { connection throws(SQLiteError) in try connection.execute(sql) }
    }

    @Test func `who finds that another one is making the file goes along with it`() async throws {
        for round in 0..<20 {
            let kept = Kept()
            let file = DatabaseFile(
                path: folder.path("new-\(round).sqlite"),
                format: DatabaseFileTests.format,
                busyMilliseconds: 60_000
            ) { path, reason in
                kept.files.withLock { $0.append((path, reason)) }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for value in 1...4 {
                    group.addTask {
                        try await onThread {
                            try file.open { connection throws(SQLiteError) in
                                try connection.execute("INSERT INTO numbers VALUES (\(value))")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(kept.all.isEmpty)
            #expect(try sum(file.path) == 10)
        }
    }

    private func sum(_ path: String) throws -> Int64 {
        try Connection(path: path, mode: .queryOnly, busyMilliseconds: 0).integer("SELECT sum(value) FROM numbers")
    }

    @Test func `a new file has its marks and tables and is its owner's alone`() throws {
        let kept = Kept()
        let connection = try file(kept).open { connection in connection }
        #expect(try connection.integer("PRAGMA application_id") == 0x1234_5678)
        #expect(try connection.integer("PRAGMA user_version") == 3)
        #expect(try connection.text("PRAGMA journal_mode") == "wal")
        #expect(try connection.integer("SELECT count(*) FROM numbers") == 0)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        #expect(kept.all.isEmpty)
    }

    @Test func `a file of the format is opened as it is`() throws {
        try execute("INSERT INTO numbers VALUES (42)", in: file())
        let kept = Kept()
        try execute("INSERT INTO numbers VALUES (8)", in: file(kept))
        #expect(try sum(path) == 50)
        #expect(kept.all.isEmpty)
    }

    @Test("a file is read without a trace, whatever its name", arguments: ["n.sqlite", "a?b=c&d#e%41 ü:.sqlite"])
    func readsOnly(name: String) throws {
        let file = DatabaseFile(path: folder.path(name), format: Self.format, busyMilliseconds: 0) { _, _ in }
        #expect(throws: SQLiteError.self) { try file.openForReading() }
        #expect(folder.files.isEmpty)
        try execute("INSERT INTO numbers VALUES (42)", in: file)
        let before = folder.files
        do {
            let connection = try file.openForReading()
            #expect(try connection.integer("SELECT sum(value) FROM numbers") == 42)
            #expect(throws: SQLiteError.self) { try connection.execute("INSERT INTO numbers VALUES (1)") }
        }
        #expect(folder.files == before)
    }

    @Test func `a file that others have open is read with what is in their log, and one of another format is not`()
        throws
    {
        let writer = try file().open { connection in connection }
        try writer.execute("INSERT INTO numbers VALUES (42)")
        let reader = try file().openForReading()
        #expect(try reader.integer("SELECT sum(value) FROM numbers") == 42)
        try writer.execute("INSERT INTO numbers VALUES (1)")
        #expect(try reader.integer("SELECT sum(value) FROM numbers") == 43)
        try writer.execute("PRAGMA user_version = 4")
        let error = #expect(throws: SQLiteError.self) { try file().openForReading() }
        #expect(error?.message == "it has schema version 4")
    }

    @Test(
        "what is something else keeps its bytes under another name",
        arguments: [
            ("PRAGMA user_version = 4", DatabaseFile.SetAsideReason.otherVersion(4)),
            ("PRAGMA user_version = 2", .otherVersion(2)),
            ("PRAGMA application_id = 7", .foreign),
            ("PRAGMA application_id = 0", .foreign),
        ]
    )
    func setsAside(change: String, reason: DatabaseFile.SetAsideReason) throws {
        try execute("INSERT INTO numbers VALUES (42); \(change)", in: file())
        let kept = Kept()
        try execute("INSERT INTO numbers VALUES (1)", in: file(kept))
        #expect(kept.all.map(\.reason) == [reason])
        #expect(try kept.all.map { try sum($0.path) } == [42])
        #expect(try sum(path) == 1)
    }

    /// Versions 2 and 3 of a format whose version 1 cannot be brought any further.
    private func migrating(_ kept: Kept, lastStep: String) -> DatabaseFile {
        let format = DatabaseFile.Format(
            applicationID: 0x1234_5678,
            version: 3,
            creation: "CREATE TABLE numbers (value INTEGER, name TEXT);",
            migrations: [lastStep]
        )
        return DatabaseFile(path: path, format: format, busyMilliseconds: 0) { path, reason in
            kept.files.withLock { $0.append((path, reason)) }
        }
    }

    @Test func `a file of an older version is brought to this one and keeps its rows`() throws {
        try execute("INSERT INTO numbers VALUES (42); PRAGMA user_version = 2", in: file())
        let kept = Kept()
        let migrating = migrating(kept, lastStep: "ALTER TABLE numbers ADD COLUMN name TEXT;")
        // Who only reads changes nothing.
        #expect(try migrating.openForReading().integer("PRAGMA user_version") == 2)
        for _ in 0..<2 {
            let connection = try migrating.open { connection in connection }
            #expect(try connection.integer("PRAGMA user_version") == 3)
            #expect(try connection.integer("SELECT sum(value) FROM numbers WHERE name IS NULL") == 42)
        }
        #expect(kept.all.isEmpty)
    }

    @Test func `a step that fails changes nothing of the file, which is set aside whole`() throws {
        try execute("INSERT INTO numbers VALUES (42); PRAGMA user_version = 2", in: file())
        let kept = Kept()
        let migrating = migrating(kept, lastStep: "DELETE FROM numbers; ALTER TABLE nothing ADD COLUMN name TEXT;")
        _ = try migrating.open { connection in connection }
        #expect(try kept.all.map { try sum($0.path) } == [42])
    }

    @Test func `a version from before the first step is set aside`() throws {
        try execute("PRAGMA user_version = 1", in: file())
        let kept = Kept()
        _ = try migrating(kept, lastStep: "SELECT 1;").open { connection in connection }
        #expect(kept.all.map(\.reason) == [.otherVersion(1)])
    }

    @Test func `files set aside within one second have names of their own, which tell the time of UTC`() throws {
        let kept = Kept()
        for text in ["first", "second", "third"] {
            try Data("\(text) is no database".utf8).write(to: URL(filePath: path))
            try file(kept).open { _ in }
        }
        #expect(Set(kept.all.map(\.path)).count == 3)
        for kept in kept.all {
            #expect(kept.path.contains(/numbers\.sqlite\.set-aside-20\d{6}T\d{6}Z(-\d)?$/))
        }
        let texts = try kept.all.map { try String(contentsOf: URL(filePath: $0.path), encoding: .utf8) }
        #expect(texts == ["first is no database", "second is no database", "third is no database"])
    }

    @Test func `a file whose tables cannot be used is set aside as damaged`() throws {
        try execute("DROP TABLE numbers", in: file())
        let kept = Kept()
        try file(kept).open { connection throws(SQLiteError) in _ = try connection.prepare("SELECT value FROM numbers")
        }
        #expect(kept.all.count == 1)
        #expect(kept.all.allSatisfy { if case .damaged = $0.reason { true } else { false } })
        #expect(try sum(path) == 0)
    }

    @Test("a file that cannot be used is left where it is", arguments: ["/proc", "/no/such/folder"])
    func throwsForFolder(folder: String) {
        let kept = Kept()
        let file = DatabaseFile(
            path: "\(folder)/numbers.sqlite",
            format: DatabaseFileTests.format,
            busyMilliseconds: 0
        ) { path, reason in kept.files.withLock { $0.append((path, reason)) } }
        #expect(throws: SQLiteError.self) { try file.open { _ in } }
        #expect(kept.all.isEmpty)
    }

    @Test func `a locked file is busy, not damaged`() throws {
        let kept = Kept()
        let holder = try file().open { connection in connection }
        try holder.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; INSERT INTO numbers VALUES (1)")
        let error = #expect(throws: SQLiteError.self) { try file(kept).open { _ in } }
        #expect(error?.isBusy == true)
        #expect(kept.all.isEmpty)
    }
}
