internal import Digests
internal import JSON

/// `POST /oauth2/token`: a bearer token for a consumer key and secret, as api.twitter.com gives it (dossier §9). Its errors
/// are objects, not strings (dossier §7).
struct TokenService {
    static let path = "/oauth2/token"

    let world: SandboxWorld
    /// Whether any key and secret will do: a replay asks for no credentials, so that it can answer a client that has real ones.
    var acceptsAnyone = false

    func respond(to request: SandboxRequest) -> PlainReply {
        guard request.method == "POST" else {
            return TokenService.reply(405, TokenService.error(InventedWording.methodNotAllowed, code: 86))
        }
        guard case .basic(let credentials) = AuthorizationHeader(request.header("Authorization")),
            let application = application(credentials) ?? (acceptsAnyone ? world.defaultApplication : nil)
        else {
            return TokenService.reply(403, TokenService.credentialsError)
        }
        let form = PercentCoding.formItems(String(decoding: request.body, as: UTF8.self)) ?? []
        guard form.contains(where: { $0.name == "grant_type" && $0.value == "client_credentials" }) else {
            return TokenService.reply(403, TokenService.error(InventedWording.missingGrantType, code: 170))
        }
        return TokenService.reply(200, TokenService.answer(token: application.bearerToken))
    }

    /// An answer in JSON, labelled as that service does.
    static func reply(_ status: Int, _ body: [UInt8]) -> PlainReply {
        let headers = [(name: "Content-Type", value: "application/json; charset=utf-8")]
        return PlainReply(status: status, headers: headers, body: body, isPackable: true)
    }

    /// What the service answers with a token in it.
    static func answer(token: String) -> [UInt8] {
        JSONValue.object([.init("token_type", .string("bearer")), .init("access_token", .string(token))]).bytes
    }

    /// `base64(enc(key):enc(secret))`.
    private func application(_ credentials: String) -> SandboxApplication? {
        guard let bytes = Base64.decode(credentials), let text = String(validating: bytes, as: UTF8.self) else {
            return nil
        }
        return world.applications.first { application in
            let key = PercentCoding.encode(application.consumerKey)
            let secret = PercentCoding.encode(application.consumerSecret)
            return ConstantTime.areEqual(Array("\(key):\(secret)".utf8), Array(text.utf8))
        }
    }

    static let credentialsError = errors([
        .init("code", .integer(99)), .init("label", .string("authenticity_token_error")),
        .init("message", .string("Unable to verify your credentials")),
    ])

    private static func error(_ message: String, code: Int64) -> [UInt8] {
        errors([.init("code", .integer(code)), .init("message", .string(message))])
    }

    private static func errors(_ members: [JSONValue.Member]) -> [UInt8] {
        JSONValue.object([.init("errors", .array([.object(members)]))]).bytes
    }
}
