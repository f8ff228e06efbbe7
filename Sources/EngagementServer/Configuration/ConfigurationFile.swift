internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import Foundation
internal import GraphQL
internal import Ledger
internal import MetricCache
internal import MetricLoader
internal import MicroHTTP
public import Settings

/// Reading `config/engageql.yaml`.
extension ServerConfiguration {
    /// The settings of a file, overridden by environment variables.
    ///
    /// - Parameters:
    ///   - path: The file; nil reads the environment alone.
    ///   - environment: Names and values, such as those of the process.
    ///   - withSecrets: Whether the secrets of accounts are read. Without them accounts have names, but cannot sign.
    /// - Throws: ``SettingsError`` with file, line and key if the file cannot be read or says what makes no sense.
    public init(path: String?, environment: [String: String], withSecrets: Bool = true) throws(SettingsError) {
        var root: SettingsNode?
        if let path {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SettingsError(source: path, line: nil, key: "", reason: "cannot be read")
            }
            guard let text = String(validating: data, as: UTF8.self) else {
                throw SettingsError(source: path, line: nil, key: "", reason: "is not UTF-8 text")
            }
            root = try SettingsNode(parsing: text, source: path)
        }
        self.init()
        try root?.allow([
            "server", "cache", "upstream", "quota", "breaker", "usage", "accounts", "defaultAccount", "alsoReads",
            "limits", "archive", "graphql", "live", "webhooks", "cors", "dropIn", "lists", "log", "keys",
        ])
        try readServer(root, environment)
        try readCache(root, environment)
        try readShared(root, environment, secrets: withSecrets ? environment : nil)
        try readUpstream(root, environment)
        try readQuota(root, environment)
        try readUsage(root, environment)
        try readLimits(root, environment)
        try readArchive(root, environment)
        try readGraphQL(root, environment)
        try readLive(root, environment)
        try dropIn.read(root, environment)
        try readAccounts(root, withSecrets ? environment : nil)
        try readKeys(root)
        let folder = URL(filePath: path ?? ".").deletingLastPathComponent()
        try readLists(root, in: folder)
        try readWebhooks(root, withSecrets ? environment : nil, in: folder)
    }

    private mutating func readServer(_ root: SettingsNode?, _ environment: [String: String]) throws(SettingsError) {
        let keys: Set<String> = [
            "host", "port", "workers", "connections", "connectionsPerAddress", "headerBytes", "bodyBytes",
            "idleSeconds",
            "deadlineSeconds", "drainSeconds", "consoleFile", "graphiqlFile", "hosts", "anonymous",
        ]
        let reader = try ConfigurationReader(root, section: "server", keys: keys, environment: environment)
        try reader.read("host", into: &http.host)
        try reader.read("port", into: &http.port)
        try reader.read("workers", into: &http.workers, in: 1...1024)
        try reader.read("connections", into: &http.maximumConnections, in: 1...1_000_000)
        try reader.read("connectionsPerAddress", into: &http.maximumConnectionsPerAddress, in: 0...1_000_000)
        try reader.read("headerBytes", into: &http.maximumHeaderBytes, in: 1024...1 << 20)
        try reader.read("bodyBytes", into: &http.maximumBodyBytes, in: 1024...1 << 30)
        try reader.read("idleSeconds", into: &http.idleTimeoutSeconds, in: 1...86_400)
        try reader.read("deadlineSeconds", into: &deadlineSeconds, in: 1...3600)
        try reader.read("drainSeconds", into: &drainSeconds, in: 0...3600)
        try reader.read("consoleFile", into: &consoleFile)
        try reader.read("graphiqlFile", into: &graphiQLFile)
        try reader.read("hosts", into: &hosts)
        try reader.check(
            "hosts",
            hosts.allSatisfy { !$0.isEmpty && !$0.contains { ":/".contains($0) } },
            "expected names, without scheme and port"
        )
        try reader.read("anonymous", into: &anonymous)
    }

    private mutating func readCache(_ root: SettingsNode?, _ environment: [String: String]) throws(SettingsError) {
        let lives: [(key: String, field: WritableKeyPath<TimeToLive, Int>)] = [
            ("totalsFirstHourSeconds", \.totalsInFirstHour),
            ("totalsFirst6HoursSeconds", \.totalsInFirst6Hours),
            ("totalsFirstDaySeconds", \.totalsInFirstDay),
            ("totalsFirst7DaysSeconds", \.totalsInFirst7Days),
            ("totalsFirst30DaysSeconds", \.totalsInFirst30Days),
            ("totalsLaterSeconds", \.totalsLater),
            ("settleSeconds", \.seriesSettleGrace),
            ("recentHourSeconds", \.seriesRecentHour),
            ("settlingHourSeconds", \.seriesSettlingHour),
            ("unavailableSeconds", \.unavailable),
            ("forbiddenSeconds", \.forbidden),
            ("tooOldSeconds", \.tooOld),
            ("staleWhileRevalidateSeconds", \.staleWhileRevalidate),
            ("staleIfErrorSeconds", \.staleIfError),
        ]
        let keys = Set(
            [
                "folder", "memoryBytes", "fileBytes", "responseBytes", "purgeByMutation", "obeyRequests",
                "refreshEarly",
                "surrogateKeyHeader", "shared",
            ] + lives.map(\.key)
        )
        let reader = try ConfigurationReader(root, section: "cache", keys: keys, environment: environment)
        var folder = dataFolder ?? ""
        try reader.read("folder", into: &folder)
        dataFolder = folder
        let leastMemory = Int64(MetricCacheConfiguration.leastMemoryBytes)
        let leastFile = Int64(MetricCacheConfiguration.leastFileBytes)
        try reader.read("memoryBytes", into: &cache.memoryBytes, in: leastMemory...1 << 40)
        try reader.read("responseBytes", into: &responseBytes, in: 0...1 << 40)
        try reader.read("purgeByMutation", into: &purgeByMutation)
        try reader.read("obeyRequests", into: &obeyRequests)
        try reader.read("refreshEarly", into: &refreshEarly)
        var header = surrogateKeyHeader ?? "none"
        try reader.read("surrogateKeyHeader", into: &header)
        try reader.check(
            "surrogateKeyHeader",
            SurrogateKeys.isUsable(header: header),
            "expected the name of a header, such as Surrogate-Key, or none"
        )
        surrogateKeyHeader = header == "none" ? nil : header
        try reader.read("fileBytes", into: &cache.maximumFileBytes, in: leastFile...1 << 44)
        for (key, field) in lives {
            try reader.read(key, into: &cache.timeToLive[keyPath: field], in: 0...315_360_000)
        }
    }

    private mutating func readLimits(_ root: SettingsNode?, _ environment: [String: String]) throws(SettingsError) {
        let counts: [(key: String, field: WritableKeyPath<OperationLimits, Int>)] = [
            ("documentBytes", \.documentBytes),
            ("tokens", \.parser.maximumTokens),
            ("aliases", \.document.maximumAliases),
            ("directives", \.document.maximumDirectives),
            ("fragments", \.document.maximumFragments),
            ("rootFields", \.document.maximumRootFields),
            ("depth", \.document.maximumDepth),
            ("tweets", \.plan.maximumTweets),
            ("complexity", \.plan.maximumLookups),
            ("cells", \.plan.maximumCells),
            ("rowTweets", \.rowTweets),
            ("rowCells", \.rowCells),
            ("rankedTweets", \.rankedTweets),
            ("rankedCells", \.rankedCells),
            ("preparedDocuments", \.preparedDocuments),
        ]
        let keys = Set(counts.map(\.key) + ["nesting"])
        let reader = try ConfigurationReader(root, section: "limits", keys: keys, environment: environment)
        for (key, field) in counts { try reader.read(key, into: &limits[keyPath: field], in: 1...1_000_000_000) }
        // The parser's depth is the thread's stack.
        try reader.read("nesting", into: &limits.parser.maximumDepth, in: 1...1000)
    }

    private mutating func readGraphQL(_ root: SettingsNode?, _ environment: [String: String]) throws(SettingsError) {
        let keys: Set<String> = [
            "schemaFile", "queriesFolder", "edition", "introspection", "suggestions", "batch", "persistedQueries",
            "safelist", "listMutations",
        ]
        let reader = try ConfigurationReader(root, section: "graphql", keys: keys, environment: environment)
        try reader.read("schemaFile", into: &schemaFile)
        try reader.read("queriesFolder", into: &queriesFolder)
        try reader.read("edition", into: &edition)
        try reader.read("introspection", into: &limits.validation.introspection)
        try reader.read("suggestions", into: &limits.validation.suggestions)
        try reader.read("batch", into: &maximumBatch, in: 1...1000)
        try reader.read("persistedQueries", into: &persistedQueries, in: 0...1_000_000)
        try reader.read("safelist", into: &safelist)
        try reader.read("listMutations", into: &listMutations)
        let cors = try ConfigurationReader(root, section: "cors", keys: ["origins"], environment: environment)
        try cors.read("origins", into: &origins)
        try cors.check(
            "origins",
            origins.allSatisfy(CrossOrigin.isOrigin),
            "expected \"*\", or scheme, host and port as browsers send them, such as https://example.com"
        )
        let log = try ConfigurationReader(root, section: "log", keys: ["level"], environment: environment)
        try log.read("level", into: &logLevel)
    }

    private mutating func readAccounts(_ root: SettingsNode?, _ environment: [String: String]?) throws(SettingsError) {
        accounts = []
        for node in try root?.child("accounts")?.elements() ?? [] {
            let account = try AccountConfiguration(node, environment: environment)
            guard !accounts.contains(where: { $0.name == account.name }) else {
                throw node.error("there are two accounts named \(account.name)")
            }
            accounts.append(account)
        }
        defaultAccount = try root?.child("defaultAccount").map(knownAccount)
        alsoReads = []
        for node in try root?.child("alsoReads")?.elements() ?? [] { alsoReads.append(try knownAccount(node)) }
    }

    private func knownAccount(_ node: SettingsNode) throws(SettingsError) -> AccountName {
        let name = AccountName(try node.name())
        guard accounts.contains(where: { $0.name == name }) else {
            throw node.error("there is no account named \(name)")
        }
        return name
    }
}
