import Engagement
import EngagementServer
import Foundation
import FoundationXML
import JSON
import TestSupport
import Testing

@Suite("An OData feed over HTTP")
struct ODataServerTests {
    private static let ids = [
        "2120788687057846272", "1260294888811347969", "2105568396702646272", "850006245121695744", "223456789",
    ]

    /// A server with three lists, of which one is empty.
    private static func bed() throws -> TestBed {
        try TestBed { server, _ in
            let tweets = Self.ids.compactMap { TweetID($0) }
            server.lists = try [("b-1", tweets), ("a", Array(tweets.prefix(2))), ("empty", [])].map { name, tweets in
                NamedList(try #require(ListName(name)), tweets, isConfigured: true)
            }
        }
    }

    private static func get(
        _ bed: TestBed,
        _ path: String,
        _ headers: [(name: String, value: String)] = []
    ) async throws -> RawClient.Response {
        let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? path
        return try await bed.send("GET", escaped.replacingOccurrences(of: "+", with: "%2B"), headers: headers)
    }

    /// All pages of a table, one after another.
    private static func all(
        _ bed: TestBed,
        _ path: String,
        pageRows: Int
    ) async throws -> (rows: [JSONValue], pages: Int, count: Int64?) {
        var (rows, pages, count): ([JSONValue], Int, Int64?) = ([], 0, nil)
        var next: String? = path
        while let path = next, pages < 1000 {
            let response = try await get(bed, path, [(name: "Prefer", value: "odata.maxpagesize=\(pageRows)")])
            let page = try JSONValue(parsing: response.body)
            guard response.status == 200, let value = page["value"]?.array else {
                throw TestBed.Failure(reason: "\(path): \(response.text)")
            }
            #expect(value.count <= pageRows)
            rows += value
            count = page["@odata.count"]?.integer ?? count
            pages += 1
            next = page["@odata.nextLink"]?.string?.removingPercentEncoding.map {
                String($0.dropFirst("http://test".count))
            }
        }
        return (rows, pages, count)
    }

    @Test("Pages are the whole, however it is cut: $skip, $top, page sizes, conditions, orders")
    func pages() async throws {
        let bed = try Self.bed()
        let window = "date ge 2026-11-10 and date lt 2026-11-13"
        let select = "$select=list,tweetId,date,impressions,engagements"
        var random = SeededGenerator(seed: 21)
        for (set, filter, order) in [
            ("Daily", window, ""), ("b_1_Daily", window, ""), ("b_1_Daily", window, "impressions desc,date"),
            ("b_1_Daily", window + " and impressions gt 0", ""), ("Daily", window + " and impressions gt 0", ""),
            ("Daily", window + " and list eq 'b-1'", "tweetId,date desc"),
            ("Daily", window + " and date ne 2026-11-11", ""),
            ("Daily", window + " and (list eq 'a' or date eq 2026-11-10)", ""),
            ("Daily", window + " and tweetId in ('\(Self.ids[0])','\(Self.ids[3])')", ""),
        ] {
            let base = "/odata/\(set)?\(select)&$filter=\(filter)" + (order.isEmpty ? "" : "&$orderby=\(order)")
            let whole = try await Self.all(bed, base, pageRows: 10_000).rows
            #expect(!whole.isEmpty)
            for _ in 0..<4 {
                let skip = Int.random(in: 0...whole.count, using: &random)
                let top = Int.random(in: 0...whole.count + 1, using: &random)
                let rows = Int.random(in: 1...5, using: &random)
                let part = try await Self.all(bed, "\(base)&$skip=\(skip)&$top=\(top)", pageRows: rows)
                #expect(part.rows == Array(whole.dropFirst(skip).prefix(top)), "\(base) \(skip) \(top) \(rows)")
            }
            #expect(try await Self.all(bed, base, pageRows: 2).rows == whole)
        }
        // 7 Tweets in all lists, 3 days.
        let counted = try await Self.all(bed, "/odata/Daily?$filter=\(window)&$count=true&$top=1", pageRows: 100)
        #expect(counted.count == 21 && counted.rows.count == 1)
        #expect(try await Self.get(bed, "/odata/Daily/$count?$filter=\(window)").text == "21")
        await bed.server.drain()
    }

    @Test("The numbers are those of GraphQL")
    func numbers() async throws {
        let bed = try Self.bed()
        let fields =
            "list:tweetId tweetId impressions engagements favorites retweets quoteTweets replies videoViews engagementRate"
        let wanted = try await bed.ask("{ totals(list: \"b-1\") { \(fields) } }")["data"]?["totals"]?.array ?? []
        let found = try await Self.all(bed, "/odata/b_1_Totals", pageRows: 2)
        #expect(found.pages == 3 && wanted.count == 5)
        for (row, entity) in zip(wanted, found.rows) {
            #expect(entity["list"] == "b-1" && entity["asOf"] != nil)
            for (name, value) in row.members?.map({ ($0.name, $0.value) }) ?? [] where name != "list" {
                #expect(entity[name] == value, "\(name)")
            }
        }
        await bed.server.drain()
    }

    @Test("Whoever has a page is answered 304, and HEAD has the headers of GET")
    func conditional() async throws {
        let bed = try Self.bed()
        for path in [
            "/odata", "/odata/$metadata", "/odata/Lists", "/odata/a_Totals", "/odata/a_Daily", "/odata/Totals/$count",
        ] {
            let first = try await Self.get(bed, path)
            let tag = try #require(first.header("ETag"), "\(path)")
            #expect(first.header("OData-Version") == "4.0")
            #expect(try await Self.get(bed, path, [(name: "If-None-Match", value: tag)]).status == 304)
            let head = try await bed.send("HEAD", path, headers: [])
            #expect(head.status == 200 && head.body.isEmpty && head.header("ETag") == tag)
        }
        let minimal = try await Self.get(bed, "/odata/a_Totals").header("ETag")
        for header in ["application/json;odata.metadata=full", "application/json;IEEE754Compatible=true"] {
            let other = try await Self.get(bed, "/odata/a_Totals", [(name: "Accept", value: header)])
            #expect(other.status == 200 && other.header("ETag") != minimal)
        }
        await bed.server.drain()
    }

    @Test("A table that was begun with other lists, or a day ago, is gone")
    func gone() async throws {
        let bed = try TestBed()
        let ids = Self.ids.map { "\"\($0)\"" }.joined(separator: ",")
        _ = try await bed.ask("mutation { saveList(name: \"a\", tweetIds: [\(ids)]) { size } }")
        let prefer = [(name: "Prefer", value: "odata.maxpagesize=2")]
        let first = try JSONValue(parsing: try await Self.get(bed, "/odata/a_Totals?$select=tweetId", prefer).body)
        let link = try #require(first["@odata.nextLink"]?.string)
        let path = String(link.dropFirst("http://test".count))
        #expect(try await Self.get(bed, path, prefer).status == 200)
        bed.clock.advance(seconds: 3600)
        #expect(try await Self.get(bed, path, prefer).status == 200)
        _ = try await bed.ask("mutation { removeFromList(name: \"a\", tweetIds: [\"\(Self.ids[0])\"]) { size } }")
        let changed = try await Self.get(bed, path, prefer)
        #expect(changed.status == 410 && changed.text.contains("begin again"))
        _ = try await bed.ask("mutation { saveList(name: \"a\", tweetIds: [\(ids)]) { size } }")
        #expect(try await Self.get(bed, path, prefer).status == 200)
        bed.clock.advance(seconds: 86_400)
        #expect(try await Self.get(bed, path, prefer).status == 410)
        await bed.server.drain()
    }

    @Test("$metadata is well-formed CSDL, and has all sets of the service document")
    func metadata() async throws {
        let bed = try Self.bed()
        let response = try await Self.get(bed, "/odata/$metadata")
        let reader = CSDLReader()
        let parser = XMLParser(data: Data(response.body))
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        let service = try JSONValue(parsing: try await Self.get(bed, "/odata").body)
        let names = service["value"]?.array?.compactMap { $0["name"]?.string } ?? []
        #expect(names.count == 4 + 3 * 3 && reader.sets.map(\.name) == names)
        #expect(reader.unknown.isEmpty, "\(reader.unknown)")
        for set in reader.sets {
            let properties = try #require(reader.types[set.type], "\(set)")
            let entities = try JSONValue(parsing: try await Self.get(bed, "/odata/\(set.name)?$top=1").body)
            for entity in entities["value"]?.array ?? [] {
                #expect(entity.members?.map(\.name) == properties.map(\.name), "\(set.name)")
            }
            #expect(Set(reader.keys[set.type] ?? []).isSubset(of: Set(properties.filter(\.isRequired).map(\.name))))
        }
        await bed.server.drain()
    }
}

/// Reads of CSDL what a client goes by, and notes what CSDL 4.0 does not have.
private final class CSDLReader: NSObject, XMLParserDelegate {
    struct Property {
        let name: String
        let isRequired: Bool
    }

    var types: [String: [Property]] = [:]
    var keys: [String: [String]] = [:]
    var sets: [(name: String, type: String)] = []
    var unknown: Set<String> = []
    private var type = ""

    private static let elements: Set<String> = [
        "edmx:Edmx", "edmx:DataServices", "edmx:Reference", "edmx:Include", "Schema", "EntityType", "Key",
        "PropertyRef",
        "Property", "Annotation", "Term", "EntityContainer", "EntitySet", "Record", "PropertyValue",
    ]
    private static let primitives: Set<String> = [
        "Edm.String", "Edm.Boolean", "Edm.Int64", "Edm.Double", "Edm.Date", "Edm.DateTimeOffset",
    ]

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        if !Self.elements.contains(name) { unknown.insert(name) }
        switch name {
        case "EntityType": type = "EngageQL." + (attributes["Name"] ?? "")
        case "PropertyRef": keys[type, default: []].append(attributes["Name"] ?? "")
        case "Property":
            if !Self.primitives.contains(attributes["Type"] ?? "") { unknown.insert(attributes["Type"] ?? "no type") }
            types[type, default: []].append(
                Property(name: attributes["Name"] ?? "", isRequired: attributes["Nullable"] == "false")
            )
        case "EntitySet": sets.append((attributes["Name"] ?? "", attributes["EntityType"] ?? ""))
        default: break
        }
    }
}
