internal import Bytes
internal import JSON

/// A call that is answered with an error: the status and the strings of its `errors`.
struct Refusal: Error, Equatable {
    let status: Int
    let errors: [String]
    /// What was wrong, for the person at `/sandbox/calls`; never sent to the client.
    var explanation: String?

    init(_ status: Int, _ errors: [String], explanation: String? = nil) {
        self.status = status
        self.errors = errors
        self.explanation = explanation
    }

    init(_ status: Int, _ error: String, explanation: String? = nil) {
        self.init(status, [error], explanation: explanation)
    }

    /// `{"errors":["…"]}` (dossier §7).
    var body: [UInt8] {
        let value = JSONValue.object([.init("errors", .array(errors.map(JSONValue.string)))])
        return value.bytes
    }
}

extension JSONValue {
    /// The text without white space.
    var bytes: [UInt8] {
        var buffer = ByteBuffer()
        buffer.append(json: self)
        return buffer.freeze().array
    }
}
