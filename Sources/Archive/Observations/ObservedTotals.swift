internal import Engagement

/// The lifetime counts of one Tweet as one scope saw them, over time.
///
/// Packed, it is a byte for the form and then each observation in the order of time: the seconds since the one before (a varint),
/// the types that it has (a byte, a bit for each raw value) and for each of these the difference from the type's last count (a
/// varint, with the sign in its lowest bit). Counts mostly grow by little, so an observation takes about ten bytes.
struct ObservedTotals: Equatable, Sendable {
    /// In the order of time, no two at the same second.
    private(set) var observations: [Observation] = []

    /// What was seen at one moment.
    struct Observation: Equatable, Sendable {
        /// Seconds since 1970.
        var time: UInt32
        /// A bit for each type's raw value; all types of totals lie below 8.
        var types: UInt8 = 0
        /// By the types' raw values; 0 for those that it does not have.
        var counts: [Int64] = Array(repeating: 0, count: ObservedTotals.typeCount)

        mutating func enter(_ type: EngagementType, _ count: Int64) {
            types |= 1 << type.rawValue
            counts[Int(type.rawValue)] = count
        }

        func count(of type: EngagementType) -> Int64? {
            types & 1 << type.rawValue == 0 ? nil : counts[Int(type.rawValue)]
        }

        fileprivate mutating func remove(_ type: Int) {
            types &= ~(1 << UInt8(type))
            counts[type] = 0
        }
    }

    static let typeCount = 7
    private static let form: UInt8 = 1

    init() {}

    var newest: UInt32 { observations.last?.time ?? 0 }

    /// Takes in an observation; one of the same second gives way to it, type by type.
    mutating func note(_ observation: Observation) {
        var place = observations.endIndex
        while place > 0, observations[place - 1].time > observation.time { place -= 1 }
        guard place > 0, observations[place - 1].time == observation.time else {
            observations.insert(observation, at: place)
            return
        }
        for type in EngagementTypeSet.totals.types {
            if let count = observation.count(of: type) { observations[place - 1].enter(type, count) }
        }
    }

    mutating func merge(_ later: ObservedTotals) {
        for observation in later.observations { note(observation) }
    }

    /// Drops what need not be kept, of each type on its own: a call may have asked for some of them only.
    mutating func thin(_ thinning: Thinning, now: UInt32) {
        for type in 0..<ObservedTotals.typeCount {
            let places = observations.indices.filter { observations[$0].types & 1 << UInt8(type) != 0 }
            let kept = thinning.kept(places.map { observations[$0].time }, now: now)
            for (place, isKept) in zip(places, kept) where !isKept { observations[place].remove(type) }
        }
        observations.removeAll { $0.types == 0 }
    }

    /// The newest count of `type` that was seen at `time` or before.
    func count(of type: EngagementType, asOf time: UInt32) -> (count: Int64, time: UInt32)? {
        for observation in observations.reversed() where observation.time <= time {
            if let count = observation.count(of: type) { return (count, observation.time) }
        }
        return nil
    }
}

// MARK: - Packing

extension ObservedTotals {
    /// The record in `bytes`, or nil if they are no such record.
    init?(decoding bytes: [UInt8]) {
        var reader = VarintReader(bytes)
        guard reader.byte() == ObservedTotals.form else { return nil }
        var time: UInt64 = 0
        var counts = [Int64](repeating: 0, count: ObservedTotals.typeCount)
        while !reader.isAtEnd {
            let (sum, overflow) = time.addingReportingOverflow(reader.varint())
            guard !overflow, let seconds = UInt32(exactly: sum), seconds > self.newest || observations.isEmpty else {
                return nil
            }
            time = sum
            var observation = Observation(time: seconds)
            let types = reader.byte()
            guard types != 0, types < 1 << UInt8(ObservedTotals.typeCount) else { return nil }
            for type in 0..<ObservedTotals.typeCount where types & 1 << UInt8(type) != 0 {
                let word = reader.varint()
                counts[type] &+= Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1)
                observation.counts[type] = counts[type]
            }
            observation.types = types
            if reader.isBroken { return nil }
            observations.append(observation)
        }
    }

    var encoded: [UInt8] {
        var bytes = [ObservedTotals.form]
        var time: UInt32 = 0
        var counts = [Int64](repeating: 0, count: ObservedTotals.typeCount)
        for observation in observations {
            bytes.append(varint: UInt64(observation.time - time))
            time = observation.time
            bytes.append(observation.types)
            for type in 0..<ObservedTotals.typeCount where observation.types & 1 << UInt8(type) != 0 {
                let difference = observation.counts[type] &- counts[type]
                bytes.append(varint: UInt64(bitPattern: difference &<< 1 ^ difference >> 63))
                counts[type] = observation.counts[type]
            }
        }
        return bytes
    }
}

/// Reads bytes and varints; beyond the end it reads zeros and notes that.
private struct VarintReader {
    private let bytes: [UInt8]
    private var offset = 0
    private(set) var isBroken = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset >= bytes.count }

    mutating func byte() -> UInt8 {
        guard offset < bytes.count else {
            isBroken = true
            return 0
        }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func varint() -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let byte = byte()
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        isBroken = true
        return 0
    }
}

extension [UInt8] {
    fileprivate mutating func append(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}
