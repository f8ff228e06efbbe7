internal import Digests
internal import Foundation
internal import JSON

/// Up to which event each webhook was delivered, in a file beside the cache: after a restart it goes on there.
///
/// What is not delivered is nowhere else on disk. It need not be: where a webhook goes on from, the subscription finds again what
/// has been reached since.
internal actor WebhookPlaces {
    private struct Place: Codable {
        /// The digest of the document: another subscription begins anew.
        let document: String
        let event: String
    }

    private let path: String?
    private let report: @Sendable () -> Void
    private var places: [String: Place] = [:]

    /// - Parameters:
    ///   - path: Nil keeps them in memory only.
    ///   - report: Told when the file cannot be written.
    init(path: String?, report: @escaping @Sendable () -> Void) {
        self.path = path
        self.report = report
        guard let path, let data = FileManager.default.contents(atPath: path) else { return }
        places = (try? JSONDecoder().decode([String: Place].self, from: data)) ?? [:]
    }

    func place(of webhook: WebhookConfiguration) -> String? {
        places[webhook.name].flatMap { $0.document == WebhookPlaces.digest(webhook) ? $0.event : nil }
    }

    func set(_ event: String, of webhook: WebhookConfiguration) {
        places[webhook.name] = Place(document: WebhookPlaces.digest(webhook), event: event)
        guard let path else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do {
            try encoder.encode(places).write(to: URL(filePath: path), options: .atomic)
        } catch {
            report()
        }
    }

    private static func digest(_ webhook: WebhookConfiguration) -> String {
        Hexadecimal.encode(SHA256.hash(Array(webhook.document.utf8)))
    }
}
