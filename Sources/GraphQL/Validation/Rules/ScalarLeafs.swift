/// Scalars and enums have no selection, all other types have one.
///
/// September 2025 §5.3.3, "Leaf Field Selections".
internal enum ScalarLeafs: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, field) in context.document.fields.enumerated() {
            guard let definition = context.facts.fieldDefinitions[index] else { continue }
            let type = context.schema.type(of: definition)
            if context.schema.kind(of: type.named).isLeaf {
                guard let selectionSet = field.selectionSet else { continue }
                let (name, written) = (context.text(field.name), context.schema.text(of: type))
                report.add(
                    "Field \"\(name)\" must not have a selection since type \"\(written)\" has no subfields.",
                    at: openingBrace(of: selectionSet, fallback: field.offset, in: context.document)
                )
            } else if field.selectionSet == nil {
                let (name, written) = (context.text(field.name), context.schema.text(of: type))
                report.add(
                    "Field \"\(name)\" of type \"\(written)\" must have a selection of subfields."
                        + " Did you mean \"\(name) { ... }\"?",
                    at: field.offset
                )
            }
        }
    }

    /// The byte of the brace in front of a selection set, which nodes do not keep: the nearest one with nothing but
    /// spaces, commas and comments between it and the first selection.
    private static func openingBrace(of selectionSet: NodeRange, fallback: UInt32, in document: Document) -> UInt32 {
        let bytes = document.source.bytes
        let first = Int(offset(of: document.selections[Int(selectionSet.start)], in: document))
        // Braces inside a comment come first when going back; no need to look far.
        var candidates = 8
        var position = first - 1
        while position >= Int(fallback), candidates > 0 {
            if bytes[position] == UInt8(ascii: "{") {
                if isIgnored(bytes[(position + 1)..<first]) { return UInt32(position) }
                candidates -= 1
            }
            position -= 1
        }
        return fallback
    }

    private static func offset(of selection: Selection, in document: Document) -> UInt32 {
        switch selection {
        case .field(let index): document.fields[index].offset
        case .fragmentSpread(let index): document.fragmentSpreads[index].offset
        case .inlineFragment(let index): document.inlineFragments[index].offset
        }
    }

    /// §2.1.7: whether nothing stands there but what the lexer passes over.
    private static func isIgnored(_ bytes: ArraySlice<UInt8>) -> Bool {
        var isComment = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): isComment = false
            case UInt8(ascii: "#"): isComment = true
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","): break
            // A byte order mark is passed over wherever it stands.
            case 0xEF, 0xBB, 0xBF: break
            default: if !isComment { return false }
            }
        }
        return true
    }
}
