internal import Engagement
internal import GraphQL
internal import JSON

/// Fields that name lists, show them or change them.
extension PlanningPass {
    /// The Tweets of a field that takes either their ids or a list; nil if there are too many of them, or it is not clear which.
    mutating func tweets(of field: SelectedField) -> TweetList? {
        var ids: [TweetID]?
        if case .list(let values) = operation.argument("tweetIds", of: field) { ids = values.compactMap(TweetID.init) }
        var name: String?
        if case .string(let text) = operation.argument("list", of: field) { name = text }
        do throws(PlanningError) {
            return try tweets(ids: ids, list: name)
        } catch {
            errors.append(refusal(error, field))
            return nil
        }
    }

    /// The Tweets of these ids or of the list of that name; nil if there are too many.
    mutating func tweets(ids: [TweetID]?, list name: String?) throws(PlanningError) -> TweetList? {
        switch (ids, name) {
        case (let ids?, nil): return list(ids)
        case (nil, let name?):
            let named = try listRules.list(named: name, in: lists)
            depend(on: [named], showing: false)
            guard var list = list(named.tweets) else { return nil }
            list.account = named.account.flatMap { listRules.accounts.contains($0) ? $0 : nil }
            return list
        case (_?, _?):
            throw PlanningError(.tweetsOrList, "tweetIds and list are both given: name the Tweets in one of them.")
        case (nil, nil):
            throw PlanningError(.tweetsOrList, "Neither tweetIds nor list is given: name the Tweets in one of them.")
        }
    }

    /// `list` and `lists`.
    mutating func planLists(_ index: Int, _ shown: [NamedList]) {
        plan.setPlace(plan.listRanges.count, ofField: index)
        plan.listRanges.append(plan.shownLists.count..<plan.shownLists.count + shown.count)
        plan.shownLists += shown
        depend(on: shown, showing: true)
    }

    mutating func planList(_ index: Int, _ demand: FreshnessDemand) {
        guard case .string(let text) = operation.argument("name", of: operation[index]) else { return }
        let list = ListName(text).flatMap { lists[$0] }
        planLists(index, list.map { [$0] } ?? [])
        if let list { planConnections(of: list, operation[index], demand) }
    }

    /// A mutation of the lists: made on a copy, so that later fields see it, and nothing happens if one of them is a mistake.
    mutating func planListChange(_ index: Int, _ binding: FieldBinding) {
        let field = operation[index]
        do throws(PlanningError) {
            let change = try listChange(field, binding)
            do throws(ListChangeError) {
                try lists.apply(change)
            } catch {
                if case .unknown(let name) = error { _ = try listRules.list(named: name.rawValue, in: lists) }
                throw PlanningError(error.code, "\(error)")
            }
            plan.setPlace(plan.listChanges.count, ofField: index)
            plan.mutations.append(.list(plan.listChanges.count))
            plan.listChanges.append(change)
        } catch {
            errors.append(refusal(error, field))
        }
    }

    private mutating func listChange(
        _ field: SelectedField,
        _ binding: FieldBinding
    ) throws(PlanningError) -> ListChange {
        try listRules.checkChanges()
        guard case .string(let text) = operation.argument("name", of: field) else {
            throw PlanningError(.invalidList, "A list has a name.")
        }
        let name = try listRules.name(text)
        var tweets: [TweetID] = []
        if case .list(let values) = operation.argument("tweetIds", of: field) {
            tweets = values.compactMap(TweetID.init)
        }
        size.tweets += tweets.count
        switch binding {
        case .addToList: return .add(name, tweets)
        case .removeFromList: return .remove(name, tweets)
        case .removeList: return .delete(name)
        default: break
        }
        try listRules.checkSaving(name)
        var list = NamedList(name, tweets)
        list.account = listRules.owner
        if case .string(let text) = operation.argument("description", of: field) {
            guard text.utf8.count <= NamedList.maximumDescriptionBytes else {
                throw PlanningError(
                    .invalidList,
                    "A description has at most \(NamedList.maximumDescriptionBytes) bytes, not \(text.utf8.count)."
                )
            }
            list.description = text
        }
        if case .string(let account) = operation.argument("account", of: field) {
            list.account = AccountName(account)
            guard listRules.accounts.contains(AccountName(account)) else {
                throw PlanningError(
                    .unknownAccount,
                    "Queries show no private numbers of an account \"\(account.prefix(100))\" (defaultAccount, alsoReads)."
                )
            }
        }
        if case .object(let members) = operation.argument("refresh", of: field) {
            list.refresh = try ListRefresh(members)
        }
        return .save(list)
    }

    private mutating func depend(on lists: [NamedList], showing: Bool) {
        var dependency =
            plan.lists ?? ListDependency(version: self.lists.version, isChangeable: false, showsLists: false)
        dependency.isChangeable = dependency.isChangeable || lists.contains { !$0.isConfigured }
        dependency.showsLists = dependency.showsLists || showing
        plan.lists = dependency
    }

    private func refusal(_ error: PlanningError, _ field: SelectedField) -> GraphQLError {
        self.error(error.reason, field, [JSONValue.Member("code", .string(error.code.rawValue))])
    }
}

extension ListChangeError {
    /// The code of an error that is found in planning, or in doing.
    internal var code: PlanningError.Code {
        switch self {
        case .unknown: .unknownList
        case .configured: .listConfigured
        case .taken: .listNameTaken
        case .tooManyTweets, .tooManyTweetsInAll, .tooManyLists: .tooManyListed
        case .notWritten: .listNotWritten
        }
    }
}

extension ListRefresh {
    /// Reads a `ListRefreshInput`.
    fileprivate init(_ members: [InputValue.Member]) throws(PlanningError) {
        self.init()
        for member in members {
            switch (member.name, member.value) {
            case ("everySeconds", .int(let seconds)):
                everySeconds = Int(try ListRefresh.checked(seconds, ListRefresh.everySecondsBounds, member.name))
            case ("historicalDays", .int(let days)):
                historicalDays = Int(try ListRefresh.checked(days, ListRefresh.historicalDaysBounds, member.name))
            case ("totals", .list(let names)): totals = try ListRefresh.types(names, of: .totals, member.name)
            case ("last28Hours", .list(let names)): last28Hours = try ListRefresh.types(names, of: .series, member.name)
            case ("historical", .list(let names)): historical = try ListRefresh.types(names, of: .series, member.name)
            default: break
            }
        }
    }

    private static func checked(
        _ value: Int64,
        _ bounds: ClosedRange<Int64>,
        _ name: String
    ) throws(PlanningError) -> Int64 {
        if bounds.contains(value) { return value }
        let range = "\(bounds.lowerBound) to \(bounds.upperBound)"
        throw PlanningError(.invalidList, "refresh.\(name) is \(value): it is \(range).")
    }

    private static func types(
        _ names: [InputValue],
        of family: EngagementTypeSet,
        _ member: String
    ) throws(PlanningError) -> EngagementTypeSet {
        let types = EngagementTypeSet(
            names.compactMap { name in
                if case .enumeration(let name) = name { EngagementType(enumName: name) } else { nil }
            }
        )
        if let foreign = types.subtracting(family).types.first {
            throw PlanningError(.invalidList, "refresh.\(member): there is no \(foreign.enumName) there.")
        }
        return types
    }
}
