import GraphQL

/// Type system documents of any kind: refused with reasons, or built, and what is printed of the schema builds the same one.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(GraphQLErrors) {
        let schema = try Schema.build(Source(bytes))
        let printed = schema.printed()
        do throws(GraphQLErrors) {
            let again = try Schema.build(Source(printed))
            precondition(again.printed() == printed, "printing is stable")
        } catch {
            preconditionFailure("a printed schema is valid: \(error.errors.map(\.message)) in \(printed)")
        }
    } catch {
        precondition(!error.errors.isEmpty, "a refusal has a reason")
    }
    return 0
}
