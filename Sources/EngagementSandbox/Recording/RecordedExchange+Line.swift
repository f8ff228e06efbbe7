internal import Digests
internal import Engagement
internal import JSON

/// Writing and reading the lines of a recording.
extension RecordedExchange {
    /// The line, without its end.
    public var line: [UInt8] {
        let call: [JSONValue.Member] = [
            .init("time", .string(time.iso8601)), .init("method", .string(method)), .init("path", .string(path)),
            .init("authorization", .string(authorization.rawValue)), .init("request", request),
        ]
        if let failure { return JSONValue.object(call + [.init("failure", .string(failure))]).bytes }
        let content =
            switch body {
            case .json(let value): JSONValue.Member("body", value)
            case .text(let text): JSONValue.Member("text", .string(text))
            case .bytes(let bytes): JSONValue.Member("base64", .string(Base64.encode(bytes)))
            }
        let answer: [JSONValue.Member] = [
            .init("status", .integer(Int64(status))),
            .init("headers", .object(headers.map { .init($0.name, .string($0.value)) })), content,
        ]
        return JSONValue.object(call + answer).bytes
    }

    /// Reads a line.
    ///
    /// - Throws: ``RecordingError`` that says what is wrong with it.
    public init(line: [UInt8]) throws(RecordingError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: line)
        } catch {
            throw RecordingError("is no JSON: \(error)")
        }
        guard value.members != nil else { throw RecordingError("is no object") }
        func string(_ key: String) throws(RecordingError) -> String {
            guard let text = value[key]?.string else { throw RecordingError("lacks \(key), a string") }
            return text
        }
        guard let time = UnixTime(iso8601: try string("time")) else {
            throw RecordingError("has a time that is not of ISO 8601")
        }
        guard let authorization = AuthenticationKind(rawValue: try string("authorization")) else {
            throw RecordingError("has an authorization other than user, application, bearer, none")
        }
        guard let request = value["request"] else { throw RecordingError("lacks request") }
        self.time = time
        method = try string("method")
        path = try string("path")
        self.authorization = authorization
        self.request = request
        headers = []
        if value["failure"] != nil {
            failure = try string("failure")
            status = 0
            body = .bytes([])
            return
        }
        guard let status = value["status"]?.integer, (200...599).contains(status) else {
            throw RecordingError("lacks status, a number from 200 to 599, or failure, a string")
        }
        guard let fields = value["headers"]?.members else { throw RecordingError("lacks headers, an object") }
        self.status = Int(status)
        for field in fields {
            guard let text = field.value.string else {
                throw RecordingError("has a header \(field.name) that is no string")
            }
            headers.append((field.name.lowercased(), text))
        }
        switch (value["body"], value["text"]?.string, value["base64"]?.string.map(Base64.decode)) {
        case (let json?, nil, nil): body = .json(json)
        case (nil, let text?, nil): body = .text(text)
        case (nil, nil, .some(.some(let bytes))): body = .bytes(bytes)
        default: throw RecordingError("needs one of body, text (a string) and base64 (a string of Base64)")
        }
    }
}

/// What is wrong with a line of a recording.
public struct RecordingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// As the end of a sentence that begins with "the line".
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
