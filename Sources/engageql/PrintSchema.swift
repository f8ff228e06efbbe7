import ArgumentParser
import GraphQL
import JSON

/// `engageql schema`.
struct PrintSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the schema as the server understands it.",
        discussion: """
            Without options the schema comes in its definition language, extensions merged and in one layout, for tools that \
            compare or generate code. A file that is no valid schema is refused with what is wrong with it.

            Exit codes: 0 printed, 64 wrong usage, 66 the file cannot be read, 78 the schema is bad.
            """
    )

    @Option(help: ArgumentHelp("The schema; - is standard input.", valueName: "file"))
    var schema = Check.defaultSchema

    @Flag(help: "Print the answer to the standard introspection query, as JSON.")
    var introspection = false

    func run() throws {
        let source = try DocumentFiles.source(schema)
        let built: Schema
        do {
            built = try Schema.build(source)
        } catch {
            throw Failure(.configuration, CheckOutput(schema: DocumentReport(source, errors: error.errors)).text)
        }
        if introspection {
            Terminal.print(json: try Introspection.answer(of: built))
        } else {
            Terminal.print(built.printed())
        }
    }
}
