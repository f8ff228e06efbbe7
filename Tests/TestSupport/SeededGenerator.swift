internal import Foundation

/// Pseudo-random numbers from a seed (SplitMix64), so that a failure can be run again: set `ENGAGEQL_SEED`.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

/// The seed of this run's random tests: `ENGAGEQL_SEED`, or a new one. Every failure message names it.
public let runSeed: UInt64 =
    ProcessInfo.processInfo.environment["ENGAGEQL_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...999_999)
