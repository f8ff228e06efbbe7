internal import Bytes
internal import GraphQL

/// `$metadata`: what the service has, as CSDL (4.0). Descriptions are those of the GraphQL schema.
internal struct ODataMetadata {
    let sets: ODataSets
    let schema: Schema

    private static let capabilities = "Org.OData.Capabilities.V1."
    /// Terms of the capabilities vocabulary, and what they say of every set: what cannot be done.
    private static let refusals = [
        ("InsertRestrictions", "Insertable"), ("UpdateRestrictions", "Updatable"), ("DeleteRestrictions", "Deletable"),
        ("SearchRestrictions", "Searchable"), ("ExpandRestrictions", "Expandable"),
    ]

    var document: ByteString {
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">"#,
        ]
        for name in ["Core", "Capabilities"] {
            lines.append(
                #"<edmx:Reference Uri="https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.\#(name).V1.xml">"#
            )
            lines.append(#"<edmx:Include Namespace="Org.OData.\#(name).V1"/>"#)
            lines.append("</edmx:Reference>")
        }
        lines.append("<edmx:DataServices>")
        lines.append(#"<Schema Namespace="EngageQL" xmlns="http://docs.oasis-open.org/odata/ns/edm">"#)
        for table in ODataTable.allCases { lines += type(table) }
        lines.append(#"<Term Name="absence" Type="Edm.String" AppliesTo="Property">"#)
        lines.append(description("Why a number is null, as a code such as TWEET_FORBIDDEN."))
        lines.append("</Term>")
        lines.append(#"<EntityContainer Name="Container">"#)
        lines.append(#"<Annotation Term="\#(Self.capabilities)BatchSupported" Bool="false"/>"#)
        for set in sets.all { lines += entitySet(set) }
        lines += ["</EntityContainer>", "</Schema>", "</edmx:DataServices>", "</edmx:Edmx>", ""]
        return ByteString(lines.joined(separator: "\n"))
    }

    private func type(_ table: ODataTable) -> [String] {
        var lines = [#"<EntityType Name="\#(table.typeName)">"#, "<Key>"]
        lines += table.properties.prefix(table.keyCount).map { #"<PropertyRef Name="\#($0.name)"/>"# }
        lines.append("</Key>")
        for (place, property) in table.properties.enumerated() {
            let nullable = table.isNullable(place) ? "" : #" Nullable="false""#
            let precision = property.type == .dateTimeOffset ? #" Precision="3""# : ""
            let start =
                #"<Property Name="\#(property.name)" Type="\#(property.type.rawValue)"\#(nullable)\#(precision)"#
            guard let text = description(of: property, table) else {
                lines.append(start + "/>")
                continue
            }
            lines += [start + ">", description(text), "</Property>"]
        }
        lines.append(description(Self.summary(of: table)))
        lines.append("</EntityType>")
        return lines
    }

    private static func summary(of table: ODataTable) -> String {
        switch table {
        case .lists: "Tweets under a name."
        case .totals: "Lifetime counts of the Tweets of lists, as of now."
        case .daily:
            """
            Counts by days of UTC that are over, of the account's own Tweets: the last \(table.defaultDays), unless $filter says \
            from which date on.
            """
        case .hourly:
            """
            Counts by hours that are over, of the account's own Tweets: of the last \(table.defaultDays) days, unless $filter \
            says from which start on.
            """
        }
    }

    private func description(of property: ODataProperty, _ table: ODataTable) -> String? {
        switch property.name {
        case "list": return "The list that the Tweet is on."
        case "tweetId": return "The Tweet: digits, but a text."
        case "date": return "The day, in UTC."
        case "start" where table == .hourly: return "When the hour begins."
        case "refreshedAt": return "When its numbers were last refreshed ahead of time with nothing left over."
        default: break
        }
        guard let type = schema.type(named: table.graphQLType),
            let field = schema.field(named: property.name, on: type)
        else { return nil }
        return schema[field].description
    }

    private func description(_ text: String) -> String {
        #"<Annotation Term="Org.OData.Core.V1.Description" String="\#(Self.escaped(text))"/>"#
    }

    private func entitySet(_ set: ODataSet) -> [String] {
        var lines = [#"<EntitySet Name="\#(set.name)" EntityType="EngageQL.\#(set.table.typeName)">"#]
        for (term, property) in Self.refusals {
            lines.append(#"<Annotation Term="\#(Self.capabilities)\#(term)">"#)
            lines.append(#"<Record><PropertyValue Property="\#(property)" Bool="false"/></Record>"#)
            lines.append("</Annotation>")
        }
        lines.append("</EntitySet>")
        return lines
    }

    /// A text as the value of an attribute (XML 1.0 §2.4, §3.3.3).
    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "\n": " "
            default: String(character)
            }
        }.joined()
    }
}
