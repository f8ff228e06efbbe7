internal import EngagementAPI
internal import Foundation
internal import Settings

/// The section `webhooks`.
extension ServerConfiguration {
    /// - Parameters:
    ///   - environment: Where secrets are; nil leaves them empty.
    ///   - folder: Where documents are, unless their paths are absolute.
    internal mutating func readWebhooks(
        _ root: SettingsNode?,
        _ environment: [String: String]?,
        in folder: URL
    ) throws(SettingsError) {
        webhooks = []
        for node in try root?.child("webhooks")?.elements() ?? [] {
            let webhook = try WebhookConfiguration(node, environment, in: folder)
            guard !webhooks.contains(where: { $0.name == webhook.name }) else {
                throw node.error("there are two webhooks named \(webhook.name)")
            }
            webhooks.append(webhook)
        }
    }
}

extension WebhookConfiguration {
    fileprivate init(_ node: SettingsNode, _ environment: [String: String]?, in folder: URL) throws(SettingsError) {
        try node.allow(["name", "url", "secret", "subscription", "file"])
        let nameNode = try node.required("name")
        let name = try nameNode.name()
        guard !name.isEmpty, name.count <= 100,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        else { throw nameNode.error("expected 1 to 100 letters, digits, '-' and '_'") }
        let document: String
        switch (node.child("subscription"), node.child("file")) {
        case (let text?, nil): document = try text.text()
        case (nil, let file?):
            let path = URL(filePath: try file.name(), relativeTo: folder).path
            guard let data = FileManager.default.contents(atPath: path),
                let text = String(validating: data, as: UTF8.self)
            else { throw file.error("\(path) cannot be read") }
            document = text
        default: throw node.error("expected subscription or file, one of both")
        }
        self.init(
            name: name,
            url: Secret(try WebhookConfiguration.url(try node.required("url"), environment)),
            secret: Secret(try SecretSource.read(try node.required("secret"), environment)),
            document: document
        )
    }

    /// Written as it is, or a secret like others.
    private static func url(_ node: SettingsNode, _ environment: [String: String]?) throws(SettingsError) -> String {
        let isSecret = (try? node.members()) != nil
        let url = isSecret ? try SecretSource.read(node, environment) : try node.name()
        if isSecret, environment == nil { return url }
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw node.error("expected an address that begins with https:// or http://")
        }
        return url
    }
}
