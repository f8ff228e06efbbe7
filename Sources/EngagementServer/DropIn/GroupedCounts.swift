internal import Bytes
internal import Engagement
internal import JSON

/// Cells summed and nested as a grouping asks (dossier §4.4): dimension *n* is nesting level *n*, and a dimension that is not
/// named is summed over.
///
/// One pass over the cells adds each into its place of a dense array, whose index has a digit for each level; a second one
/// over the array writes the nested maps. Places that no cell fell into are not written: there is no key for a Tweet that is
/// unavailable or an hour outside the window, and a zero for each hour inside.
internal struct GroupedCounts {
    private let levels: [Level]
    private var sums: [Int64]
    private var isPresent: [Bool]

    /// The keys of a level, and how far apart their places are.
    private struct Level {
        let keys: [String]
        let stride: Int
    }

    /// - Parameters:
    ///   - rows: The Tweets of the table that are written.
    ///   - types: All types of the table, in the order to be written.
    init(_ table: MetricTable, rows: [Int], types: [EngagementType], by dimensions: [DropInGrouping.Dimension]) {
        var levels: [Level] = []
        var strides: [DropInGrouping.Dimension: Int] = [:]
        var size = 1
        for dimension in dimensions.reversed() {
            let keys = GroupedCounts.keys(of: dimension, table, types)
            levels.append(Level(keys: keys, stride: size))
            strides[dimension] = size
            size *= keys.count
        }
        self.levels = levels.reversed()
        sums = Array(repeating: 0, count: size)
        isPresent = Array(repeating: false, count: size)

        let bucketPlaces = GroupedCounts.bucketPlaces(table, strides)
        for row in rows {
            for (position, type) in types.enumerated() {
                let base = row * (strides[.tweet] ?? 0) + position * (strides[.type] ?? 0)
                let first = table.index(tweet: row, type: type)
                for (bucket, place) in bucketPlaces.enumerated() {
                    guard let count = table.cells[first + bucket].writtenCount(of: type) else { continue }
                    // Upstream's counts are not ours to trust with a trap.
                    sums[base + place] &+= count
                    isPresent[base + place] = true
                }
            }
        }
    }

    private static func keys(
        of dimension: DropInGrouping.Dimension,
        _ table: MetricTable,
        _ types: [EngagementType]
    ) -> [String] {
        switch dimension {
        case .tweet: table.need.tweets.map(\.description)
        case .type: types.map(\.wireName)
        case .day: (table.need.window?.days).map { $0.map { UTCDay(index: $0).iso8601 } } ?? []
        case .hour: (0..<24).map { $0 < 10 ? "0\($0)" : "\($0)" }
        }
    }

    /// What each bucket of time adds to a place.
    private static func bucketPlaces(_ table: MetricTable, _ strides: [DropInGrouping.Dimension: Int]) -> [Int] {
        guard let start = table.need.window?.start else { return [0] }
        let dayStride = strides[.day] ?? 0
        let hourStride = strides[.hour] ?? 0
        return (0..<table.bucketCount).map { bucket in
            let hour = start.advanced(by: table.need.grain == .day ? bucket * 24 : bucket)
            return Int(hour.day.index - start.day.index) * dayStride + hour.hourOfDay * hourStride
        }
    }

    // MARK: - Writing

    /// Appends the nested maps; counts are decimal strings.
    func write(into buffer: inout ByteBuffer) {
        write(level: 0, from: 0, into: &buffer)
    }

    private func write(level: Int, from start: Int, into buffer: inout ByteBuffer) {
        guard level < levels.count else {
            buffer.append(ASCII.quotationMark)
            buffer.append(decimal: sums[start])
            buffer.append(ASCII.quotationMark)
            return
        }
        let (keys, stride) = (levels[level].keys, levels[level].stride)
        var isFirst = true
        buffer.append(ASCII.leftBrace)
        for (index, key) in keys.enumerated() {
            let place = start + index * stride
            guard isPresent[place..<place + stride].contains(true) else { continue }
            if !isFirst { buffer.append(ASCII.comma) }
            isFirst = false
            buffer.append(jsonString: key)
            buffer.append(ASCII.colon)
            write(level: level + 1, from: place, into: &buffer)
        }
        buffer.append(ASCII.rightBrace)
    }
}

extension Cell {
    /// The count as the API writes it, nil if it writes none. Video views of Tweets that are too old for them are there as 0,
    /// unlike their impressions (dossier §4.1 E and F).
    fileprivate func writtenCount(of type: EngagementType) -> Int64? {
        switch state {
        case .counted: count
        case .tooOld where type == .videoViews: 0
        case .missing, .unavailable, .forbidden, .tooOld: nil
        }
    }
}
