internal import Engagement
internal import EngagementGraph
internal import Foundation
internal import Settings

/// The section `lists`.
extension ServerConfiguration {
    /// - Parameter folder: Where files of ids are, unless their paths are absolute.
    internal mutating func readLists(_ root: SettingsNode?, in folder: URL) throws(SettingsError) {
        lists = []
        var known: Set<ListName> = []
        var count = 0
        for node in try root?.child("lists")?.elements() ?? [] {
            let list = try NamedList(node, in: folder)
            guard known.insert(list.name).inserted else { throw node.error("there are two lists named \(list.name)") }
            count += list.tweets.count
            guard known.count <= ListDirectory.maximumLists, count <= ListDirectory.maximumTweets else {
                throw node.error(
                    "there are at most \(ListDirectory.maximumLists) lists, with \(ListDirectory.maximumTweets) Tweets together"
                )
            }
            lists.append(list)
        }
    }
}

extension NamedList {
    fileprivate init(_ node: SettingsNode, in folder: URL) throws(SettingsError) {
        try node.allow(["name", "description", "account", "tweetIds", "file", "refresh"])
        let nameNode = try node.required("name")
        guard let name = ListName(try nameNode.name()) else { throw nameNode.error("expected \(ListName.rule)") }
        let tweets: [TweetID]
        switch (node.child("tweetIds"), node.child("file")) {
        case (let ids?, nil):
            var inline: [TweetID] = []
            for id in try ids.elements() {
                guard let tweet = TweetID(try id.text()) else {
                    throw id.error("expected a Tweet's id: decimal digits")
                }
                inline.append(tweet)
            }
            tweets = inline
        case (nil, let file?): tweets = try TweetFile.tweets(file, in: folder)
        default: throw node.error("expected tweetIds or file, one of both")
        }
        self.init(name, tweets, isConfigured: true)
        guard self.tweets.count <= NamedList.maximumTweets else {
            throw node.error("has \(self.tweets.count) Tweets: a list has at most \(NamedList.maximumTweets)")
        }
        if let node = node.child("description") {
            let text = try node.text()
            guard text.utf8.count <= NamedList.maximumDescriptionBytes else {
                throw node.error("expected at most \(NamedList.maximumDescriptionBytes) bytes")
            }
            description = text
        }
        account = try node.child("account").map { node throws(SettingsError) in AccountName(try node.name()) }
        refresh = try node.child("refresh").map { node throws(SettingsError) in try ListRefresh(node) }
    }
}

extension ListRefresh {
    fileprivate init(_ node: SettingsNode) throws(SettingsError) {
        try node.allow(["everySeconds", "totals", "last28Hours", "historical", "historicalDays"])
        self.init()
        everySeconds = try node.child("everySeconds").map { node throws(SettingsError) in
            Int(try node.integer(in: ListRefresh.everySecondsBounds))
        }
        if let node = node.child("historicalDays") {
            historicalDays = Int(try node.integer(in: ListRefresh.historicalDaysBounds))
        }
        if let node = node.child("totals") { totals = try ListRefresh.types(node, of: .totals) }
        if let node = node.child("last28Hours") { last28Hours = try ListRefresh.types(node, of: .series) }
        if let node = node.child("historical") { historical = try ListRefresh.types(node, of: .series) }
    }

    /// Names of fields, such as `quoteTweets`.
    private static func types(
        _ node: SettingsNode,
        of family: EngagementTypeSet
    ) throws(SettingsError) -> EngagementTypeSet {
        var types: EngagementTypeSet = []
        for element in try node.elements() {
            let name = try element.name()
            guard let type = family.types.first(where: { $0.fieldName == name }) else {
                let known = family.types.map(\.fieldName).joined(separator: ", ")
                throw element.error("expected one of \(known)")
            }
            types.formUnion(EngagementTypeSet(type))
        }
        return types
    }
}

/// A file of ids, one a line. Empty lines and those that begin with a number sign are passed over.
private enum TweetFile {
    /// Room for as many ids as a list may have, with a line of text for each.
    private static let maximumBytes = 8 << 20

    static func tweets(_ node: SettingsNode, in folder: URL) throws(SettingsError) -> [TweetID] {
        let name = try node.name()
        let path = URL(filePath: name, relativeTo: folder).path
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? nil
        guard let size, let data = FileManager.default.contents(atPath: path) else {
            throw node.error("\(path) cannot be read")
        }
        guard size <= maximumBytes, data.count <= maximumBytes else {
            throw node.error("\(path) has more than \(maximumBytes) bytes")
        }
        var tweets: [TweetID] = []
        for (index, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespaces)
                .trimmingCharacters(in: .newlines)
            if text.isEmpty || text.hasPrefix("#") { continue }
            guard let tweet = TweetID(text) else {
                let shown = text.count > 40 ? "\(text.prefix(40))…" : text
                throw SettingsError(
                    source: path,
                    line: index + 1,
                    key: node.path,
                    reason: "\"\(shown)\" is no Tweet id: expected decimal digits, one id a line"
                )
            }
            tweets.append(tweet)
        }
        return tweets
    }
}
