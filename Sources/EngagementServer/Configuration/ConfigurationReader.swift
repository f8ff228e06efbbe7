internal import Engagement
internal import Settings

/// One section of the configuration: what the file says, unless an environment variable says otherwise.
///
/// The variable of `server.bodyBytes` is `ENGAGEQL_SERVER_BODY_BYTES`.
internal struct ConfigurationReader {
    private let node: SettingsNode?
    private let path: String
    private let environment: [String: String]

    /// The section `name` of a file. Keys other than `keys` are refused.
    init(
        _ root: SettingsNode?,
        section name: String,
        keys: Set<String>,
        environment: [String: String]
    ) throws(SettingsError) {
        node = root?.child(name)
        path = name
        self.environment = environment
        try node?.allow(keys)
    }

    /// A section that lies within another one, as `path` says.
    init(
        _ node: SettingsNode?,
        path: String,
        keys: Set<String>,
        environment: [String: String]
    ) throws(SettingsError) {
        self.node = node
        self.path = path
        self.environment = environment
        try node?.allow(keys)
    }

    /// Sets `value` if the key is given.
    func read(_ key: String, into value: inout Int, in bounds: ClosedRange<Int64>) throws(SettingsError) {
        guard let setting = try setting(key) else { return }
        value = Int(try setting.integer(in: bounds))
    }

    func read(_ key: String, into value: inout Int64, in bounds: ClosedRange<Int64>) throws(SettingsError) {
        guard let setting = try setting(key) else { return }
        value = try setting.integer(in: bounds)
    }

    func read(_ key: String, into value: inout UInt16) throws(SettingsError) {
        guard let setting = try setting(key) else { return }
        value = UInt16(try setting.integer(in: 0...65_535))
    }

    func read(_ key: String, into value: inout String) throws(SettingsError) {
        guard let setting = try setting(key) else { return }
        value = try setting.name()
    }

    func read(_ key: String, into value: inout Bool) throws(SettingsError) {
        guard let setting = try setting(key) else { return }
        value = try setting.boolean()
    }

    /// Reads a date or a date and time, floored to the hour.
    func read(_ key: String, into value: inout UTCHour) throws(SettingsError) {
        guard let setting = try setting(key) else { return }
        value = try setting.time().flooredHour
    }

    /// Reads one of the names of an enumeration.
    func read<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        into value: inout Choice
    ) throws(SettingsError) where Choice.RawValue == String {
        guard let setting = try setting(key) else { return }
        value = try setting.choice(of: Choice.self)
    }

    /// Reads a list of texts; from the environment, separated by commas.
    func read(_ key: String, into value: inout [String]) throws(SettingsError) {
        guard let setting = try setting(key) else { return }
        guard let elements = try? setting.elements() else {
            value = try setting.text().split(separator: ",").map(String.init)
            return
        }
        value = []
        for element in elements { value.append(try element.name()) }
    }

    /// Checks a value that was read, and complains at its place.
    func check(_ key: String, _ isRight: Bool, _ reason: String) throws(SettingsError) {
        guard !isRight else { return }
        if let setting = try setting(key) { throw setting.error(reason) }
        throw SettingsError(source: "configuration", line: nil, key: "\(path).\(key)", reason: reason)
    }

    private func setting(_ key: String) throws(SettingsError) -> SettingsNode? {
        let variable = ConfigurationReader.variable(of: "\(path).\(key)")
        if let text = environment[variable] {
            return try SettingsNode(parsing: "value: \(ConfigurationReader.quoted(text))", source: "$\(variable)")
                .child("value")
        }
        return node?.child(key)
    }

    /// `server.bodyBytes` → `ENGAGEQL_SERVER_BODY_BYTES`.
    static func variable(of path: String) -> String {
        path.reduce(into: "ENGAGEQL_") { name, character in
            if character == "." {
                name += "_"
            } else {
                if character.isUppercase { name += "_" }
                name += character.uppercased()
            }
        }
    }

    /// A YAML text in single quotation marks: nothing in it means anything.
    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
