import Archive
import ArgumentParser
import Bytes
import Engagement
import EngagementAPI
import EngagementServer
import JSON
import MetricCache

/// `engageql cache purge`.
struct CachePurge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Remove stored numbers, so that they are fetched anew.",
        discussion: """
            A running server keeps numbers in memory too, so it has to purge them itself. Name it by --server: it is sent the \
            mutation purge, and when this returns nothing that was fetched before is served as if it were new.

              engageql cache purge --server http://127.0.0.1:8080 --tweet 1260294888811347969
              engageql cache purge --server http://127.0.0.1:8080 --account acme --family series --soft

            If the server asks for a key, that is taken from the environment variable ENGAGEQL_KEY; it has to be one that may purge.

            Without --server the file itself is purged, which is only done if no process has it open. If one has, nothing is \
            changed and the exit code is 69. A server that is started meanwhile runs in memory until this is over.

              engageql cache purge --everything

            --list means the Tweets that are on a list now: the server's, or those of the configuration and of lists.sqlite.

            Numbers have to fit all of --tweet or --list, --account and --family that are given. --account means the numbers that only \
            this account may see; public ones are nobody's.

            Totals of the past are in the archive beside the cache: they are removed too, unless --soft is given.

            --soft keeps numbers for when the Engagement API gives nothing newer. Otherwise they are gone, and quota is spent to \
            get them again. Answers that other caches or browsers have kept cannot be called back.
            """
    )

    @Option(help: ArgumentHelp("Numbers of this Tweet; may be repeated, or be several with commas.", valueName: "id"))
    var tweet: [String] = []

    @Option(help: ArgumentHelp("Numbers of the Tweets on this list.", valueName: "name"))
    var list: String?

    @Option(help: ArgumentHelp("Numbers that only this account may see.", valueName: "name"))
    var account: String?

    @Option(help: ArgumentHelp("Only totals, or only series: counts over time.", valueName: "totals|series"))
    var family: Family?

    @Flag(help: "All that is stored.")
    var everything = false

    @Flag(help: "Keep the numbers, but serve them only if there is nothing newer to be had.")
    var soft = false

    @Option(help: ArgumentHelp("Have this server purge, such as http://127.0.0.1:8080.", valueName: "url"))
    var server: String?

    @OptionGroup var file: DataOptions

    enum Family: String, ExpressibleByArgument {
        case totals
        case series
    }

    func validate() throws {
        let selection = try selection()
        if list != nil, selection.tweets != nil { throw ValidationError("Give --tweet or --list, not both.") }
        if selection == .everything, list == nil, !everything {
            throw ValidationError("Name what to purge: --tweet, --list, --account, --family, or --everything.")
        }
        if selection != .everything || list != nil, everything {
            throw ValidationError("--everything stands alone: --tweet, --list, --account and --family select a part.")
        }
        try RemoteServer.validate(server, isAlone: !file.isGiven)
    }

    func run() async throws {
        var selection = try selection()
        let kind: PurgeKind = soft ? .soft : .hard
        if let server {
            try await CachePurge.purge(selection, kind, list: list, by: RemoteServer(server))
        } else {
            if let list { selection.tweets = try file.tweets(ofList: list) }
            let (path, archivePath) = try file.paths()
            let rows: Int
            do throws(StoredCacheError) {
                rows = try StoredCache.purge(path: path, selection, kind)
            } catch {
                guard case .inUse = error else { throw Failure(error) }
                let url = try file.settings(withSecrets: false).localURL
                let hint = "if that is a server, have it purge: --server \(url)"
                throw Failure(.unavailable, "\(error): \(hint)")
            }
            try CachePurge.purge(selection, kind, archive: archivePath)
            Terminal.print("\(path): purged \(selection): \(rows) rows")
        }
    }

    private func selection() throws -> PurgeSelection {
        var selection = PurgeSelection(account: account.map { AccountName($0) })
        selection.family = family.map { $0 == .totals ? .totals : .series }
        let ids = tweet.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        if !ids.isEmpty {
            selection.tweets = try ids.map { id in
                guard let tweet = TweetID(id) else {
                    throw ValidationError("--tweet \(id): a Tweet's id is its decimal digits.")
                }
                return tweet
            }
        }
        return selection
    }

    /// Removes what was kept of the past, which nobody else has open if the cache was nobody's.
    private static func purge(_ selection: PurgeSelection, _ kind: PurgeKind, archive path: String) throws {
        guard Terminal.existing(path) != nil else { return }
        let archive = try Archive(ArchiveConfiguration(path: path)) { event in
            if case .opened = event { return }
            Terminal.complain("\(event)")
        }
        defer { archive.close() }
        if !archive.purge(selection, kind) { throw Failure(.unavailable, "\(path) could not be purged") }
    }

    // MARK: - By a server

    private static func purge(
        _ selection: PurgeSelection,
        _ kind: PurgeKind,
        list: String?,
        by server: RemoteServer
    ) async throws {
        let answer = try await server.answer(to: PurgeRequest(selection, kind, list: list).body)
        if let errors = answer["errors"]?.array, !errors.isEmpty {
            for error in errors { Terminal.complain(error["message"]?.string ?? "the server refused the purge") }
            throw ExitCode.failure
        }
        guard let result = answer["data"]?["purge"], let purgedAt = result["purgedAt"]?.string else {
            throw Failure(.unavailable, "\(server.url) did not purge: it is no EngageQL server, or another version")
        }
        let what = [list.map { "list \($0)" }, selection == .everything && list != nil ? nil : "\(selection)"]
            .compactMap(\.self).joined(separator: ", ")
        Terminal.print("\(server.url): purged \(what) at \(purgedAt)")
        if result["isPublished"] == .boolean(false) {
            Terminal.complain("the shared tier cannot be reached: the other nodes are told as soon as it can be")
        }
        guard result["isDurable"] == .boolean(true) else {
            Terminal.complain("the server cannot write its cache file: the purge holds as long as the server runs")
            throw ExitCode.failure
        }
    }
}

/// The mutation that a server is sent.
private struct PurgeRequest {
    let body: [UInt8]

    /// A server without lists does not know that argument, so it is sent only if it is given.
    private static let listMutation = """
        mutation Purge($list: String!, $account: String, $family: MetricFamily, $soft: Boolean!) { \
        purge(list: $list, account: $account, family: $family, soft: $soft) { purgedAt isDurable isPublished } }
        """

    private static let mutation = """
        mutation Purge($tweetIds: [ID!], $account: String, $family: MetricFamily, $everything: Boolean!, $soft: Boolean!) { \
        purge(tweetIds: $tweetIds, account: $account, family: $family, everything: $everything, soft: $soft) \
        { purgedAt isDurable isPublished } }
        """

    init(_ selection: PurgeSelection, _ kind: PurgeKind, list: String?) {
        var variables: [JSONValue.Member] = [.init("soft", .boolean(kind == .soft))]
        if let list {
            variables.append(.init("list", .string(list)))
        } else {
            variables.append(.init("everything", .boolean(selection == .everything)))
        }
        if let tweets = selection.tweets {
            variables.append(.init("tweetIds", .array(tweets.map { .string("\($0)") })))
        }
        if let account = selection.account { variables.append(.init("account", .string(account.rawValue))) }
        if let family = selection.family {
            variables.append(.init("family", .string(family == .totals ? "TOTALS" : "SERIES")))
        }
        let request = JSONValue.object([
            .init("query", .string(list == nil ? PurgeRequest.mutation : PurgeRequest.listMutation)),
            .init("variables", .object(variables)),
        ])
        var buffer = ByteBuffer()
        buffer.append(json: request)
        body = buffer.freeze().array
    }
}
