/// All lists as they are at one moment.
public struct ListDirectory: Equatable, Sendable {
    /// Grows with every change: what was made from a list holds as long as this stays the same.
    public private(set) var version: UInt64
    /// Why lists that were saved are not among these; nil if all are.
    public var lacking: String?
    private var lists: [ListName: NamedList]

    /// The most lists, and the most Tweets of all of them together.
    public static let maximumLists = 1000
    public static let maximumTweets = 1_000_000

    public init(_ lists: [NamedList] = [], version: UInt64 = 0, lacking: String? = nil) {
        self.version = version
        self.lacking = lacking
        self.lists = Dictionary(lists.map { ($0.name, $0) }) { first, _ in first }
    }

    public subscript(name: ListName) -> NamedList? { lists[name] }

    /// In the order of their names.
    public var all: [NamedList] { lists.values.sorted { $0.name < $1.name } }

    public var names: [String] { lists.keys.map(\.rawValue) }

    public var count: Int { lists.count }

    /// Makes a change, and returns the list as it is then; of one that is deleted, as it was.
    ///
    /// - Throws: ``ListChangeError``, and nothing is changed.
    @discardableResult
    public mutating func apply(_ change: ListChange) throws(ListChangeError) -> NamedList {
        let list = try outcome(of: change)
        if case .delete = change { lists[list.name] = nil } else { lists[list.name] = list }
        version += 1
        return list
    }

    /// The list that a change leaves; of one that is deleted, as it was.
    private func outcome(of change: ListChange) throws(ListChangeError) -> NamedList {
        let known = lists[change.name]
        if known?.isConfigured == true { throw .configured(change.name) }
        var list: NamedList
        switch change {
        case .save(let saved):
            guard known != nil || lists.count < ListDirectory.maximumLists else { throw .tooManyLists }
            list = saved
        case .add(let name, let tweets):
            guard let known else { throw .unknown(name) }
            list = known
            list.add(tweets)
        case .remove(let name, let tweets):
            guard let known else { throw .unknown(name) }
            list = known
            list.remove(tweets)
        case .delete(let name):
            guard let known else { throw .unknown(name) }
            return known
        }
        guard list.tweets.count <= NamedList.maximumTweets else { throw .tooManyTweets(list.name, list.tweets.count) }
        let others = lists.values.reduce(0) { $0 + $1.tweets.count } - (known?.tweets.count ?? 0)
        guard others + list.tweets.count <= ListDirectory.maximumTweets else { throw .tooManyTweetsInAll }
        return list
    }
}

/// One change of the lists.
public enum ListChange: Equatable, Sendable {
    /// Makes a list, or puts it in the place of one with its name.
    case save(NamedList)
    case add(ListName, [TweetID])
    case remove(ListName, [TweetID])
    case delete(ListName)

    public var name: ListName {
        switch self {
        case .save(let list): list.name
        case .add(let name, _), .remove(let name, _), .delete(let name): name
        }
    }
}

/// Why a list is not changed.
public enum ListChangeError: Error, Equatable, Sendable {
    case unknown(ListName)
    /// It stands in the configuration.
    case configured(ListName)
    case tooManyTweets(ListName, Int)
    case tooManyTweetsInAll
    case tooManyLists
    /// There is a list of that name, which is not for whoever makes the change to see.
    case taken(ListName)
    /// The file of the lists cannot be written, for this reason.
    case notWritten(String)
}

extension ListChangeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknown(let name): "There is no list \"\(name)\": saveList makes one."
        case .configured(let name):
            "The list \"\(name)\" stands in the configuration (lists), where alone it can be changed."
        case .tooManyTweets(let name, let count):
            "The list \"\(name)\" would have \(count) Tweets: a list has at most \(NamedList.maximumTweets)."
        case .tooManyTweetsInAll:
            "All lists together have at most \(ListDirectory.maximumTweets) Tweets: remove some first."
        case .tooManyLists: "There are at most \(ListDirectory.maximumLists) lists: remove one first (removeList)."
        case .taken(let name): "The name \"\(name)\" is taken: choose another one."
        case .notWritten(let reason): "The lists cannot be written, so nothing was changed: \(reason)."
        }
    }
}
