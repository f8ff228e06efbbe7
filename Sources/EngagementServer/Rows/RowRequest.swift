internal import Engagement
internal import MicroHTTP

/// How somebody wants the rows of an operation: in which format, which of them, and how they travel.
internal struct RowRequest: Sendable {
    let format: RowFormat
    let options: RowOptions
    /// Nil for all rows.
    let page: RowPage?
    /// Whether they may be packed with gzip. A range is one of the bytes that are not.
    let isPacked: Bool
    let range: ByteRange?
    private let path: String
    private let query: String
    /// What of the URL has been withheld. The link has it: who has nothing but a URL can add no key to it.
    private let withheld: String

    /// The names of parameters that are no variables. `key` is ``QueryKey``, which never comes this far.
    static let names = RowOptions.names + RowPage.names + [QueryKey.name]

    /// - Parameter items: The parameters of the URL.
    /// - Throws: ``MalformedRequest`` for a parameter of ours with a value that is none.
    init(
        _ request: borrowing HTTPRequest,
        _ items: [(name: String, value: String)],
        _ format: RowFormat,
        now: UnixTime
    ) throws(MalformedRequest) {
        self.format = format
        options = try RowOptions(items, format)
        page = try RowPage(items, now: now)
        range = ByteRange(request)
        isPacked = request.header("range") == nil && DropInResponse.acceptsGzip(request.header("accept-encoding"))
        withheld = request.withheldQuery.map { $0 + "&" } ?? ""
        path = request.path
        query = request.rawQuery ?? ""
    }

    /// The URL without the cursor, for the link to the next page.
    private var url: String {
        let kept = query.split(separator: "&").filter { $0.prefix { $0 != "=" } != "cursor" }
        return path + "?" + kept.map { $0 + "&" }.joined() + withheld
    }

    /// What of this is not in the URL: with the URL it names one representation.
    var variant: String { "\(format.rawValue)\(isPacked ? ".gz" : "") \(withheld)" }

    /// What of this forms the bytes, whatever the URL.
    var form: String {
        "\(variant) \(options.quoting) \(options.separator) \(options.hasDecimalComma) \(options.hasByteOrderMark) "
            + "\(options.hasHeader) \(page.map { "\($0.offset)+\($0.limit)" } ?? "")"
    }

    /// The header that names the page from `offset` on (RFC 8288).
    func link(next offset: Int, asked: UnixTime) -> (name: String, value: String) {
        let plain = url.utf8.map { byte in
            // What could end the reference early. Everything else was a URL when it came.
            ["<", ">", "\"", " "].contains(Character(UnicodeScalar(byte))) || byte >= 0x7F
                ? "%" + String(byte, radix: 16, uppercase: true) : String(UnicodeScalar(byte))
        }
        let cursor = RowCursor(offset: offset, asked: asked)
        return (name: "Link", value: "<\(plain.joined())cursor=\(cursor.text)>; rel=\"next\"")
    }
}
