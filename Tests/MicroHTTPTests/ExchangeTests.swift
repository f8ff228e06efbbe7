import Testing

@testable import MicroHTTP

/// Every path of a request's life, without a socket.
@Suite struct ExchangeTests {
    private static let limits = Exchange.Limits(
        maximumHeaderBytes: 100,
        maximumBodyBytes: 10,
        maximumDiscardedBytes: 20
    )

    /// An action in a word.
    private func word(_ action: Exchange.Action) -> String {
        switch action {
        case .receive: "receive"
        case .handle(let body): "handle \(String(decoding: body, as: UTF8.self))"
        case .reply(let response): "reply \(response.status)"
        case .refuse(let status, _): "refuse \(status)"
        case .suspend: "suspend"
        case .cut: "cut"
        }
    }

    private func receive(_ text: String, by exchange: inout Exchange) -> String {
        unsafe Array(text.utf8).withUnsafeBytes { bytes in word(unsafe exchange.receive(bytes)) }
    }

    @Test(arguments: [
        ("nothing special", Exchange.Head(byteCount: 100, targetByteCount: 100), "receive"),
        ("a long target", Exchange.Head(byteCount: 101, targetByteCount: 101), "refuse 414"),
        ("a long header", Exchange.Head(byteCount: 101), "refuse 431"),
        ("a fitting body", Exchange.Head(contentLength: 10), "receive"),
        ("a body to discard", Exchange.Head(contentLength: 11), "receive"),
        ("the largest body to discard", Exchange.Head(contentLength: 20), "receive"),
        ("a body not worth discarding", Exchange.Head(contentLength: 21), "refuse 413"),
        ("the longest length", Exchange.Head(contentLength: .max), "refuse 413"),
        ("a large body not sent yet", Exchange.Head(contentLength: 11, expectsContinue: true), "refuse 413"),
        ("a fitting body not sent yet", Exchange.Head(contentLength: 10, expectsContinue: true), "receive"),
        ("chunks", Exchange.Head(isCoded: true), "receive"),
        ("another coding", Exchange.Head(isCoded: true, hasUnknownCoding: true), "refuse 501"),
        ("two lengths", Exchange.Head(contentLength: 1, isAmbiguous: true), "refuse 400"),
    ])
    func `a header is accepted or refused`(_: String, head: Exchange.Head, expected: String) {
        var exchange = Exchange(limits: ExchangeTests.limits)
        #expect(exchange.isNew)
        #expect(word(exchange.receive(head: head)) == expected)
        #expect(!exchange.isNew)
    }

    @Test(arguments: [
        (["hello"], "handle hello"), ([], "handle "), (["01234", "56789"], "handle 0123456789"),
        (["01234", "56789", "x"], "refuse 413"), (["0123456789x"], "refuse 413"),
    ])
    func `a body is collected up to its limit`(pieces: [String], expected: String) {
        var exchange = Exchange(limits: ExchangeTests.limits)
        _ = exchange.receive(head: Exchange.Head(isCoded: true))
        for piece in pieces { #expect(receive(piece, by: &exchange) == "receive") }
        #expect(word(exchange.finishReceiving()) == expected)
    }

    @Test func `what is discarded has a limit too`() {
        var exchange = Exchange(limits: ExchangeTests.limits)
        _ = exchange.receive(head: Exchange.Head(contentLength: 20))
        #expect(receive("0123456789", by: &exchange) == "receive")
        #expect(receive("0123456789", by: &exchange) == "receive")
        #expect(receive("x", by: &exchange) == "cut")
    }

    @Test func `a reply now is sent, a reply later suspends and is sent once`() {
        var exchange = Exchange(limits: ExchangeTests.limits)
        _ = exchange.receive(head: Exchange.Head())
        _ = exchange.finishReceiving()
        var other = exchange
        #expect(word(exchange.receive(reply: .now(.text(204, "")))) == "reply 204")
        #expect(word(other.receive(reply: .later { .text(200, "") })) == "suspend")
        #expect(other.isWaiting)
        #expect(word(other.resume(with: .text(200, ""))) == "reply 200")
        #expect(!other.isWaiting)
        #expect(word(other.resume(with: .text(200, ""))) == "cut")
    }

    @Test func `events out of their order cut the connection`() {
        var exchange = Exchange(limits: ExchangeTests.limits)
        #expect(receive("early", by: &exchange) == "cut")
        #expect(word(exchange.finishReceiving()) == "cut")
        #expect(word(exchange.resume(with: .text(200, ""))) == "cut")
    }
}
