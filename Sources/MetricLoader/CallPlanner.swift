public import Engagement
public import EngagementAPI

/// Turns gaps into the fewest calls: a pure function, so that its plans can be printed, tested and explained.
///
/// Calls cost quota, and what is in them does not: within one call every Tweet is asked for every type that any of them
/// lacks (dossier §8). So gaps are sorted by who asks, family and grain; cut into windows of at most four weeks; and
/// filled with as many Tweets as the endpoint takes.
///
/// All times are whole seconds, as in the API: in the first fraction of an hour that hour has not begun.
public enum CallPlanner {
    /// A call and who makes it.
    public struct PlannedCall: Equatable, Sendable {
        public let access: UpstreamAccess
        public let call: EngagementCall
        /// The hours that the answer covers, nil for totals.
        public let window: HourWindow?
        public let grain: MetricNeed.Grain

        /// The same call, if it turned out to cover other hours.
        internal func covering(_ window: HourWindow?) -> PlannedCall {
            PlannedCall(access: access, call: call, window: window, grain: grain)
        }
    }

    /// The calls that close `gaps`, as seen at `now`. No series is asked for beyond the hour that `now` lies in.
    ///
    /// - Parameter recent: Which hours `28hr` answers for.
    public static func plan(
        _ gaps: [CellGap],
        now: UnixTime,
        recent: RecentReach = RecentReach()
    ) -> [PlannedCall] {
        let moment = Moment(now: UnixTime(seconds: now.seconds), reach: recent)
        var groups: [Group: [CellGap]] = [:]
        var order: [Group] = []
        for gap in gaps {
            let group = Group(access: gap.access, isSeries: gap.window != nil, grain: gap.grain)
            if groups[group] == nil { order.append(group) }
            groups[group, default: []].append(gap)
        }
        return order.flatMap { group -> [PlannedCall] in
            let gaps = groups[group] ?? []
            return group.isSeries ? seriesCalls(gaps, group, moment) : totalsCalls(gaps, group)
        }
    }

    /// When a plan is made, and how far back `28hr` reaches.
    private struct Moment {
        let now: UnixTime
        let reach: RecentReach

        /// What `28hr` answers for, asked so many seconds later.
        func recent(after seconds: Int64 = 0) -> HourWindow {
            reach.window(now: now.advanced(bySeconds: seconds))
        }
    }

    /// What may stand in one call together.
    private struct Group: Hashable {
        let access: UpstreamAccess
        let isSeries: Bool
        let grain: MetricNeed.Grain
    }

    // MARK: - Totals

    private static func totalsCalls(_ gaps: [CellGap], _ group: Group) -> [PlannedCall] {
        let tweets = merged(gaps)
        return tweets.chunks(of: Endpoint.totals.maximumTweets).map { chunk in
            let call = EngagementCall(
                endpoint: .totals,
                tweets: chunk.map(\.tweet),
                types: chunk.reduce([]) { $0.union($1.types) }
            )
            return PlannedCall(access: group.access, call: call, window: nil, grain: group.grain)
        }
    }

    // MARK: - Series

    /// Four-week tiles are laid from the earliest missing hour on; each holds the Tweets that lack something in it.
    private static func seriesCalls(_ gaps: [CellGap], _ group: Group, _ moment: Moment) -> [PlannedCall] {
        var calls: [PlannedCall] = []
        // The earliest last, where it is taken from.
        var rest = gaps.sorted { isBefore($1, $0) }
        while let start = rest.last?.window?.start {
            let tile = HourWindow(start: start, end: start.advanced(by: Endpoint.maximumWindowHours))
            var inside: [CellGap] = []
            var beyond: [CellGap] = []
            while let gap = rest.last, let part = gap.clipped(to: tile) {
                rest.removeLast()
                inside.append(part)
                if let later = gap.clipped(after: tile) { beyond.append(later) }
            }
            // What sticks out of the tile begins where it ends: nothing that is left is earlier.
            rest += beyond
            for chunk in merged(inside).sorted(by: isBefore).chunks(of: Endpoint.historical.maximumTweets) {
                calls.append(seriesCall(Array(chunk), group, moment))
            }
        }
        return calls
    }

    /// Tweets that lack the same hours stand together, so that windows stay narrow; else in the order of their ids.
    private static func isBefore(_ left: CellGap, _ right: CellGap) -> Bool {
        guard let leftWindow = left.window, let rightWindow = right.window else { return left.tweet < right.tweet }
        return (leftWindow.start, leftWindow.end, left.tweet) < (rightWindow.start, rightWindow.end, right.tweet)
    }

    private static func seriesCall(_ gaps: [CellGap], _ group: Group, _ moment: Moment) -> PlannedCall {
        let windows = gaps.compactMap(\.window)
        let window = HourWindow(
            start: windows.map(\.start).min() ?? moment.now.flooredHour,
            end: windows.map(\.end).max() ?? moment.now.raisedHour
        )
        let isRecent =
            group.grain == .hour && moment.recent().covers(window) && !isBorderline(window, moment)
        let call = EngagementCall(
            endpoint: isRecent ? .last28Hours : .historical,
            tweets: gaps.map(\.tweet),
            types: gaps.reduce([]) { $0.union($1.types) },
            grain: group.grain == .day ? .day : .hour,
            window: isRecent ? nil : callWindow(window, now: moment.now)
        )
        return PlannedCall(
            access: group.access,
            call: call,
            window: isRecent ? moment.recent() : window,
            grain: group.grain
        )
    }

    /// `28hr` takes no window but goes by the clock of upstream: a call that gets there in the next hour no longer has
    /// the first one. In the last minute of an hour, `historical` is asked for that.
    private static func isBorderline(_ window: HourWindow, _ moment: Moment) -> Bool {
        window.start < moment.recent(after: 60).start
    }

    /// An end in the future is refused, and an end within an hour means all of it (dossier §5). So the hour that is still open, or has
    /// just ended, is asked for up to a minute ago: the API's clock may be behind ours.
    private static func callWindow(_ window: HourWindow, now: UnixTime) -> EngagementCall.Window {
        let end = min(window.end, now.raisedHour)
        let beginning = end.advanced(by: -1).start.advanced(bySeconds: 1)
        let safe = now.advanced(bySeconds: -secondsOfDoubt)
        return EngagementCall.Window(start: window.start.start, end: min(end.start, max(beginning, safe)))
    }

    /// How far the API's clock may be behind ours.
    private static let secondsOfDoubt: Int64 = 60

    // MARK: - Gaps

    /// One gap a Tweet, in the order of first mention.
    private static func merged(_ gaps: [CellGap]) -> [CellGap] {
        var places: [TweetID: Int] = [:]
        var merged: [CellGap] = []
        for gap in gaps {
            if let place = places[gap.tweet] {
                merged[place].types.formUnion(gap.types)
                if let window = merged[place].window, let other = gap.window {
                    merged[place].window = window.hull(with: other)
                }
            } else {
                places[gap.tweet] = merged.count
                merged.append(gap)
            }
        }
        return merged
    }
}

extension CellGap {
    fileprivate func clipped(to tile: HourWindow) -> CellGap? {
        guard let part = window?.intersection(tile) else { return nil }
        var gap = self
        gap.window = part
        return gap
    }

    fileprivate func clipped(after tile: HourWindow) -> CellGap? {
        guard let window, window.end > tile.end else { return nil }
        var gap = self
        gap.window = HourWindow(start: max(window.start, tile.end), end: window.end)
        return gap
    }
}

extension HourWindow {
    /// What `28hr` answers for: from 28 hours before the current hour to its end (dossier §5).
    public static func last28Hours(now: UnixTime) -> HourWindow { RecentReach().window(now: now) }

    fileprivate func covers(_ other: HourWindow) -> Bool { start <= other.start && other.end <= end }

    fileprivate func hull(with other: HourWindow) -> HourWindow {
        HourWindow(start: min(start, other.start), end: max(end, other.end))
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}

extension CallPlanner.PlannedCall: CustomStringConvertible {
    public var description: String { "\(call) as \(access)" }
}
