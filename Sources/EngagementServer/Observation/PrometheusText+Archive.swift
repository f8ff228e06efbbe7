internal import Archive

/// The counters of the archive.
extension PrometheusText {
    mutating func archive(_ archive: ArchiveStatistics) {
        head("engageql_archive_histories", "gauge", "Tweets whose past totals are kept, once for each scope.")
        sample("engageql_archive_histories", [], archive.histories)
        head("engageql_archive_file_bytes", "gauge", "Bytes of the archive file.")
        sample("engageql_archive_file_bytes", [], archive.fileBytes)
        head("engageql_archive_observations_total", "counter", "Totals of a Tweet that were noted with their time.")
        sample("engageql_archive_observations_total", [], archive.observations)
        head("engageql_archive_evicted_total", "counter", "Histories that had to make room.")
        sample("engageql_archive_evicted_total", [], archive.evictedHistories)
        head("engageql_archive_unavailable_tweets", "gauge", "Tweets that are known to be unavailable.")
        sample("engageql_archive_unavailable_tweets", [], archive.unavailableTweets)
        head("engageql_archive_removed_tweets_total", "counter", "Tweets that stayed unavailable and were removed.")
        sample("engageql_archive_removed_tweets_total", [], archive.removedTweets)
    }
}
