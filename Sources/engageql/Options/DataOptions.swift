import ArgumentParser
import EngagementServer

/// Where settings and numbers are: what all commands take that work on a data folder.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The configuration file. Without it, config/engageql.yaml is read if it is there.",
            valueName: "file"
        )
    )
    var config: String?

    @Option(help: ArgumentHelp("The folder of the cache file.", valueName: "folder"))
    var data: String?

    @Flag(help: "The built-in sandbox in place of the Engagement API, with files of its own; needs no credentials.")
    var sandbox = false

    var isGiven: Bool { config != nil || data != nil || sandbox }

    /// The settings of the configuration, with the folder that is named.
    ///
    /// - Throws: ``Failure`` if the configuration is bad.
    func settings(withSecrets: Bool) throws(Failure) -> ServerConfiguration {
        var settings = try ServerConfiguration.read(config, withSecrets: withSecrets)
        if let data { settings.dataFolder = data }
        return settings
    }
}

/// What a command takes that asks the Engagement API, or the sandbox in its place.
struct ServiceOptions: ParsableArguments {
    @OptionGroup var place: DataOptions

    @Option(
        help: ArgumentHelp(
            "The sandbox's own settings. Without it, config/sandbox.yaml is read if it is there.",
            valueName: "file"
        )
    )
    var sandboxConfig: String?

    var isGiven: Bool { place.isGiven || sandboxConfig != nil }
}
