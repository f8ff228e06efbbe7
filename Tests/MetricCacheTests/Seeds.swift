import Foundation

/// The seed of this run's random tests: `ENGAGEQL_SEED`, or a new one. Every failure message names it.
let runSeed: UInt64 =
    ProcessInfo.processInfo.environment["ENGAGEQL_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...999_999)
