import Testing

@Suite("The audits of GraphQL over HTTP")
struct AuditTests {
    @Test("all pass, those that are a matter of choice too")
    func audits() async throws {
        let bed = try TestBed()
        for audit in Audit.all {
            if let problem = audit.problem(with: try await bed.send(audit.probe)) { Issue.record("\(problem)") }
        }
    }

    @Test("are all there, each once")
    func auditsAreComplete() {
        #expect(Audit.all.count == 60)
        #expect(Set(Audit.all.map(\.id)).count == Audit.all.count)
    }
}
