public import Engagement
internal import EngagementAPI

/// Who asks for the numbers of lists: the accounts whose private numbers pages may show, the default one first.
public struct ListReaders: Equatable, Sendable {
    public var account: AccountName
    public var otherAccounts: [AccountName]
    /// Accounts that ask for the numbers of their own lists alone.
    public var separateAccounts: Set<AccountName>

    public init(
        account: AccountName,
        otherAccounts: [AccountName] = [],
        separateAccounts: Set<AccountName> = []
    ) {
        self.account = account
        self.otherAccounts = otherAccounts
        self.separateAccounts = separateAccounts
    }

    /// The same, the owner of a list first if it is one of them; or the owner alone.
    internal func led(by owner: AccountName?) -> ListReaders {
        guard let owner, owner != account else { return self }
        guard otherAccounts.contains(owner) else {
            return separateAccounts.contains(owner) ? ListReaders(account: owner) : self
        }
        return ListReaders(account: owner, otherAccounts: [account] + otherAccounts.filter { $0 != owner })
    }
}

/// What pages over a list will need, as the list's settings say.
enum ListNeeds {
    /// The needs of a list at `now`, some Tweets at a time, so that none of them is large.
    ///
    /// - Parameter seconds: For how long numbers have to stay fresh from now on.
    static func needs(
        of list: NamedList,
        _ readers: ListReaders,
        now: UnixTime,
        freshFor seconds: Int
    ) -> [MetricNeed] {
        guard let refresh = list.refresh else { return [] }
        let readers = readers.led(by: list.account)
        let now = UnixTime(seconds: now.seconds)
        let end = now.raisedHour
        var windows: [(types: EngagementTypeSet, window: HourWindow?)] = [(refresh.totals, nil)]
        let recent = HourWindow(start: now.flooredHour.advanced(by: -28), end: end)
        let firstDay = now.flooredHour.day.advanced(by: -refresh.historicalDays).firstHour
        windows.append((refresh.last28Hours, recent))
        windows.append((refresh.historical, HourWindow(start: min(firstDay, recent.start), end: end)))
        return windows.filter { !$0.types.isEmpty }.flatMap { types, window in
            list.tweets.chunks(of: window == nil ? 5000 : Endpoint.historical.maximumTweets).map { tweets in
                var need =
                    window.map { window in
                        MetricNeed.series(
                            account: readers.account,
                            tweets: Array(tweets),
                            types: types,
                            window: window,
                            grain: .hour
                        )
                    } ?? .totals(account: readers.account, tweets: Array(tweets), types: types)
                need.otherAccounts = readers.otherAccounts
                need.freshness = FreshnessDemand(minFresh: seconds)
                return need
            }
        }
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
