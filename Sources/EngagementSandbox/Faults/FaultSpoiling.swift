internal import JSON

extension Fault {
    /// Puts another content in place of a true answer's.
    func spoil(_ answer: inout PlainReply) {
        guard answer.status == 200 else { return }
        switch self {
        case .wrongShape:
            answer.body = Array("[".utf8) + answer.body + Array("]".utf8)
        case .wordCounts:
            answer.replaceGroupings { Fault.counts(in: $0, replacedBy: .string("many")) }
        case .negativeCounts:
            answer.replaceGroupings { Fault.counts(in: $0, replacedBy: .string("-1")) }
        case .objectErrors:
            answer.replaceErrors { message in
                .object([.init("code", .integer(131)), .init("message", .string(message))])
            }
        default: break
        }
    }

    /// Spoils how a true answer travels. `plain` is its body before gzip.
    func spoil(_ reply: inout SandboxReply, plain: [UInt8]) {
        switch self {
        case .wrongContentType:
            reply.replaceHeader("Content-Type", with: "text/html")
        case .notGzipped:
            reply.body = plain
            reply.replaceHeader("Content-Encoding", with: nil)
        case .truncatedGzip:
            reply.body = Array(reply.body.prefix(reply.body.count / 2))
        case .corruptGzip:
            // A bit of the checksum, which every gzip member ends with, so that the damage is always noticed.
            let place = reply.body.count - 8
            if place >= 0 { reply.body[place] ^= 0x10 }
        case .hangUp:
            reply.delivery.isHungUp = true
        case .cutAfterHead:
            reply.delivery.cutAfter = 0
        case .cut:
            reply.delivery.cutAfter = reply.body.count / 2
        case .reset:
            reply.delivery.isHungUp = true
            reply.delivery.isReset = true
        case .resetInBody:
            reply.delivery.cutAfter = reply.body.count / 2
            reply.delivery.isReset = true
        case .delay(let milliseconds):
            reply.delivery.delayMilliseconds += milliseconds
        case .drip(let milliseconds):
            reply.delivery.dripMilliseconds = milliseconds
        case .stall(let milliseconds):
            reply.delivery.delayMilliseconds += milliseconds
            reply.delivery.isHungUp = true
        default: break
        }
    }

    private static func counts(in value: JSONValue, replacedBy leaf: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return leaf }
        return .object(members.map { .init($0.name, counts(in: $0.value, replacedBy: leaf)) })
    }
}

extension PlainReply {
    /// Changes each grouping of an answer's JSON.
    fileprivate mutating func replaceGroupings(_ change: (JSONValue) -> JSONValue) {
        guard let members = (try? JSONValue(parsing: body))?.members else { return }
        let changed = members.map { member in
            GroupingRequest.reservedNames.contains(member.name)
                ? member : JSONValue.Member(member.name, change(member.value))
        }
        body = JSONValue.object(changed).bytes
    }

    /// Changes each string of `errors`; an answer without any gets one.
    fileprivate mutating func replaceErrors(_ change: (String) -> JSONValue) {
        guard let value = try? JSONValue(parsing: body), let members = value.members else { return }
        let texts = value["errors"]?.array?.compactMap(\.string) ?? [Wording.internalServerError]
        let errors = JSONValue.Member("errors", .array(texts.map(change)))
        body = JSONValue.object(members.filter { $0.name != "errors" } + [errors]).bytes
    }
}
