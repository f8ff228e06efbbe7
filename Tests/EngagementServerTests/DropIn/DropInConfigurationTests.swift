import EngagementServer
import Foundation
import Settings
import TestSupport
import Testing

/// The section `dropIn` of the configuration.
@Suite
struct DropInConfigurationTests {
    @Test("The file that comes with the server says what holds without it")
    func defaults() throws {
        let file = try ServerConfiguration(path: TestBed.packageFolder + "/config/engageql.yaml", environment: [:])
            .dropIn
        let plain = DropInConfiguration()
        #expect(file.acceptedHosts == plain.acceptedHosts)
        #expect(file.unsigned == plain.unsigned && !plain.unsigned)
        #expect(file.timestampToleranceSeconds == plain.timestampToleranceSeconds)
        #expect(file.rememberedNonces == plain.rememberedNonces)
        #expect(file.hourWithoutDay == plain.hourWithoutDay)
        #expect(file.foreignTotals == plain.foreignTotals)
    }

    @Test("The environment overrides it")
    func environment() throws {
        let settings = try ServerConfiguration(
            path: nil,
            environment: [
                "ENGAGEQL_DROP_IN_ACCEPTED_HOSTS": "https://data-api.twitter.com,http://127.0.0.1:8080",
                "ENGAGEQL_DROP_IN_UNSIGNED": "true",
            ]
        ).dropIn
        #expect(settings.acceptedHosts == ["https://data-api.twitter.com", "http://127.0.0.1:8080"])
        #expect(settings.unsigned)
    }

    @Test(
        "Nonsense stops the start, with the place",
        arguments: [
            "acceptedHosts: [data-api.twitter.com]", "acceptedHosts: ['https://data-api.twitter.com/']",
            "acceptedHosts: ['https://a/b']", "acceptedHosts: ['ftp://a']", "acceptedHosts: ['https://']",
            "unsigned: maybe", "timestampToleranceSeconds: -1", "hourWithoutDay: day", "foreignTotals: no", "other: 1",
        ]
    )
    func nonsense(_ line: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("engageql.yaml")
        try "dropIn:\n  \(line)\n".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: SettingsError.self) { try ServerConfiguration(path: path, environment: [:]) }
        #expect(error.map { "\($0)".contains(":2:") } == true)
    }
}
