internal import Engagement
internal import GraphQL
internal import JSON

/// What a connection shows of a list: a page of its Tweets.
internal struct TweetPage: Sendable {
    /// The place of the page's Tweets among the plan's ``EngagementPlan/tweetLists``.
    let tweets: Int32
    let count: Int
    /// How many Tweets the whole list has.
    let total: Int
    let hasPrevious: Bool
    let hasNext: Bool
}

extension PlanningPass {
    /// The `tweets` fields of a list, and what they show of each Tweet.
    mutating func planConnections(of list: NamedList, _ field: SelectedField, _ above: FreshnessDemand) {
        let demand = freshness(of: field, else: above, pathOf(field))
        for index in operation.children(of: field) {
            let child = operation[index]
            guard child.role == .resolved, schema.binding(of: child.field) == .listTweets,
                operation.argumentFailure(of: child) == nil
            else { continue }
            do throws(PlanningError) {
                guard let page = try page(of: list, child) else { return }
                plan.setPlace(plan.pages.count, ofField: index)
                plan.pages.append(page)
                planTweets(of: child, Int(page.tweets), freshness(of: child, else: demand, pathOf(child)))
            } catch {
                errors.append(self.error(error.reason, child, [.init("code", .string(error.code.rawValue))]))
            }
        }
    }

    private func pathOf(_ field: SelectedField) -> [GraphQLError.PathSegment] {
        operation.path(of: field).map { .key($0) }
    }

    /// Nil if the operation names too many Tweets.
    private mutating func page(of list: NamedList, _ field: SelectedField) throws(PlanningError) -> TweetPage? {
        var shown = list.tweets[...]
        if case .string(let cursor) = operation.argument("after", of: field) {
            guard let tweet = TweetID(cursor), let place = shown.firstIndex(of: tweet) else {
                throw PlanningError(
                    .invalidCursor,
                    "after is no cursor of the list \"\(list.name)\", or its Tweet was removed: begin without it."
                )
            }
            shown = shown[(place + 1)...]
        }
        let isFirst = shown.startIndex == 0
        if case .int(let first) = operation.argument("first", of: field) {
            guard first >= 0 else {
                throw PlanningError(.invalidFirst, "first is \(first): it is the number of Tweets wanted, 0 or more.")
            }
            shown = shown.prefix(Int(first))
        }
        guard var tweets = self.list(Array(shown)) else { return nil }
        tweets.account = list.account.flatMap { listRules.accounts.contains($0) ? $0 : nil }
        plan.tweetLists.append(tweets)
        return TweetPage(
            tweets: Int32(plan.tweetLists.count - 1),
            count: shown.count,
            total: list.tweets.count,
            hasPrevious: !isFirst,
            hasNext: shown.endIndex < list.tweets.count
        )
    }

    /// The metrics of `edges { node { … } }` and of `nodes { … }`.
    private mutating func planTweets(of connection: SelectedField, _ place: Int, _ above: FreshnessDemand) {
        for index in operation.children(of: connection) where operation[index].role == .resolved {
            let field = operation[index]
            switch schema.binding(of: field.field) {
            case .nodes:
                planMetrics(of: field, plan.tweetLists[place], freshness(of: field, else: above, pathOf(field)))
            case .edges:
                let demand = freshness(of: field, else: above, pathOf(field))
                for child in operation.children(of: field) {
                    let node = operation[child]
                    guard node.role == .resolved, schema.binding(of: node.field) == .node else { continue }
                    planMetrics(of: node, plan.tweetLists[place], freshness(of: node, else: demand, pathOf(node)))
                }
            default: continue
            }
        }
    }

    private mutating func planMetrics(of tweet: SelectedField, _ list: TweetList, _ above: FreshnessDemand) {
        // `list`, `tweets` and what stands for each Tweet: its place follows.
        planTweetFields(of: tweet, list, above) { FieldPath(keys: $0, isRepeated: true, listDepth: 3) }
    }
}

/// The fields of a connection, by the cursor connections specification of Relay.
internal enum ConnectionFields {
    /// A cursor is the Tweet's id, which to clients is a word without a meaning.
    static func value(
        _ binding: FieldBinding,
        _ page: TweetPage,
        at place: Int32
    ) -> ResolvedValue<EngagementObject> {
        switch binding {
        case .totalCount: .int(Int64(page.total))
        case .pageInfo: .object(.pageInfo(page: place))
        case .edges:
            .objects(count: page.count) { .edge(page: place, index: Int32(truncatingIfNeeded: $0)) }
        case .nodes:
            .objects(count: page.count) { .tweet(list: page.tweets, index: Int32(truncatingIfNeeded: $0)) }
        default: .null
        }
    }

    static func value(
        _ binding: FieldBinding,
        ofPage page: TweetPage,
        _ tweets: TweetList
    ) -> ResolvedValue<EngagementObject> {
        switch binding {
        case .hasNextPage: .boolean(page.hasNext)
        case .hasPreviousPage: .boolean(page.hasPrevious)
        case .startCursor: tweets.asked.first.map { .identifier($0.rawValue) } ?? .null
        case .endCursor: tweets.asked.last.map { .identifier($0.rawValue) } ?? .null
        default: .null
        }
    }

    static func value(
        _ binding: FieldBinding,
        ofEdge index: Int32,
        _ page: TweetPage,
        _ tweets: TweetList
    ) -> ResolvedValue<EngagementObject> {
        switch binding {
        case .node: .object(.tweet(list: page.tweets, index: index))
        case .cursor: .identifier(tweets.asked[Int(index)].rawValue)
        default: .null
        }
    }

    /// What lists show that have no page.
    static var unplanned: ResolvedValue<EngagementObject> {
        ListFields.failure(
            .invalidList,
            "Only list(name:) of a query shows the Tweets of a list with their metrics; lists and mutations show tweetIds."
        )
    }
}
