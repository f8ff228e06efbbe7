/// Whether two lists of arguments, or two literals, are the same as text, the order of names left aside. Numbers are
/// compared as written, strings by what they say.
internal struct LiteralEquality {
    let document: Document

    /// Lists up to this length are searched name by name, longer ones sorted.
    private static let smallCount = 8

    func areSame(arguments one: NodeRange, _ other: NodeRange) -> Bool {
        let arguments = document.arguments
        return areSame(one, other, name: { arguments[$0].name }, value: { arguments[$0].value })
    }

    func areSame(_ one: ValueIndex, _ other: ValueIndex) -> Bool {
        let (value1, value2) = (document.values[one.index], document.values[other.index])
        switch (value1.kind, value2.kind) {
        case (.variable(let name1), .variable(let name2)), (.enumeration(let name1), .enumeration(let name2)):
            return document.isSame(name1, name2)
        case (.int(let length1), .int(let length2)), (.float(let length1), .float(let length2)):
            return length1 == length2 && bytes(value1.offset, length1).elementsEqual(bytes(value2.offset, length2))
        case (.string(let literal1), .string(let literal2)):
            if !literal1.needsDecoding, !literal2.needsDecoding {
                return bytes(literal1.offset, literal1.length).elementsEqual(bytes(literal2.offset, literal2.length))
            }
            return document.text(of: literal1).utf8.elementsEqual(document.text(of: literal2).utf8)
        case (.boolean(let flag1), .boolean(let flag2)):
            return flag1 == flag2
        case (.null, .null):
            return true
        case (.list(let elements1), .list(let elements2)):
            return elements1.count == elements2.count
                && zip(elements1.indices, elements2.indices).allSatisfy { areSame(ValueIndex($0), ValueIndex($1)) }
        case (.object(let fields1), .object(let fields2)):
            let fields = document.objectFields
            return areSame(fields1, fields2, name: { fields[$0].name }, value: { fields[$0].value })
        default:
            return false
        }
    }

    private func areSame(
        _ one: NodeRange,
        _ other: NodeRange,
        name: (Int) -> Name,
        value: (Int) -> ValueIndex
    ) -> Bool {
        guard one.count == other.count else { return false }
        if one.count <= Self.smallCount {
            return one.indices.allSatisfy { index1 in
                let match = other.indices.first { document.isSame(name(index1), name($0)) }
                return match.map { areSame(value(index1), value($0)) } ?? false
            }
        }
        let sorted = [one, other].map { range in
            range.indices.sorted {
                document.bytes(of: name($0)).lexicographicallyPrecedes(document.bytes(of: name($1)))
            }
        }
        return zip(sorted[0], sorted[1]).allSatisfy { index1, index2 in
            document.isSame(name(index1), name(index2)) && areSame(value(index1), value(index2))
        }
    }

    private func bytes(_ offset: UInt32, _ length: UInt32) -> ArraySlice<UInt8> {
        document.source.bytes[Int(offset)..<Int(offset) + Int(length)]
    }
}
