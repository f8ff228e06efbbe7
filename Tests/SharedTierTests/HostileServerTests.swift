import Foundation
import TestSupport
import Testing

@testable import SharedTier

extension RedisServer {
    /// Runs commands as somebody who may write anything.
    func tamper(_ commands: [[String]]) async throws {
        let url = try RedisURL(url)
        try await onThread {
            let deadline = ContinuousClock.now + .seconds(60)
            let connection = try RedisConnection(to: url, maximumReplyBytes: 1 << 20, deadline: deadline)
            for words in commands {
                let command = RedisCommand(words[0], words.dropFirst().map { Array($0.utf8) })
                let reply = try connection.perform([command], deadline: deadline)[0]
                #expect(reply.refusal == nil, "\(words)")
            }
        }
    }
}

extension RedisServer {
    /// How often a command was run, by clients or in scripts.
    func calls(of command: String) async throws -> Int {
        let url = try RedisURL(url)
        return try await onThread {
            let deadline = ContinuousClock.now + .seconds(60)
            let connection = try RedisConnection(to: url, maximumReplyBytes: 1 << 20, deadline: deadline)
            let info = RedisCommand("INFO", [Array("commandstats".utf8)])
            let bytes = try #require(try connection.perform([info], deadline: deadline)[0].bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            guard let match = text.firstRange(of: "cmdstat_\(command):calls=") else { return 0 }
            return Int(text[match.upperBound...].prefix { $0.isNumber }) ?? 0
        }
    }
}

@Suite("Answers of a server that is none, or means harm")
struct HostileServerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answer: String
        let error: @Sendable (RedisError) -> Bool

        init(_ title: String, _ answer: String, _ error: @escaping @Sendable (RedisError) -> Bool) {
            testDescription = title
            self.answer = answer
            self.error = error
        }
    }

    static let isMalformed: @Sendable (RedisError) -> Bool = { error in
        if case .malformed = error { true } else { false }
    }

    static let cases = [
        Case("no Redis", "HTTP/1.1 400 Bad Request\r\n\r\n", isMalformed),
        Case("billions of elements", "*2000000000\r\n", isMalformed),
        Case("elements within elements", String(repeating: "*1\r\n", count: 100), isMalformed),
        Case("a length that is none", "$-77\r\n", isMalformed),
        Case("more than was asked for", "$900000000\r\n" + String(repeating: "x", count: 2_000_000), isMalformed),
        Case("silence", "", { $0 == .timedOut }),
        Case("an answer without an end", "$10\r\nxxx", { $0 == .timedOut }),
        Case("a refusal", "-NOAUTH \u{1B}[31mWho are you?\r\n", { $0 == .refused("NOAUTH ?[31mWho are you?") }),
    ]

    @Test("They end in an error, in time", arguments: cases)
    func answers(_ hostile: Case) async throws {
        let server = try OneAnswer(Array(hostile.answer.utf8))
        let url = try RedisURL("redis://127.0.0.1:\(server.port)")
        try await onThread {
            // The silent ones are waited for so long, the others much shorter.
            let seconds = hostile.error(.timedOut) ? 0.2 : 60
            let error = #expect(throws: RedisError.self) {
                _ = try RedisConnection(
                    to: url,
                    maximumReplyBytes: 1 << 20,
                    deadline: .now + .seconds(seconds)
                )
            }
            #expect(error.map(hostile.error) == true, "\(String(describing: error))")
        }
        server.stop()
    }

    @Test("Nobody listens")
    func refused() async throws {
        let server = try OneAnswer([])
        let port = server.port
        server.stop()
        let url = try RedisURL("redis://127.0.0.1:\(port)")
        try await onThread {
            let error = #expect(throws: RedisError.self) {
                _ = try RedisConnection(to: url, maximumReplyBytes: 1 << 20, deadline: .now + .seconds(60))
            }
            guard case .disconnected = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}

/// A server that says the same to everybody, whatever they ask, and then nothing more.
private final class OneAnswer: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init(_ answer: [UInt8]) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let size = length
        let code = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, size) | listen(descriptor, 8)
                    | getsockname(descriptor, address, &length)
            }
        }
        guard code == 0 else { throw CocoaError(.featureUnsupported) }
        port = UInt16(bigEndian: address.sin_port)
        self.descriptor = descriptor
        Thread.detachNewThread {
            while true {
                let client = accept(descriptor, nil, nil)
                if client < 0 {
                    // By the thread that uses it: its number may be another test's as soon as it is closed.
                    close(descriptor)
                    return
                }
                Thread.detachNewThread {
                    var sent = 0
                    while sent < answer.count {
                        let count = unsafe answer.withUnsafeBytes {
                            unsafe Glibc.send(
                                client,
                                $0.baseAddress! + sent,
                                answer.count - sent,
                                Int32(truncatingIfNeeded: MSG_NOSIGNAL)
                            )
                        }
                        if count <= 0 { break }
                        sent += count
                    }
                    var byte: UInt8 = 0
                    while unsafe recv(client, &byte, 1, 0) > 0 {}
                    close(client)
                }
            }
        }
    }

    /// To be called once.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}
