/// How large an operation may grow when its fragments are spread out. A short document can select a million fields
/// through fragments that spread each other; what is collected is bounded here, what is fetched is the host's matter.
public struct ExecutionLimits: Sendable {
    /// How many fields an operation may select, all object types of interfaces and unions counted.
    public var maximumSelectedFields: Int

    /// How deep fields and fragments may nest.
    public var maximumDepth: Int

    /// How many trees of fields are remembered for an operation whose `@skip` and `@include` take variables.
    public var maximumRememberedPlans: Int

    public init(maximumSelectedFields: Int = 10_000, maximumDepth: Int = 200, maximumRememberedPlans: Int = 8) {
        self.maximumSelectedFields = maximumSelectedFields
        self.maximumDepth = maximumDepth
        self.maximumRememberedPlans = maximumRememberedPlans
    }
}
