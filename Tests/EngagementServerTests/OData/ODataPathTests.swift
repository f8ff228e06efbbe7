import Engagement
import MicroHTTP
import Testing

@testable import EngagementServer

@Suite("URLs and headers of OData")
struct ODataPathTests {
    static let paths: [(text: String, path: ODataPath)] = [
        ("", .service), ("/", .service), ("/$metadata", .metadata), ("/%24metadata", .metadata),
        ("/Totals", .entities(set: "Totals")), ("/Totals/", .entities(set: "Totals")),
        ("/Totals/$count", .count(set: "Totals")),
        ("/Lists('a')", .entity(set: "Lists", key: [.init(name: nil, value: .text("a"))])),
        ("/Lists(name='a%2Fb,c=''d''')", .entity(set: "Lists", key: [.init(name: "name", value: .text("a/b,c='d'"))])),
        (
            "/Totals(list='a',tweetId='1')",
            .entity(
                set: "Totals",
                key: [.init(name: "list", value: .text("a")), .init(name: "tweetId", value: .text("1"))]
            )
        ),
    ]

    @Test("A path names the service, a set, or an entity by its key", arguments: paths)
    func path(_ text: String, _ path: ODataPath) throws {
        #expect(try ODataPath(text) == path)
    }

    static let badPaths: [(text: String, status: Int)] = [
        ("/$batch", 501), ("/$all", 501), ("/Totals/favorites", 501), ("/Totals(list='a',tweetId='1')/favorites", 501),
        ("/Totals(", 400), ("/Totals()", 400), ("/Totals(list=)", 400), ("/Totals(list='a'", 400),
        ("/Totals(a b 'c')", 400),
    ]

    @Test("Other paths are refused", arguments: badPaths)
    func badPath(_ text: String, _ status: Int) throws {
        let error = #expect(throws: ODataError.self) { try ODataPath(text) }
        #expect(error?.status == status)
    }

    static let options: [(name: String, value: String, status: Int)] = [
        ("$top", "-1", 400), ("$top", "+1", 400), ("$top", "a", 400), ("$skip", "99999999999", 400),
        ("$count", "yes", 400),
        ("$select", "favorites,", 400), ("$select", "likes", 400), ("$select", "list/name", 501),
        ("$orderby", "list up", 400),
        ("$orderby", "length(list)", 501), ("$orderby", "", 400), ("$expand", "a", 501), ("$search", "a", 501),
        ("$apply", "a", 501), ("$compute", "a", 501), ("$like", "a", 400), ("$inlinecount", "allpages", 400),
        ("top", "1", 400),
    ]

    @Test("An option that is wrong is a 400, one that there is elsewhere a 501", arguments: options)
    func option(_ name: String, _ value: String, _ status: Int) throws {
        let error = #expect(throws: ODataError.self) { try ODataOptions([(name, value)], for: .totals) }
        #expect(error?.status == status && error?.target == name)
    }

    @Test("Options of others are passed over, and none is given twice")
    func others() throws {
        #expect(try ODataOptions([("key", "a"), ("x", "y"), ("$top", "2")], for: .totals).top == 2)
        #expect(throws: ODataError.self) { try ODataOptions([("$top", "2"), ("$top", "2")], for: .totals) }
        #expect(try ODataOptions([("$select", "asOf, list")], for: .totals).select == [0, 10])
        #expect(try ODataOptions([("$select", "list,*")], for: .totals).select == nil)
    }

    /// `Accept`, `$format`, and what is written.
    static let formats: [(accept: String?, format: String?, mediaType: String)] = [
        (nil, nil, "application/json;odata.metadata=minimal;charset=utf-8"),
        ("*/*", nil, "application/json;odata.metadata=minimal;charset=utf-8"),
        ("text/html,application/xml;q=0.9,*/*;q=0.8", nil, "application/json;odata.metadata=minimal;charset=utf-8"),
        ("application/json;odata.metadata=none", nil, "application/json;odata.metadata=none;charset=utf-8"),
        (
            "application/json; odata.metadata=full; q=0.5, application/json;odata.metadata=none;q=0.4", nil,
            "application/json;odata.metadata=full;charset=utf-8"
        ),
        (
            "application/json;IEEE754Compatible=true", nil,
            "application/json;odata.metadata=minimal;IEEE754Compatible=true;charset=utf-8"
        ),
        // What Power Query sends.
        (
            "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/atomsvc+xml;q=0.8,text/plain;q=0.7",
            nil, "application/json;odata.metadata=minimal;charset=utf-8"
        ),
        ("application/xml", "json", "application/json;odata.metadata=minimal;charset=utf-8"),
        (nil, "application/json;odata.metadata=full", "application/json;odata.metadata=full;charset=utf-8"),
    ]

    @Test("The format is that of $format, or the one that Accept likes best", arguments: formats)
    func format(_ accept: String?, _ format: String?, _ mediaType: String) throws {
        let request = HTTPRequest(headers: accept.map { [(name: "Accept", value: $0)] } ?? [])
        #expect(try ODataFormat(request, format: format).mediaType == mediaType)
    }

    @Test("XML is refused, by Accept and by $format")
    func xml() throws {
        let accept = #expect(throws: ODataError.self) {
            try ODataFormat(HTTPRequest(headers: [(name: "Accept", value: "application/atom+xml")]), format: nil)
        }
        #expect(accept?.status == 406)
        let format = #expect(throws: ODataError.self) { try ODataFormat(HTTPRequest(), format: "atom") }
        #expect(format?.status == 415)
    }

    @Test("Names of lists become identifiers, and no two lists share a set")
    func sets() throws {
        let names = ["spring-2026", "2026.spring", "a.b", "a-b", "a_b", "launch"].compactMap { ListName($0) }
        let sets = ODataSets(ListDirectory(names.map { NamedList($0, []) }))
        #expect(
            sets.all.map(\.name).filter { $0.hasSuffix("_Totals") }
                == ["_2026_spring_Totals", "launch_Totals", "spring_2026_Totals"]
        )
        #expect(try sets.set(named: "_2026_spring_Daily").list?.rawValue == "2026.spring")
        let error = #expect(throws: ODataError.self) { try sets.set(named: "a_b_Hourly") }
        #expect(error?.status == 404 && error?.message.contains("a-b, a.b, a_b") == true)
    }
}
