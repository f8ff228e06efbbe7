internal import Engagement
internal import JSON

/// The members of a request body as they were written (dossier §3), before any rule of an endpoint is applied.
///
/// Members that the API does not know are passed over, as are `start` and `end` where they mean nothing: no source says that
/// the API refuses them.
internal struct DropInRequest {
    private(set) var tweets: [TweetID]?
    private(set) var engagementTypes: [String]?
    private(set) var groupings: [(label: String, groupBy: [String])]?
    private(set) var start: String?
    private(set) var end: String?

    init(_ body: [UInt8]) throws(DropInRefusal) {
        do {
            var reader = JSONReader(body, maximumDepth: 16)
            try reader.readObject { key, reader in try self.read(key, &reader) }
            try reader.readEnd()
        } catch let refusal as DropInRefusal {
            throw refusal
        } catch {
            throw .badRequest("The request is not valid JSON: \(error).")
        }
    }

    private mutating func read(_ key: String, _ reader: inout JSONReader) throws {
        switch key {
        case "tweet_ids": tweets = try DropInRequest.array(key, &reader, DropInRequest.tweet)
        case "engagement_types":
            engagementTypes = try DropInRequest.array(key, &reader) { try DropInRequest.string(key, &$0) }
        case "groupings": groupings = try DropInRequest.groupings(&reader)
        case "start": start = try DropInRequest.optionalString(key, &reader)
        case "end": end = try DropInRequest.optionalString(key, &reader)
        default: try reader.skipValue()
        }
    }

    /// Clients send strings or bare integers. Modern ids exceed 2^53, so an integer is read from its digits.
    private static func tweet(_ reader: inout JSONReader) throws -> TweetID {
        let digits: ArraySlice<UInt8>
        switch try reader.peek() {
        case .string: digits = try reader.readStringContent()
        case .number: digits = try reader.readNumber()
        default: throw DropInRefusal.badRequest("tweet_ids must be an array of strings.")
        }
        guard let tweet = TweetID(utf8: digits) else {
            throw DropInRefusal.badRequest("tweet_ids: no Tweet has the ID \(quoted(digits)).")
        }
        return tweet
    }

    private static func groupings(_ reader: inout JSONReader) throws -> [(label: String, groupBy: [String])] {
        guard try reader.peek() == .object else {
            throw DropInRefusal.badRequest("groupings must be an object.")
        }
        var groupings: [(label: String, groupBy: [String])] = []
        try reader.readObject { label, reader in
            var groupBy: [String]?
            if try reader.peek() == .object {
                try reader.readObject { key, reader in
                    if key == "group_by" {
                        groupBy = try array(key, &reader) { try string(key, &$0) }
                    } else {
                        try reader.skipValue()
                    }
                }
            } else {
                try reader.skipValue()
            }
            guard let groupBy else {
                throw DropInRefusal.badRequest("Each of groupings must be {\"group_by\": [names]}.")
            }
            groupings.append((label, groupBy))
        }
        return groupings
    }

    private static func array<Element>(
        _ key: String,
        _ reader: inout JSONReader,
        _ read: (inout JSONReader) throws -> Element
    ) throws -> [Element] {
        guard try reader.peek() == .array else {
            throw DropInRefusal.badRequest("\(key) must be an array of strings.")
        }
        var elements: [Element] = []
        try reader.readArray { reader in elements.append(try read(&reader)) }
        return elements
    }

    private static func string(_ key: String, _ reader: inout JSONReader) throws -> String {
        guard try reader.peek() == .string else {
            throw DropInRefusal.badRequest("\(key) must be an array of strings.")
        }
        return try reader.readString()
    }

    /// Clients that always write both keys write null for the one that is not set.
    private static func optionalString(_ key: String, _ reader: inout JSONReader) throws -> String? {
        if try reader.readNullIfPresent() { return nil }
        guard try reader.peek() == .string else { throw DropInRefusal.badRequest("\(key) must be a string.") }
        return try reader.readString()
    }

    /// A caller's text in a sentence of ours: not more of it than a person reads.
    private static func quoted(_ text: ArraySlice<UInt8>) -> String {
        "\"\(String(decoding: text.prefix(40), as: UTF8.self))\""
    }
}
