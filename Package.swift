// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "EngageQL",
    products: [
        .executable(name: "engageql", targets: ["engageql"]),
        .library(name: "GraphQL", targets: ["GraphQL"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // C libraries, as the distribution packages them.
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        // Without pkg-config, whose flags for hiredis are none that this tool takes; none is needed.
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        // It has no pkg-config file.
        .systemLibrary(name: "CWslay", providers: [.apt(["libwslay-dev"])]),

        // Ground floor: bytes, formats and the nouns that all rooms above share.
        .target(name: "Bytes"),
        .target(name: "JSON", dependencies: ["Bytes"]),
        .target(name: "Gzip", dependencies: ["CZlib", "Bytes"]),
        .target(name: "Digests", dependencies: ["CCrypto"]),
        .target(name: "SQLite", dependencies: ["CSQLite"]),
        .target(name: "Engagement", dependencies: ["Bytes"]),

        .target(name: "Settings", dependencies: ["Engagement", .product(name: "Yams", package: "Yams")]),

        // Engines that know nothing of each other.
        .target(name: "GraphQL", dependencies: ["Bytes", "JSON"]),
        .target(name: "MicroHTTP", dependencies: ["CMicroHTTPD", "Bytes"]),
        .target(name: "WebSocket", dependencies: ["CWslay", "MicroHTTP", "Bytes", "Digests"]),
        .target(name: "MetricCache", dependencies: ["Engagement", "SQLite"]),
        .target(name: "Ledger", dependencies: ["Engagement", "SQLite"]),
        .target(name: "TweetLists", dependencies: ["Engagement", "SQLite"]),
        .target(name: "Archive", dependencies: ["Engagement", "SQLite"]),
        .target(name: "EngagementAPI", dependencies: ["Engagement", "Bytes", "JSON", "Gzip", "Digests", "CCurl"]),

        // Where they meet.
        .target(name: "EngagementGraph", dependencies: ["GraphQL", "Engagement", "Bytes", "JSON"]),
        .target(
            name: "MetricLoader",
            dependencies: ["Archive", "Engagement", "MetricCache", "Ledger", "EngagementAPI"]
        ),
        .target(
            name: "SharedTier",
            dependencies: ["CHiredis", "Digests", "Engagement", "EngagementAPI", "MetricCache", "MetricLoader"]
        ),
        .target(
            name: "EngagementSandbox",
            dependencies: ["Engagement", "Bytes", "JSON", "Gzip", "Digests", "MicroHTTP", "Settings"]
        ),
        .target(
            name: "EngagementServer",
            dependencies: [
                "Bytes", "JSON", "Engagement", "GraphQL", "MicroHTTP", "MetricCache", "EngagementAPI",
                "EngagementGraph", "MetricLoader", "SharedTier", "Ledger", "TweetLists", "Archive", "Settings",
                "Digests", "Gzip", "WebSocket",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "engageql",
            dependencies: [
                "EngagementServer", "EngagementSandbox", "EngagementAPI", "EngagementGraph", "Engagement", "GraphQL",
                "Archive", "MetricLoader", "MetricCache", "MicroHTTP", "SQLite", "Settings", "JSON", "Bytes",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "EngagementServer", "EngagementSandbox", "EngagementAPI", "EngagementGraph", "GraphQL", "Ledger",
                "MetricCache", "MetricLoader", "MicroHTTP", "Engagement", "JSON", "Bytes", "CMicroHTTPD",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Thresholds.json"]
        ),

        // Tests mirror the targets.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "BytesTests", dependencies: ["Bytes", "TestSupport"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "Bytes", "TestSupport"]),
        .testTarget(name: "GzipTests", dependencies: ["Gzip", "Bytes"]),
        .testTarget(name: "DigestsTests", dependencies: ["Digests"]),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "TestSupport"]),
        .testTarget(name: "EngagementTests", dependencies: ["Engagement", "TestSupport"]),
        .testTarget(
            name: "GraphQLTests",
            dependencies: ["GraphQL", "JSON", "Bytes", "TestSupport"],
            resources: [.copy("Corpus")]
        ),
        .testTarget(name: "MicroHTTPTests", dependencies: ["MicroHTTP", "Bytes", "TestSupport"]),
        .testTarget(name: "WebSocketTests", dependencies: ["WebSocket", "MicroHTTP", "Bytes", "TestSupport"]),
        .testTarget(name: "MetricCacheTests", dependencies: ["MetricCache", "Engagement", "SQLite", "TestSupport"]),
        .testTarget(name: "LedgerTests", dependencies: ["Ledger", "Engagement", "SQLite", "TestSupport"]),
        .testTarget(name: "TweetListsTests", dependencies: ["TweetLists", "Engagement", "SQLite", "TestSupport"]),
        .testTarget(name: "ArchiveTests", dependencies: ["Archive", "Engagement", "SQLite", "TestSupport"]),
        .testTarget(
            name: "EngagementAPITests",
            dependencies: ["EngagementAPI", "Engagement", "Bytes", "JSON", "Gzip", "Digests", "TestSupport"]
        ),
        .testTarget(
            name: "EngagementGraphTests",
            dependencies: ["EngagementGraph", "GraphQL", "Engagement", "Bytes", "JSON", "TestSupport"]
        ),
        .testTarget(
            name: "MetricLoaderTests",
            dependencies: [
                "MetricLoader", "Archive", "MetricCache", "Ledger", "EngagementAPI", "Engagement", "TestSupport",
            ]
        ),
        .testTarget(
            name: "SharedTierTests",
            dependencies: [
                "SharedTier", "MetricLoader", "MetricCache", "Ledger", "EngagementAPI", "Engagement", "TestSupport",
            ]
        ),
        .testTarget(
            name: "EngagementSandboxTests",
            dependencies: ["EngagementSandbox", "Engagement", "JSON", "Gzip", "Digests", "TestSupport", "Settings"]
        ),
        .testTarget(
            name: "EngagementServerTests",
            dependencies: [
                "EngagementServer", "EngagementSandbox", "EngagementAPI", "EngagementGraph", "GraphQL", "MetricCache",
                "MetricLoader", "Ledger", "MicroHTTP", "Engagement", "Digests", "Gzip", "JSON", "Settings",
                "SharedTier", "TweetLists",
                "Bytes",
                "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.copy("Scenarios"), .copy("Conversations")]
        ),
        .testTarget(
            name: "EngageQLTests",
            dependencies: ["engageql", "EngagementSandbox", "Engagement", "JSON", "SQLite", "TestSupport"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// The same strict compiler for every target of ours.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
    ]
}
