import GraphQL

/// Lexer, parser and printer on any bytes: a document is refused with an error that has a place, or it is printed, and what is
/// printed reads back to the same print.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(GraphQLError) {
        let document = try Document.parse(Source(bytes))
        for value in document.values {
            if case .string(let literal) = value.kind { _ = document.text(of: literal) }
        }
        check(document)
    } catch {
        precondition(error.message.hasPrefix("Syntax Error: "), "a refusal says what it is")
        precondition(error.locations.count == 1, "a syntax error has its place")
    }
    return 0
}

private func check(_ document: Document) {
    let printed = document.printed()
    do throws(GraphQLError) {
        let again = try Document.parse(Source(printed))
        precondition(again.printed() == printed, "printing is stable")
    } catch {
        preconditionFailure("what is printed can be read: \(error.message) in \(printed)")
    }
}
