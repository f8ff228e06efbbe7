import Foundation
import Testing

@testable import GraphQL

/// A document and the errors that it must get, from Corpus/Validation: a file a rule.
///
/// A case is a line `=== title`, the document, and a line `--- 1:2 3:4 message` for each error. Every document goes
/// through all rules, so that its file's rule must be the only one to complain where a case is about one mistake. The
/// errors were derived with an implementation of the reference in another language; what differs is listed in
/// Deviations.md.
struct ValidationCase: Sendable, CustomTestStringConvertible {
    let rule: String
    let title: String
    let document: String
    /// As written, sorted.
    let errors: [String]

    var testDescription: String { "\(rule): \(title)" }

    /// All cases of all rules.
    static let all: [ValidationCase] = {
        let folder = Corpus.folder.appending(path: "Validation")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }.flatMap(cases(in:))
    }()

    private static func cases(in file: URL) -> [ValidationCase] {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return ("\n" + text).components(separatedBy: "\n=== ").dropFirst().map { part in
            let lines = part.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let body = lines.dropFirst()
            return ValidationCase(
                rule: file.deletingPathExtension().lastPathComponent,
                title: lines[0],
                document: body.prefix { !$0.hasPrefix("---") }.joined(separator: "\n"),
                errors: body.filter { $0.hasPrefix("--- ") }.map { String($0.dropFirst(4)) }.sorted()
            )
        }
    }
}

enum Corpus {
    static var folder: URL {
        Bundle.module.resourceURL?.appending(path: "Corpus") ?? URL(filePath: "/nonexistent")
    }
}

/// The schema that the corpus is about.
enum Library {
    static let schema: Schema = {
        do {
            let text = try String(
                contentsOf: Corpus.folder.appending(path: "validation-schema.graphql"),
                encoding: .utf8
            )
            return try Schema.build(Source(text), scalars: ["Date": date])
        } catch {
            fatalError("the test schema cannot be built: \(error)")
        }
    }()

    private static let date = ScalarCoercion { input throws(ScalarCoercionFailure) in
        guard case .string(let bytes) = input, bytes.count == 10 else {
            throw ScalarCoercionFailure("a date is written yyyy-mm-dd")
        }
        return .string(String(decoding: bytes, as: UTF8.self))
    }
}

/// The errors of a document as the corpus writes them, sorted.
func errors(
    in text: String,
    schema: Schema = Library.schema,
    limits: ParserLimits = ParserLimits(),
    options: ValidationOptions = ValidationOptions()
) throws -> [String] {
    let document = try Document.parse(Source(text), limits: limits)
    return Validator.validate(document, against: schema, options: options).map { error in
        (error.locations.map { "\($0.line):\($0.column)" } + [error.message]).joined(separator: " ")
    }.sorted()
}
