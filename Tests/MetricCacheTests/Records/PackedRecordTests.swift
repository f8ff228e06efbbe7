import Engagement
import TestSupport
import Testing

@testable import MetricCache

@Suite struct PackedRecordTests {
    // MARK: - Known bytes

    @Test func `totals of one fetch are one group`() {
        var row = TotalsRow()
        row[.favorites] = StoredCell(count: 5, fetchedAt: 0x6543_2101, state: .counted)
        row[.retweets] = StoredCell(count: 300, fetchedAt: 0x6543_2101, state: .counted)
        row[.videoViews] = StoredCell(count: 0, fetchedAt: 0x6543_2102, state: .tooOld)
        expect(
            row,
            packs: [
                1,
                1, 0b0001100, 0x01, 0x21, 0x43, 0x65, 5, 0xAC, 0x02,
                4, 0b1000000, 0x02, 0x21, 0x43, 0x65,
            ]
        )
    }

    @Test func `hours of one fetch are one run, and the day is a run behind them`() {
        var day = SeriesDay()
        for hour in 3..<6 {
            day[.impressions, hour] = StoredCell(count: Int64(hour) * 100, fetchedAt: 0x0102_0304, state: .counted)
        }
        day[.impressions, 23] = StoredCell(count: 1, fetchedAt: 0x0102_0304, state: .counted)
        day[.impressions, SeriesDay.daySlot] = StoredCell(count: 1300, fetchedAt: 0x0102_0304, state: .counted)
        day[.replies, 0] = StoredCell(count: 0, fetchedAt: 7, state: .forbidden)
        expect(
            day,
            packs: [
                1,
                0, 27,
                3 | 1 << 5, 3, 4, 3, 2, 1, 0xAC, 0x02, 0x90, 0x03, 0xF4, 0x03,
                23 | 1 << 5, 1, 4, 3, 2, 1, 1,
                24 | 1 << 5, 1, 4, 3, 2, 1, 0x94, 0x0A,
                5, 6, 0 | 3 << 5, 1, 7, 0, 0, 0,
            ]
        )
    }

    @Test func `an empty record is its format and decodes from nothing, too`() {
        expect(TotalsRow(), packs: [1])
        expect(SeriesDay(), packs: [1])
        #expect(decode(TotalsRow.self, []) != nil)
        #expect(decode(SeriesDay.self, []) != nil)
    }

    @Test(
        "bytes that are no totals are refused",
        arguments: [
            [2], [1, 1], [1, 0, 1, 0, 0, 0, 0], [1, 5, 1, 0, 0, 0, 0], [1, 2, 0, 0, 0, 0, 0], [1, 2, 0x80, 0, 0, 0, 0],
            [1, 2, 1, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0, 0x80],
            [1, 1, 1, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2],
        ] as [[UInt8]]
    )
    func refusedTotals(bytes: [UInt8]) {
        #expect(decode(TotalsRow.self, bytes)?.newestFetch == nil)
    }

    @Test(
        "bytes that are no series are refused",
        arguments: [
            [2], [1, 0], [1, 0, 5, 64, 1, 0, 0, 0], [1, 18, 6, 64, 1, 0, 0, 0, 0], [1, 0, 6, 64, 0, 0, 0, 0, 0],
            [1, 0, 6, 64 | 23, 2, 0, 0, 0, 0], [1, 0, 6, 64 | 24, 2, 0, 0, 0, 0], [1, 0, 6, 64 | 25, 1, 0, 0, 0, 0],
            [1, 1, 6, 64, 1, 0, 0, 0, 0, 0, 6, 64, 1, 0, 0, 0, 0], [1, 0, 6, 32, 1, 0, 0, 0, 0, 9],
            [1, 0, 0x80], [1, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1],
        ] as [[UInt8]]
    )
    func refusedSeries(bytes: [UInt8]) {
        #expect(decode(SeriesDay.self, bytes)?.newestFetch == nil)
    }

    // MARK: - Random

    @Test func `what is packed is read as it was`() {
        var generator = SeededGenerator(seed: runSeed)
        for round in 0..<2000 {
            let row = TotalsRow.random(using: &generator)
            let again = decode(TotalsRow.self, packed(row))
            #expect(
                EngagementTypeSet.totals.types.allSatisfy { again?[$0] == row[$0] },
                "round \(round), seed \(runSeed)"
            )
        }
        for round in 0..<300 {
            let day = SeriesDay.random(using: &generator)
            let again = decode(SeriesDay.self, packed(day))
            let isEqual = EngagementTypeSet.series.types.allSatisfy { type in
                (0...SeriesDay.daySlot).allSatisfy { again?[type, $0] == day[type, $0] }
            }
            #expect(isEqual, "round \(round), seed \(runSeed)")
        }
    }

    @Test func `no bytes whatever make a reader trap or run on`() {
        var generator = SeededGenerator(seed: runSeed)
        for _ in 0..<3000 {
            var bytes =
                Bool.random(using: &generator)
                ? packed(SeriesDay.random(using: &generator)) : packed(TotalsRow.random(using: &generator))
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                switch Int.random(in: 0..<3, using: &generator) {
                case 0:
                    bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
                case 1: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
                default: bytes.append(.random(in: 0...255, using: &generator))
                }
            }
            _ = decode(SeriesDay.self, bytes)
            _ = decode(TotalsRow.self, bytes)
        }
    }

    @Test func `a blob of a row shows every flipped bit, and every other row's blob`() throws {
        var generator = SeededGenerator(seed: runSeed)
        let record = packed(TotalsRow.random(using: &generator))
        let blob = RecordEnvelope.seal(record, scope: 1, tweet: 2, bucket: 3)
        #expect(open(blob, 1, 2, 3) == record)
        for bit in 0..<(blob.count * 8) {
            var flipped = blob
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(open(flipped, 1, 2, 3) == nil, "bit \(bit), seed \(runSeed)")
        }
        #expect(open(blob, 2, 2, 3) == nil)
        #expect(open(blob, 1, 3, 3) == nil)
        #expect(open(blob, 1, 2, 4) == nil)
        for length in 0..<blob.count { #expect(open(Array(blob.prefix(length)), 1, 2, 3) == nil) }
    }

    @Test func `the envelope of known bytes is known bytes`() {
        #expect(
            RecordEnvelope.seal([1, 2, 3, 4, 5, 6, 7, 8, 9], scope: 7, tweet: 20, bucket: -1)
                == PackedRecordTests.checksum + [1, 2, 3, 4, 5, 6, 7, 8, 9]
        )
    }

    /// Worked out by the definition with another program.
    private static let checksum: [UInt8] = [0x4D, 0xC5, 0xAA, 0x64]

    // MARK: - Helpers

    private func expect<Record: PackedRecord>(
        _ record: Record,
        packs bytes: [UInt8],
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(packed(record) == bytes, sourceLocation: location)
        #expect(decode(Record.self, bytes).map(packed) == bytes, sourceLocation: location)
    }

    private func packed(_ record: some PackedRecord) -> [UInt8] {
        var bytes: [UInt8] = []
        record.encode(into: &bytes, purge: 0)
        return bytes
    }

    private func decode<Record: PackedRecord>(_: Record.Type, _ bytes: [UInt8]) -> Record? {
        unsafe bytes.withUnsafeBytes { unsafe Record(decoding: $0) }
    }

    private func open(_ blob: [UInt8], _ scope: Int64, _ tweet: Int64, _ bucket: Int64) -> [UInt8]? {
        unsafe blob.withUnsafeBytes { blob in
            unsafe RecordEnvelope.open(blob, scope: scope, tweet: tweet, bucket: bucket).map { unsafe [UInt8]($0) }
        }
    }
}

extension StoredCell {
    fileprivate static func random(using generator: inout SeededGenerator) -> StoredCell {
        let states: [Cell.State] = [.missing, .counted, .counted, .counted, .unavailable, .forbidden, .tooOld]
        let state = states.randomElement(using: &generator) ?? .missing
        if state == .missing { return StoredCell() }
        let bits = Int.random(in: 0...64, using: &generator)
        let count = bits == 0 ? 0 : generator.next() >> UInt64(64 - bits)
        return StoredCell(
            count: state == .counted ? Int64(bitPattern: count) : 0,
            fetchedAt: [1, 2, 1_700_000_000, .max].randomElement(using: &generator) ?? 1,
            state: state
        )
    }
}

extension TotalsRow {
    fileprivate static func random(using generator: inout SeededGenerator) -> TotalsRow {
        var row = TotalsRow()
        for type in EngagementTypeSet.totals.types { row[type] = .random(using: &generator) }
        return row
    }
}

extension SeriesDay {
    fileprivate static func random(using generator: inout SeededGenerator) -> SeriesDay {
        var day = SeriesDay()
        for type in EngagementTypeSet.series.types where Bool.random(using: &generator) {
            var slot = Int.random(in: 0...daySlot, using: &generator)
            while slot <= daySlot {
                let cell = StoredCell.random(using: &generator)
                let end = min(slot + Int.random(in: 1...12, using: &generator), slotCount)
                for slot in slot..<end { day[type, slot] = cell }
                slot = end
            }
        }
        return day
    }
}
