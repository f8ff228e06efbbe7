internal import Digests
internal import Engagement
internal import EngagementGraph
internal import GraphQL

/// A strong validator of a response (RFC 9110 §8.8.3): equal tags, equal bytes.
///
/// It is made from what the bytes are made from, and not from the bytes, so that a client that has them already is answered
/// without making them again. Numbers that were fetched again and are the same have the same tag, unless the answer shows
/// when they were fetched.
internal struct EntityTag: Hashable, Sendable {
    /// With its quotation marks.
    let text: String

    init(_ text: String) {
        self.text = text
    }

    /// - Parameters:
    ///   - format: What the answer is written as: another media type or column format is another representation.
    ///   - contract: Hash of what else forms answers: the schema.
    init(_ answer: OperationAnswer, format: String, contract: [UInt8], schema: EngagementSchema) {
        var seed: [UInt8] = [EntityTag.edition]
        seed += contract
        seed += format.utf8
        seed.append(0)
        seed += answer.operation.source.bytes
        let showsTimes = schema.showsFetchTimes(answer.operation)
        if answer.plan.lists != nil {
            // The document does not say of which Tweets the numbers are.
            for tweet in answer.tables.lazy.flatMap(\.need.tweets) {
                EntityTag.append(Int64(tweet.rawValue), to: &seed)
            }
        }
        for table in answer.tables {
            seed.append(table.need.family == .totals ? 0 : 1)
            for moment in table.need.moments ?? [] { EntityTag.append(moment.milliseconds, to: &seed) }
            if let window = table.need.window {
                EntityTag.append(Int64(window.start.index), to: &seed)
                EntityTag.append(Int64(window.end.index), to: &seed)
            }
            seed.reserveCapacity(seed.count + table.cells.count * 13)
            for cell in table.cells {
                seed.append(cell.state.rawValue)
                EntityTag.append(cell.count, to: &seed)
                if showsTimes { EntityTag.append(Int64(cell.fetchedAt), to: &seed) }
            }
        }
        text = "\"" + Hexadecimal.encode(Array(SHA256.hash(seed).prefix(16))) + "\""
    }

    /// To be raised when the same numbers are written otherwise than in the release before.
    private static let edition: UInt8 = 1

    private static func append(_ value: Int64, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> Int64(shift))) }
    }
}

/// The header `If-None-Match` (RFC 9110 §13.1.2).
internal enum EntityTagCondition: Equatable, Sendable {
    /// `*`: any response will do.
    case any
    case tags([EntityTag])

    /// Nil for a header that has neither: it is as if it were not there.
    init?(_ header: String) {
        let text = header.utf8.filter { $0 != 0x20 && $0 != 0x09 }
        if text.elementsEqual("*".utf8) {
            self = .any
            return
        }
        var tags: [EntityTag] = []
        var rest = text[...]
        while !rest.isEmpty {
            if rest.first == UInt8(ascii: ",") {
                rest.removeFirst()
                continue
            }
            // The comparison is the weak one: a mark of weakness is passed over.
            if rest.starts(with: "W/".utf8) { rest.removeFirst(2) }
            guard rest.first == UInt8(ascii: "\""),
                let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\""))
            else { return nil }
            tags.append(EntityTag(String(decoding: rest[...end], as: UTF8.self)))
            rest = rest[(end + 1)...]
        }
        if tags.isEmpty { return nil }
        self = .tags(tags)
    }

    /// Whether the client has the response of that tag.
    func holds(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains(tag)
        }
    }
}
