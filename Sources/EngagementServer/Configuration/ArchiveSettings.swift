internal import Archive
internal import Settings

/// The section `archive`.
extension ServerConfiguration {
    internal mutating func readArchive(_ root: SettingsNode?, _ environment: [String: String]) throws(SettingsError) {
        let keys: Set<String> = ["fileBytes", "partsOfAge", "leastSeconds", "removeUnavailableAfterHours"]
        let reader = try ConfigurationReader(root, section: "archive", keys: keys, environment: environment)
        try reader.read(
            "fileBytes",
            into: &archive.maximumBytes,
            in: Int64(ArchiveConfiguration.leastBytes)...1 << 44
        )
        try reader.read("partsOfAge", into: &archive.thinning.partsOfAge, in: 1...10_000)
        try reader.read("leastSeconds", into: &archive.thinning.leastSeconds, in: 1...86_400)
        var hours = archive.removalSeconds / 3600
        try reader.read("removeUnavailableAfterHours", into: &hours, in: 0...87_600)
        archive.removalSeconds = hours * 3600
    }
}
