import Testing

@testable import MicroHTTP

/// Requests and their parts as values.
@Suite struct RequestTests {
    static let queries: [(query: String, items: [[String]])] = [
        ("", []),
        ("a=1", [["a", "1"]]),
        ("a=1&b=2&a=3", [["a", "1"], ["b", "2"], ["a", "3"]]),
        ("a", [["a", ""]]),
        ("a=", [["a", ""]]),
        ("=a", [["", "a"]]),
        ("=", [["", ""]]),
        ("&&a=1&&", [["a", "1"]]),
        ("a=b=c", [["a", "b=c"]]),
        ("a+b=c+d", [["a b", "c d"]]),
        ("a=%2B+%2b", [["a", "+ +"]]),
        ("a=%C3%A9", [["a", "é"]]),
        ("a=é", [["a", "é"]]),
        ("%61%3D=%26", [["a=", "&"]]),
        ("a=100%", [["a", "100%"]]),
        ("a=%4", [["a", "%4"]]),
        ("a=%zz%41", [["a", "%zzA"]]),
        ("a=%%41", [["a", "%A"]]),
        ("a=%FF", [["a", "\u{FFFD}"]]),
        ("a=%00", [["a", "\u{0}"]]),
        ("query=%7Btweet(id%3A%221%22)%7Bid%7D%7D", [["query", "{tweet(id:\"1\"){id}}"]]),
    ]

    @Test(arguments: RequestTests.queries.indices)
    func `query items are decoded in their order`(index: Int) {
        let (query, items) = RequestTests.queries[index]
        let request = HTTPRequest(rawQuery: query)
        #expect(request.queryItems.map { [$0.name, $0.value] } == items, "\(query)")
    }

    @Test func `a request without a query has no items`() {
        #expect(HTTPRequest().queryItems.isEmpty)
    }

    @Test(arguments: [
        ("/", "/", nil), ("/a/b", "/a/b", nil), ("/a?b=c", "/a", "b=c"), ("/a?", "/a", ""), ("/a?b?c", "/a", "b?c"),
        ("?q", "/", "q"), ("", "/", nil), ("*", "*", nil), ("/a%3Fb", "/a%3Fb", nil), ("//a//b", "//a//b", nil),
        ("http://example.org/a?b", "/a", "b"), ("HTTPS://example.org", "/", nil), ("http://h?q", "/", "q"),
        ("http://", "/", nil), ("httpx://h/a", "httpx://h/a", nil), ("example.org:443", "example.org:443", nil),
    ])
    func `a target is parted into path and query`(target: String, path: String, query: String?) {
        let parsed = unsafe Array(target.utf8).withUnsafeBytes { unsafe RequestTarget($0) }
        #expect(parsed.path == path)
        #expect(parsed.query == query)
    }

    @Test(arguments: [("/a%20b", "/a b"), ("/a+b", "/a+b"), ("/%2Fa", "//a"), ("/%", "/%"), ("/%E2%82%AC", "/€")])
    func `a path is decoded on request`(path: String, decoded: String) {
        #expect(HTTPRequest(path: path).decodedPath == decoded)
    }

    @Test func `header fields of plain values are found as those of a connection`() {
        let request = HTTPRequest(headers: [("Accept", "a"), ("accept", "b"), ("Cookie", "c"), ("COOKIE", "d")])
        #expect(request.header("ACCEPT") == "a, b")
        #expect(request.header("cookie") == "c; d")
        #expect(request.header("Accept-") == nil)
        #expect(request.headers.count == 4)
    }

    @Test(arguments: ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "BREW", ""])
    func `a method has its name back`(name: String) {
        #expect(HTTPMethod(name).name == name)
        #expect(unsafe name.withCString { unsafe HTTPMethod(cString: $0) } == HTTPMethod(name))
        if case .other = HTTPMethod(name) { #expect(["get", "BREW", ""].contains(name)) }
    }

    @Test(arguments: [
        ("X-A", "b", true), ("a!#$%&'*+-.^_`|~9", "b", true), ("X", "é", true), ("X", "a\tb", false),
        ("X", "a\rb", false),
        ("X", "a\nb", false), ("X", "a\u{0}", false), ("X", "a\u{7f}", false), ("", "a", false), ("A B", "a", false),
        ("A:", "a", false), ("é", "a", false), ("content-length", "1", false), ("Transfer-encoding", "chunked", false),
    ])
    func `only what cannot break a header may stand in one`(name: String, value: String, isSendable: Bool) {
        #expect(HeaderFields.isSendable(name: name, value: value) == isSendable)
    }

    @Test("A part of the query is withheld for as long as the request is lent; all else stays")
    func withholding() {
        let request = HTTPRequest(
            method: .post,
            path: "/p",
            rawQuery: "a=1&key=K",
            headers: [("Accept", "a")],
            body: [1, 2],
            clientAddress: "192.0.2.1"
        )
        request.withholding("key=K", leaving: "a=1") { (lent: borrowing HTTPRequest) in
            let (query, withheld, path) = (lent.rawQuery, lent.withheldQuery, lent.path)
            #expect(query == "a=1" && withheld == "key=K" && path == "/p")
            let (method, body, accept, address) = (lent.method, lent.body, lent.header("accept"), lent.clientAddress)
            #expect(method == .post && body == [1, 2] && accept == "a" && address == "192.0.2.1")
        }
        let (query, withheld) = (request.rawQuery, request.withheldQuery)
        #expect(query == "a=1&key=K" && withheld == nil)
    }
}
