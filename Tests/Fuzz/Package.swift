// swift-tools-version: 6.2

import PackageDescription

// Coverage-guided fuzzers, apart from the project's package since they need instrumented builds: `make fuzz`.
// `Sources` is a link to the project's own.
let package = Package(
    name: "Fuzz",
    products: fuzzers.map { .executable(name: $0, targets: [$0]) },
    targets: [
        .target(name: "Bytes"),
        .target(name: "JSON", dependencies: ["Bytes"]),
        .target(name: "Engagement", dependencies: ["Bytes"]),
        .target(name: "GraphQL", dependencies: ["Bytes", "JSON"]),
        .target(name: "EngagementGraph", dependencies: ["GraphQL", "Engagement", "Bytes", "JSON"]),
        // Of the module only what has nothing to do with sockets.
        .target(name: "URLEncoding", dependencies: ["Bytes"], path: "Targets/URLEncoding"),
        .fuzzer("FuzzParser", ["GraphQL", "Bytes"]),
        .fuzzer("FuzzSchema", ["GraphQL", "Bytes"]),
        .fuzzer("FuzzRequest", ["GraphQL", "EngagementGraph", "Engagement", "JSON", "Bytes"]),
        .fuzzer("FuzzJSON", ["JSON", "Bytes", "URLEncoding"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .strictMemorySafety(),
        ]
}

var fuzzers: [String] { ["FuzzParser", "FuzzSchema", "FuzzRequest", "FuzzJSON"] }

extension Target {
    /// An executable whose `main` is libFuzzer's.
    static func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
        .executableTarget(
            name: name,
            dependencies: dependencies,
            path: "Targets/\(name)",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])]
        )
    }
}
