import Glibc

/// Keeps one server busy from one thread over several connections.
///
/// The thread reads the next response of each connection in turn and sends the connection's next request at once, so that the
/// server always finds more to do: reading and comparing a response costs the client less than making it costs any server.
struct LoadGenerator {
    /// What one round brought.
    struct Sample: Sendable {
        var requests = 0
        /// Nanoseconds of the wall's clock.
        var wall: Int64 = 0
        /// Processor nanoseconds of everything in the process but the client.
        var server: Int64 = 0

        /// Processor microseconds of a request.
        var microseconds: Double { Double(server) / Double(requests) / 1000 }
        /// Requests in a second.
        var rate: Double { Double(requests) / Double(wall) * 1e9 }
    }

    private var request: [UInt8]
    private var expected: [UInt8]
    private let requestPlaces: [Int]
    private let expectedPlaces: [Int]
    private let connections: [ClientConnection]
    /// For each connection the number in the request that it waits for the answer of.
    private var pending: [Int]
    private var last: Int

    /// Opens the connections.
    ///
    /// - Parameters:
    ///   - answer: What every response has to be; the counter in it changes with the request's.
    ///   - echoesCounter: Whether the server puts the request's counter into its answers.
    ///   - firstCount: Where the counter begins. No two loads of one server may share numbers.
    init(
        _ workload: Workload,
        port: UInt16,
        connections: Int,
        answer: [UInt8],
        echoesCounter: Bool,
        firstCount: Int
    ) throws {
        request = workload.request
        expected = answer
        requestPlaces = workload.counter?.places(in: workload.request) ?? []
        expectedPlaces = echoesCounter ? workload.counter?.places(in: answer) ?? [] : []
        self.connections = try (0..<connections).map { _ in try ClientConnection(port: port) }
        pending = Array(repeating: 0, count: connections)
        last = firstCount
    }

    /// Sends requests for that long.
    mutating func run(seconds: Double) throws -> Sample {
        // A turn of each connection before the clocks are read: the sockets are accepted and all memory is in place.
        for index in connections.indices { try send(on: index) }
        for index in connections.indices {
            try receive(on: index)
            try send(on: index)
        }
        var sample = Sample()
        let (process, client, wall) = (CPUClock.process, CPUClock.thread, CPUClock.wall)
        let end = wall + Int64(seconds * 1e9)
        while CPUClock.wall < end {
            for index in connections.indices {
                try receive(on: index)
                try send(on: index)
            }
            sample.requests += connections.count
        }
        sample.wall = CPUClock.wall - wall
        sample.server = (CPUClock.process - process) - (CPUClock.thread - client)
        for index in connections.indices { try receive(on: index) }
        return sample
    }

    private mutating func send(on index: Int) throws {
        if !requestPlaces.isEmpty {
            last += 1
            pending[index] = last
            Counter.write(last, at: requestPlaces, of: &request)
        }
        try connections[index].send(request)
    }

    private mutating func receive(on index: Int) throws {
        if !expectedPlaces.isEmpty { Counter.write(pending[index], at: expectedPlaces, of: &expected) }
        try unsafe connections[index].receive { _, body in
            let isSame = unsafe expected.withUnsafeBytes { expected in
                guard let left = body.baseAddress, let right = expected.baseAddress else {
                    return body.count == expected.count
                }
                return unsafe body.count == expected.count && memcmp(left, right, body.count) == 0
            }
            guard isSame else {
                let text = unsafe String(decoding: body.prefix(400), as: UTF8.self)
                throw BenchmarkError("an answer differs from the first one:\n\(text)")
            }
        }
    }
}
