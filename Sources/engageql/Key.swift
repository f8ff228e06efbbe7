import ArgumentParser

/// `engageql key`.
struct Key: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make keys for callers.",
        discussion: """
            A server with keys in its configuration asks every caller for one, and may listen beyond this machine. A key is made \
            here and given to its holder; the configuration has no more of it than its hash.
            """,
        subcommands: [KeyNew.self]
    )
}
