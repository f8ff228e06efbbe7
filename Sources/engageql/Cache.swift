import ArgumentParser
import Engagement
import EngagementServer
import MetricCache

/// `engageql cache`: each subcommand is a file of `Cache`.
struct Cache: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look into the cache file, check it, purge it, or export its numbers.",
        discussion: """
            The file is cache.sqlite in the data folder (cache.folder, --data). stats, verify and export only read: they may be \
            run while a server uses the file, which they neither lock nor change. purge needs the server, if one is running.

            Exit codes of all of them: 0 done, 1 something is wrong with the file, or the purge was refused, 64 wrong usage, \
            66 there is no file, or it is no cache file of this version, 69 the file is in use or the server cannot be asked, \
            73 the export cannot be written, 78 the configuration is bad.
            """,
        subcommands: [CacheStats.self, CacheVerify.self, CachePurge.self, CacheExport.self]
    )
}

/// The cache file that is meant, and what lies beside it.
extension DataOptions {
    /// - Throws: ``Failure`` if the configuration is bad, or keeps nothing in a file.
    func path() throws(Failure) -> String {
        try paths().cache
    }

    /// The files of cache and archive.
    func paths() throws(Failure) -> (cache: String, archive: String) {
        let settings = try settings(withSecrets: false)
        guard let folder = settings.dataFolder else {
            throw Failure(.configuration, "cache.folder names no folder: name one with --data")
        }
        let cache = sandbox ? ServerConfiguration.sandboxCacheFileName : settings.cacheFileName
        let archive = sandbox ? ServerConfiguration.sandboxArchiveFileName : settings.archiveFileName
        let madeUp = "\(folder)/\(ServerConfiguration.sandboxCacheFileName)"
        if !sandbox, Terminal.existing("\(folder)/\(cache)") == nil, Terminal.existing(madeUp) != nil {
            throw Failure(.noInput, "there is no \(folder)/\(cache): --sandbox means \(madeUp), which is there")
        }
        return ("\(folder)/\(cache)", "\(folder)/\(archive)")
    }

    /// The Tweets of a list of the configuration, or of one that was saved in the data folder.
    ///
    /// - Throws: ``Failure`` if there is no such list, or it has no Tweets.
    func tweets(ofList name: String) throws(Failure) -> [TweetID] {
        let lists = try lists()
        guard let list = ListName(name).flatMap({ lists[$0] }) else {
            let names = lists.names.sorted().prefix(20).joined(separator: ", ")
            let known = names.isEmpty ? "there are none" : "there are \(names)"
            throw Failure(.noInput, "there is no list \(name): \(known)")
        }
        guard !list.tweets.isEmpty else { throw Failure(.noInput, "the list \(name) is empty") }
        return list.tweets
    }

    /// The lists of the configuration and those that were saved in the data folder.
    func lists() throws(Failure) -> ListDirectory {
        var settings = try settings(withSecrets: false)
        if sandbox { settings.listsFileName = ServerConfiguration.sandboxListsFileName }
        return settings.storedLists { Terminal.complain($0) }
    }

    /// The file, opened for looking into it.
    func open() throws(Failure) -> StoredCache {
        let path = try path()
        return try Failure.from { () throws(StoredCacheError) in try StoredCache(path: path) }
    }
}

extension Failure {
    /// Runs `body`, whose errors become failures.
    static func from<Result>(_ body: () throws(StoredCacheError) -> Result) throws(Failure) -> Result {
        do throws(StoredCacheError) {
            return try body()
        } catch {
            throw Failure(error)
        }
    }

    init(_ error: StoredCacheError) {
        switch error {
        case .missing, .unusable, .failed: self.init(.noInput, "\(error)")
        case .inUse: self.init(.unavailable, "\(error)")
        }
    }
}
