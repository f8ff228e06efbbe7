public import Bytes

/// The fields that an operation selects, collected once for each outcome of its `@skip` and `@include` (September 2025
/// §6.3.2), in flat arrays. Fields of one parent lie side by side.
@usableFromInline
internal final class SelectionPlan: Sendable {
    @usableFromInline
    internal let fields: [SelectedField]

    @usableFromInline
    internal let rootFields: Range<Int>

    /// The selections below abstract types: one for each possible object type.
    @usableFromInline
    internal let branches: [Branch]

    /// What stands before each value: `{"key":` for the first field of an object, `,"key":` for the others, escaped. Of
    /// `__typename` the value too.
    @usableFromInline
    internal let keys: [UInt8]

    /// What is rarely asked for, by the index of the field.
    internal let details: [Detail]

    /// The places in ``Document/fields`` of the fields that were merged.
    internal let nodes: [Int]

    internal let arguments: ArgumentPlan

    internal struct Detail: Sendable {
        /// The name of the field in the response.
        let responseKey: String
        /// The field whose children this one is among, or -1 for a root field. A field that several object types of an
        /// abstract type share names the first of their fields; the response paths are the same.
        let parent: Int32
        /// In ``SelectionPlan/nodes``.
        let nodes: NodeRange
        /// Its argument slots: one for each argument that the schema defines.
        let arguments: NodeRange
    }

    /// What is selected if a value of an abstract type is of this object type.
    @usableFromInline
    internal struct Branch: Sendable {
        @usableFromInline
        internal let type: TypeID
        @usableFromInline
        internal let fields: NodeRange

        internal init(type: TypeID, fields: NodeRange) {
            self.type = type
            self.fields = fields
        }
    }

    internal init(
        fields: [SelectedField],
        rootFields: Range<Int>,
        branches: [Branch],
        keys: [UInt8],
        details: [Detail],
        nodes: [Int],
        arguments: ArgumentPlan
    ) {
        self.fields = fields
        self.rootFields = rootFields
        self.branches = branches
        self.keys = keys
        self.details = details
        self.nodes = nodes
        self.arguments = arguments
    }

    @inlinable
    internal func appendKey(of field: SelectedField, to buffer: inout ByteBuffer) {
        let range = field.key.indices
        unsafe keys.withUnsafeBytes { bytes in
            unsafe buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[range]))
        }
    }
}
