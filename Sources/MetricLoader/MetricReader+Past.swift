internal import Archive
internal import Engagement
internal import MetricCache

/// What is asked of the past, and what may not be shown of it any more.
extension MetricReader {
    /// The past is read from the archive, all else from the cache.
    func stored(_ need: MetricNeed, now: UnixTime, notBefore: UnixTime?) -> MetricTable {
        guard need.moments != nil else { return cache.lookup(need, now: now, notBefore: notBefore) }
        return archive?.totals(need) ?? MetricTable(need)
    }

    /// Tweets that the API calls unavailable have no numbers, also where older ones are stored. Numbers that were fetched after
    /// it last said so are shown.
    ///
    /// A cell that is hidden lives as long as "unavailable" does: then the API is asked again whether the Tweet is there.
    func hideUnavailable(in table: inout MetricTable, now: UnixTime, notBefore: UnixTime?) {
        guard let archive, archive.knowsUnavailable else { return }
        let isPast = table.need.moments != nil
        for (row, tweet) in archive.unavailable(among: table.need.tweets) {
            let isNews = tweet.age(at: now).map { age in
                age < Int64(archive.recheckSeconds) || Int64(tweet.checkedAt) >= notBefore?.seconds ?? .max
            }
            let isFresh = isPast || isNews ?? false
            let hidden = Cell(
                count: 0,
                fetchedAt: tweet.checkedAt,
                state: .unavailable,
                freshness: isFresh ? .fresh : .expired
            )
            for place in row * table.tweetStride..<(row + 1) * table.tweetStride {
                let cell = table.cells[place]
                let isHidden = cell.state == .counted && cell.fetchedAt <= tweet.checkedAt
                if isHidden || isPast && cell.state == .missing { table.cells[place] = hidden }
            }
        }
    }
}

extension MetricTable {
    /// Nothing of a table of the past can become fresher, not even what is missing: nobody can be asked for it.
    mutating func settle() {
        for place in cells.indices { cells[place].freshness = .fresh }
    }
}

extension CellGap {
    /// What of the gap can be asked for if the API gives nothing from before `horizon`; nil if nothing.
    func notBefore(_ horizon: UTCHour) -> CellGap? {
        guard let window, window.start < horizon else { return self }
        // Whole days are asked for whole.
        let start = grain == .day && horizon.hourOfDay > 0 ? horizon.day.advanced(by: 1).firstHour : horizon
        guard start < window.end else { return nil }
        var gap = self
        gap.window = HourWindow(start: start, end: window.end)
        return gap
    }
}
