import Engagement
import Foundation
import JSON
import Testing

@testable import EngagementAPI

/// A recorded request and response from `Tests/Fixtures/engagement-api`.
struct Fixture: Sendable, CustomTestStringConvertible {
    let name: String
    let label: String
    let groupBy: [GroupingDimension]
    let tweets: [TweetID]
    let types: EngagementTypeSet
    let response: JSONValue
    /// The response as bytes.
    let body: [UInt8]

    var testDescription: String { name }

    init(_ name: String) throws {
        self.name = name
        let file = Fixture.folder.appending(path: "\(name).json")
        let value = try JSONValue(parsing: Array(try Data(contentsOf: file)))
        let request = try #require(value["request"])
        let grouping = try #require(request["groupings"]?.members?.first)
        label = grouping.name
        groupBy = (grouping.value["group_by"]?.array ?? []).compactMap { $0.string.flatMap(GroupingDimension.init) }
        tweets = (request["tweet_ids"]?.array ?? []).compactMap { $0.string.flatMap { TweetID($0) } }
        types = EngagementTypeSet(
            (request["engagement_types"]?.array ?? []).compactMap { $0.string.flatMap(EngagementType.init(wireName:)) }
        )
        response = try #require(value["response"])
        let range = try Fixture.place(of: "response", in: Array(try Data(contentsOf: file)))
        body = range
    }

    func decoded() throws -> EngagementReply {
        try ResponseDecoding(label: label, groupBy: groupBy, tweets: tweets, types: types).decode(body)
    }

    static let names = [
        "totals-public", "totals-owned", "totals-unavailable", "totals-getting-started", "totals-old-video",
        "totals-over-90-days", "28hr-hourly", "historical-types-by-tweet", "hour-only-day-to-hour",
        "hour-only-histogram",
    ]

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/engagement-api").standardizedFileURL

    /// The bytes of a member as they stand in the file.
    private static func place(of name: String, in bytes: [UInt8]) throws -> [UInt8] {
        var reader = JSONReader(bytes)
        var range = 0..<0
        try reader.readObject { key, reader in
            let place = try reader.skipValue()
            if key == name { range = place }
        }
        return Array(bytes[range])
    }
}
