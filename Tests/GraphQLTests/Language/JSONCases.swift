import Foundation

/// Cases that lie in `Corpus/` as a JSON array. Their expected results were taken from the reference implementation's port
/// graphql-core 3.2.8 wherever it and the September 2025 edition agree.
enum JSONCases {
    static func load<Case: Decodable>(_ path: String, as type: Case.Type = Case.self) -> [Case] {
        let folder = Bundle.module.resourceURL ?? URL(filePath: "/")
        do {
            let data = try Data(contentsOf: folder.appending(path: "Corpus/" + path))
            return try JSONDecoder().decode([Case].self, from: data)
        } catch {
            fatalError("Corpus/\(path): \(error)")
        }
    }
}
