internal import Archive
internal import Bytes
internal import Engagement
internal import EngagementAPI
internal import Ledger
internal import MetricCache
internal import MetricLoader
internal import SharedTier

/// The counters in the Prometheus text exposition format, version 0.0.4.
internal struct PrometheusText: ~Copyable {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private var buffer = ByteBuffer(capacity: 8192)

    static func render(
        _ counters: ServerMetrics.Counters,
        cache: MetricCacheStatistics,
        upstream: UpstreamHealth,
        archive: ArchiveStatistics,
        shared: SharedTierStatistics?,
        lists: ListsReport,
        live: (subscriptions: Int, channels: Int),
        sockets: (open: Int, operations: Int)
    ) -> ByteString {
        var text = PrometheusText()
        text.requests(counters)
        text.upstream(counters)
        text.quotas(upstream)
        text.usage(upstream.usage)
        text.cells(counters, cache)
        text.archive(archive)
        text.files(counters)
        if let shared { text.shared(shared) }
        text.lists(lists)
        text.live(live, sockets)
        return text.buffer.freeze()
    }

    // MARK: - Families

    private mutating func files(_ counters: ServerMetrics.Counters) {
        head("engageql_file_failures_total", "counter", "Times that a file of the data folder could not be used.")
        for file in Observation.StoredFile.allCases {
            sample("engageql_file_failures_total", [("file", file.rawValue)], counters.fileFailures[file] ?? 0)
        }
    }

    private mutating func requests(_ counters: ServerMetrics.Counters) {
        head("engageql_http_requests_total", "counter", "Answered requests.")
        for (key, count) in counters.requests.sorted(by: {
            ($0.key.route.rawValue, $0.key.status) < ($1.key.route.rawValue, $1.key.status)
        }) {
            sample("engageql_http_requests_total", [("route", key.route.rawValue), ("status", "\(key.status)")], count)
        }
        let name = "engageql_http_request_duration_seconds"
        head(name, "histogram", "From a request's last byte to its response.")
        for (route, histogram) in counters.latencies.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            var sum = 0
            for (bound, count) in zip(LatencyHistogram.bounds, histogram.counts) {
                sum += count
                sample("\(name)_bucket", [("route", route.rawValue), ("le", "\(Double(bound) / 1e6)")], sum)
            }
            sum += histogram.counts.last ?? 0
            sample("\(name)_bucket", [("route", route.rawValue), ("le", "+Inf")], sum)
            sample("\(name)_sum", [("route", route.rawValue)], "\(Double(histogram.microseconds) / 1e6)")
            sample("\(name)_count", [("route", route.rawValue)], sum)
        }
    }

    private mutating func upstream(_ counters: ServerMetrics.Counters) {
        head("engageql_upstream_calls_total", "counter", "Requests sent to the Engagement API, repetitions included.")
        for (key, count) in counters.upstreamCalls.sorted(by: {
            ($0.key.endpoint, $0.key.outcome) < ($1.key.endpoint, $1.key.outcome)
        }) {
            sample("engageql_upstream_calls_total", [("endpoint", key.endpoint), ("outcome", key.outcome)], count)
        }
        head("engageql_upstream_tweets_total", "counter", "Tweets named in those requests.")
        sample("engageql_upstream_tweets_total", [], counters.upstreamTweets)
        head("engageql_upstream_joined_total", "counter", "Waits for a call that another request had under way.")
        sample("engageql_upstream_joined_total", [], counters.joinedFlights)
    }

    private mutating func quotas(_ health: UpstreamHealth) {
        func labels(_ pool: CallGovernor.PoolState) -> [(String, String)] {
            [("account", PrometheusText.escaped(pool.account.rawValue)), ("as", pool.isUserContext ? "user" : "app")]
        }
        head("engageql_upstream_quota_limit", "gauge", "Calls a minute that the contract allows, as the API said.")
        for pool in health.pools {
            if let limit = pool.limit { sample("engageql_upstream_quota_limit", labels(pool), limit) }
        }
        head("engageql_upstream_quota_remaining", "gauge", "Calls that are left of the minute, after the last answer.")
        for pool in health.pools {
            if let remaining = pool.remaining { sample("engageql_upstream_quota_remaining", labels(pool), remaining) }
        }
        head("engageql_upstream_paused", "gauge", "Whether no calls are made after a 429 or refused credentials.")
        for pool in health.pools {
            let until = [pool.pausedUntil, pool.refusedUntil].compactMap(\.self).max()
            sample("engageql_upstream_paused", labels(pool), until.map { $0 > health.now } == true ? 1 : 0)
        }
        head("engageql_upstream_circuit_open", "gauge", "Whether the API is left alone because it fails.")
        sample("engageql_upstream_circuit_open", [], health.isCircuitOpen ? 1 : 0)
        head("engageql_upstream_under_way", "gauge", "Calls, with their repetitions, that have not been answered.")
        sample("engageql_upstream_under_way", [], health.underWay)
        head(
            "engageql_upstream_waiting",
            "gauge",
            "Tweets' missing numbers that wait for a call: for company or quota."
        )
        sample("engageql_upstream_waiting", [], health.waiting)
    }

    private mutating func usage(_ usage: Usage) {
        head("engageql_usage_tweets", "gauge", "Unique Tweets asked upstream in a period.")
        for period in UsagePeriod.allCases {
            sample("engageql_usage_tweets", [("period", period.rawValue)], usage[period].tweets)
        }
        head("engageql_usage_accounts", "gauge", "Unique accounts, as far as known, whose Tweets were asked.")
        for period in UsagePeriod.allCases {
            sample("engageql_usage_accounts", [("period", period.rawValue)], usage[period].accounts)
        }
    }

    private mutating func cells(_ counters: ServerMetrics.Counters, _ cache: MetricCacheStatistics) {
        head("engageql_cache_cells_total", "counter", "Numbers that operations needed, by what the cache had of them.")
        sample("engageql_cache_cells_total", [("result", "hit")], counters.cells.fresh)
        sample("engageql_cache_cells_total", [("result", "stale")], counters.cells.stale)
        sample("engageql_cache_cells_total", [("result", "expired")], counters.cells.expired)
        sample("engageql_cache_cells_total", [("result", "miss")], counters.cells.missing)
        head("engageql_cache_memory_bytes", "gauge", "Bytes of the cache's tier in memory.")
        sample("engageql_cache_memory_bytes", [], cache.memoryBytes)
        head("engageql_cache_file_bytes", "gauge", "Bytes of the cache file.")
        sample("engageql_cache_file_bytes", [], cache.fileBytes)
        head("engageql_cache_rows", "gauge", "Rows of the cache file.")
        sample("engageql_cache_rows", [("family", "totals")], cache.totalsRows)
        sample("engageql_cache_rows", [("family", "series")], cache.seriesRows)
    }

    private mutating func shared(_ shared: SharedTierStatistics) {
        head("engageql_shared_up", "gauge", "Whether the shared tier is in use.")
        sample("engageql_shared_up", [], shared.isUp ? 1 : 0)
        head("engageql_shared_records_total", "counter", "Records that the shared tier was asked for, by what it had.")
        sample("engageql_shared_records_total", [("result", "hit")], shared.hits)
        sample("engageql_shared_records_total", [("result", "miss")], shared.misses)
        head("engageql_shared_malformed_total", "counter", "Values of the shared tier that were not believed.")
        sample("engageql_shared_malformed_total", [], shared.malformed)
        head("engageql_shared_published_total", "counter", "Records that were written to the shared tier.")
        sample("engageql_shared_published_total", [], shared.published)
        head("engageql_shared_leases_total", "counter", "Leases on records that this node wanted to fetch.")
        sample("engageql_shared_leases_total", [("result", "taken")], shared.leases)
        sample("engageql_shared_leases_total", [("result", "held_elsewhere")], shared.leasesHeldElsewhere)
        head("engageql_shared_calls_put_off_total", "counter", "Calls beyond what all nodes may make in a minute.")
        sample("engageql_shared_calls_put_off_total", [], shared.callsPutOff)
        head("engageql_shared_purges_total", "counter", "Purges of the shared journal that this node went along with.")
        sample("engageql_shared_purges_total", [], shared.purges)
        head("engageql_shared_errors_total", "counter", "Questions without an answer, and writes that were given up.")
        sample("engageql_shared_errors_total", [], shared.errors)
    }

    private mutating func lists(_ report: ListsReport) {
        head("engageql_list_tweets", "gauge", "Tweets of a list.")
        for list in report.lists { sample("engageql_list_tweets", [("list", list.name.rawValue)], list.tweets.count) }
        let refreshed = report.lists.compactMap { list in report.statuses[list.name].map { (list.name.rawValue, $0) } }
        head("engageql_list_numbers", "gauge", "Numbers of a list that are refreshed, as of its last round.")
        for (name, status) in refreshed { sample("engageql_list_numbers", [("list", name)], status.numbers) }
        head("engageql_list_warm_numbers", "gauge", "Those of them that can be served without waiting.")
        for (name, status) in refreshed { sample("engageql_list_warm_numbers", [("list", name)], status.warmNumbers) }
        head("engageql_list_refresh_rounds_total", "counter", "Rounds of refreshing a list.")
        for (name, status) in refreshed {
            sample("engageql_list_refresh_rounds_total", [("list", name)], status.rounds)
        }
        head(
            "engageql_list_refreshed_timestamp_seconds",
            "gauge",
            "When a list was last refreshed with nothing left over."
        )
        for (name, status) in refreshed {
            guard let time = status.refreshedAt else { continue }
            sample("engageql_list_refreshed_timestamp_seconds", [("list", name)], Int(time.seconds))
        }
        head("engageql_refresh_calls_total", "counter", "Requests sent to the Engagement API to refresh lists.")
        sample("engageql_refresh_calls_total", [], report.statistics.calls)
    }

    // MARK: - Lines

    mutating func head(_ name: String, _ type: String, _ help: String) {
        buffer.append("# HELP \(name) \(help)\n# TYPE \(name) \(type)\n")
    }

    mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Int) {
        sample(name, labels, "\(value)")
    }

    /// A label's value with the escapes of the format: names of accounts are anybody's choice.
    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            switch character {
            case "\\", "\"": text += "\\\(character)"
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }

    /// Label values need no escape, or have it.
    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        let list = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        buffer.append(list.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n")
    }
}
