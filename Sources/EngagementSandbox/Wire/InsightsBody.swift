internal import Engagement
internal import JSON

/// The members of a request body (dossier §3) as they were written, before any rule is applied.
struct InsightsBody {
    private(set) var tweetIDs: [TweetID]?
    private(set) var engagementTypes: [String]?
    private(set) var groupings: [(name: String, groupBy: [String])]?
    private(set) var start: String?
    private(set) var end: String?
    private(set) var unknownKeys: [String] = []

    /// Which of `start` and `end` are there.
    var windowKeys: [String] { (start == nil ? [] : ["start"]) + (end == nil ? [] : ["end"]) }

    /// Reads a body, or refuses it with 400.
    init(_ bytes: [UInt8], idsAsStringsOnly: Bool) throws(Refusal) {
        do {
            var reader = JSONReader(bytes, maximumDepth: 16)
            try reader.readObject { key, reader in
                try self.read(key, &reader, idsAsStringsOnly: idsAsStringsOnly)
            }
            try reader.readEnd()
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal(400, InventedWording.malformed("\(error)"))
        }
    }

    private mutating func read(_ key: String, _ reader: inout JSONReader, idsAsStringsOnly: Bool) throws {
        switch key {
        case "tweet_ids":
            tweetIDs = try InsightsBody.array(key, &reader) { reader in
                try InsightsBody.tweetID(&reader, stringsOnly: idsAsStringsOnly)
            }
        case "engagement_types":
            engagementTypes = try InsightsBody.strings(key, &reader)
        case "groupings":
            groupings = try InsightsBody.groupings(&reader)
        case "start":
            start = try InsightsBody.string(key, &reader)
        case "end":
            end = try InsightsBody.string(key, &reader)
        default:
            unknownKeys.append(key)
            try reader.skipValue()
        }
    }

    /// Modern ids exceed 2^53, so an integer is read from its digits, never through a floating-point number.
    private static func tweetID(_ reader: inout JSONReader, stringsOnly: Bool) throws -> TweetID {
        let text =
            switch try reader.peek() {
            case .string: try reader.readString()
            case .number where !stringsOnly: String(decoding: try reader.readNumber(), as: UTF8.self)
            default: throw Refusal(400, InventedWording.wrongKind("tweet_ids", expected: "an array of strings"))
            }
        guard let id = TweetID(text) else { throw Refusal(400, InventedWording.invalidTweetID(text)) }
        return id
    }

    private static func groupings(_ reader: inout JSONReader) throws -> [(name: String, groupBy: [String])] {
        guard try reader.peek() == .object else {
            throw Refusal(400, InventedWording.wrongKind("groupings", expected: "an object"))
        }
        var groupings: [(name: String, groupBy: [String])] = []
        try reader.readObject { name, reader in
            guard try reader.peek() == .object else { throw Refusal(400, InventedWording.malformedGrouping(name)) }
            var groupBy: [String]?
            try reader.readObject { key, reader in
                guard key == "group_by" else { throw Refusal(400, InventedWording.malformedGrouping(name)) }
                groupBy = try InsightsBody.strings("group_by", &reader)
            }
            guard let groupBy else { throw Refusal(400, InventedWording.malformedGrouping(name)) }
            groupings.append((name, groupBy))
        }
        return groupings
    }

    private static func strings(_ key: String, _ reader: inout JSONReader) throws -> [String] {
        try array(key, &reader) { reader in
            guard try reader.peek() == .string else {
                throw Refusal(400, InventedWording.wrongKind(key, expected: "an array of strings"))
            }
            return try reader.readString()
        }
    }

    private static func string(_ key: String, _ reader: inout JSONReader) throws -> String {
        guard try reader.peek() == .string else {
            throw Refusal(400, InventedWording.wrongKind(key, expected: "a string"))
        }
        return try reader.readString()
    }

    private static func array<Element>(
        _ key: String,
        _ reader: inout JSONReader,
        _ read: (inout JSONReader) throws -> Element
    ) throws -> [Element] {
        guard try reader.peek() == .array else {
            throw Refusal(400, InventedWording.wrongKind(key, expected: "an array of strings"))
        }
        var elements: [Element] = []
        try reader.readArray { reader in elements.append(try read(&reader)) }
        return elements
    }
}
