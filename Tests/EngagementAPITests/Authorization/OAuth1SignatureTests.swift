import Testing

@testable import EngagementAPI

@Suite("OAuth 1.0a against the vectors of dossier §10")
struct OAuth1SignatureTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let name: String
        var method = "POST"
        let url: String
        var form = ""
        var consumer = Known.consumer
        var token: AccessToken? = Known.token
        var nonce = Known.nonce
        var timestamp = Known.timestamp
        var version: String? = "1.0"
        var additional: [OAuth1Signature.Parameter] = []
        let signature: String
        var baseString: String?

        var testDescription: String { name }

        func signed() throws -> OAuth1Signature {
            OAuth1Signature(
                method: method,
                url: try #require(RequestURL(url)),
                formBody: form,
                consumer: consumer,
                token: token,
                nonce: nonce,
                timestamp: timestamp,
                version: version,
                additional: additional
            )
        }
    }

    static let walkthroughForm = "status=" + PercentEncoding.encode("Hello Ladies + Gentlemen, a signed OAuth request!")

    static let v1 = [
        ("https://api.twitter.com/1/statuses/update.json", "tnnArxj06cWHq44gCs1OSKk/jLY="),
        ("https://api.twitter.com/1.1/statuses/update.json", "hCtSmYh+iHYCEqBWrE7C7hYmtUk="),
        ("https://api.x.com/1.1/statuses/update.json", "Ls93hJiZbQ3akF3HF3x1Bz8/zU4="),
    ].map { url, signature in
        Vector(
            name: "V1 \(url)",
            url: url + "?include_entities=true",
            form: walkthroughForm,
            signature: signature,
            baseString: url.contains("x.com") ? v1BaseString : nil
        )
    }

    static let v1BaseString =
        "POST&https%3A%2F%2Fapi.x.com%2F1.1%2Fstatuses%2Fupdate.json&include_entities%3Dtrue"
        + "%26oauth_consumer_key%3Dxvz1evFS4wEEPTGEFPHBog"
        + "%26oauth_nonce%3DkYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"
        + "%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1318622958"
        + "%26oauth_token%3D370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb%26oauth_version%3D1.0"
        + "%26status%3DHello%2520Ladies%2520%252B%2520Gentlemen%252C%2520a%2520signed%2520OAuth%2520request%2521"

    static let v2BaseString =
        "POST&https%3A%2F%2Fdata-api.twitter.com%2Finsights%2Fengagement%2Ftotals"
        + "&oauth_consumer_key%3Dxvz1evFS4wEEPTGEFPHBog"
        + "%26oauth_nonce%3DkYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"
        + "%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1318622958"
        + "%26oauth_token%3D370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb%26oauth_version%3D1.0"

    static let totals = "https://data-api.twitter.com/insights/engagement/totals"

    static let v2 = [
        Vector(name: "V2 totals", url: totals, signature: "/pMYbW9O1cKhdPGpgGyscSuMVoU=", baseString: v2BaseString),
        Vector(
            name: "V2 28hr",
            url: "https://data-api.twitter.com/insights/engagement/28hr",
            signature: "kZEbRFRLIbtZJrxjB7Uq0t2Tsdk="
        ),
        Vector(
            name: "V2 historical",
            url: "https://data-api.twitter.com/insights/engagement/historical",
            signature: "/15qDT8P3vPWvN3+zkqvtZaamSs="
        ),
        Vector(
            name: "V2 x.com totals",
            url: "https://data-api.x.com/insights/engagement/totals",
            signature: "oETXxUmB7d/+eFImVyDWymiE1SA="
        ),
        Vector(
            name: "V2 x.com 28hr",
            url: "https://data-api.x.com/insights/engagement/28hr",
            signature: "GTtmf6rDZX5N7ZVTbT5tgjNLuAk="
        ),
        Vector(
            name: "V2 x.com historical",
            url: "https://data-api.x.com/insights/engagement/historical",
            signature: "wMDWTxItiz8IcPWaBNp8HzO4Gw8="
        ),
        Vector(
            name: "V2 port kept",
            url: "http://127.0.0.1:8080/insights/engagement/totals",
            signature: "UhK6MOM2EXJ6rCrCgh8scFbwi48="
        ),
        Vector(name: "V2 without token", url: totals, token: nil, signature: "9zv9uOdXKDNqYsgMVfwfdnwXL8U="),
        Vector(
            name: "V2 with empty token",
            url: totals,
            token: nil,
            additional: [.init(name: "oauth_token", value: "")],
            signature: "HNkp03TtNpNEr3nf/wRMzRUuoNc="
        ),
        Vector(
            name: "V2 with body hash",
            url: totals,
            additional: [.init(name: "oauth_body_hash", value: "FgUVIvVfvLd81qZEtYNPCcpFkUs=")],
            signature: "23E/YP1i6zQwFLqTaCWrQnELysk="
        ),
    ]

    static let rfcConsumer = ConsumerKey(key: "dpf43f3p2l4k3l03", secret: Secret("kd94hf93k423kf44"))

    static let v3 = [
        Vector(
            name: "V3 initiate",
            url: "https://photos.example.net/initiate",
            consumer: rfcConsumer,
            token: nil,
            nonce: "wIjqoS",
            timestamp: 137_131_200,
            version: nil,
            additional: [.init(name: "oauth_callback", value: "http://printer.example.com/ready")],
            signature: "74KNZJeDHnMBp0EMJ9ZHt/XKycU="
        ),
        Vector(
            name: "V3 token",
            url: "https://photos.example.net/token",
            consumer: rfcConsumer,
            token: AccessToken(token: Secret("hh5s93j4hdidpola"), secret: Secret("hdhd0244k9j7ao03")),
            nonce: "walatlh",
            timestamp: 137_131_201,
            version: nil,
            additional: [.init(name: "oauth_verifier", value: "hfdp7dh39dks9884")],
            signature: "gKgrFCywp7rO0OXSjdot/IHF7IU="
        ),
        Vector(
            name: "V3 photos",
            method: "GET",
            url: "http://photos.example.net/photos?file=vacation.jpg&size=original",
            consumer: rfcConsumer,
            token: AccessToken(token: Secret("nnch734d00sl2jdk"), secret: Secret("pfkkdhi9sl3r4s00")),
            nonce: "chapoH",
            timestamp: 137_131_202,
            version: nil,
            signature: "MdpQcU8iPSUjWoN/UDMsK2sui9I="
        ),
    ]

    static let v4 = Vector(
        name: "V4",
        url: "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
        form: "c2&a3=2+q",
        consumer: ConsumerKey(key: "9djdj82h48djs9d2", secret: Secret("j49sk3j29djd")),
        token: AccessToken(token: Secret("kkk9d7dh3k39sjv7"), secret: Secret("dh893hdasih9")),
        nonce: "7d8f3e4a",
        timestamp: 137_131_201,
        version: nil,
        signature: "r6/TJjbCOr97/+UU0NsvSne7s5g=",
        baseString: "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D"
            + "%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a"
            + "%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201"
            + "%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )

    static let danceConsumer = ConsumerKey(
        key: "GDdmIQH6jhtmLUypg82g",
        secret: Secret("MCD8BKwGdgPHvAuvgvz4EQpqDAtx89grbuNMRd7Eh98")
    )

    static let v5 = [
        Vector(
            name: "V5 request_token",
            url: "https://api.twitter.com/oauth/request_token",
            consumer: danceConsumer,
            token: nil,
            nonce: "QP70eNmVz8jvdPevU3oJD2AfF7R7odC2XJcn4XlZJqk",
            timestamp: 1_272_323_042,
            additional: [
                .init(
                    name: "oauth_callback",
                    value: "http://localhost:3005/the_dance/process_callback?service_provider_id=11"
                )
            ],
            signature: "8wUi7m5HFQy76nowoCThusfgB+Q="
        ),
        Vector(
            name: "V5 access_token",
            url: "https://api.twitter.com/oauth/access_token",
            consumer: danceConsumer,
            token: AccessToken(
                token: Secret("8ldIZyxQeVrFZXFOZH5tAwj6vzJYuLQpl0WUEYtWc"),
                secret: Secret("x6qpRnlEmW9JbQn4PQVVeVG8ZLPEx6A0TOebgwcuA")
            ),
            nonce: "9zWH6qe0qG7Lc1telCn7FhUbLyVdjEaL3MO5uHxn8",
            timestamp: 1_272_323_047,
            additional: [.init(name: "oauth_verifier", value: "pDNg57prOHapMbhv25RNf75lVRd6JDsni1AJJIDYoTY")],
            signature: "PUw/dHA4fnlJYM6RhXk5IU/0fCc="
        ),
        Vector(
            name: "V5 update",
            url: "http://api.twitter.com/1/statuses/update.json",
            form: "status=" + PercentEncoding.encode("setting up my twitter 私のさえずりを設定する"),
            consumer: danceConsumer,
            token: AccessToken(
                token: Secret("819797-Jxq8aYUDRmykzVKrgoLhXSq67TEa5ruc4GJC2rWimw"),
                secret: Secret("J6zix3FfA9LofH0awS24M3HcBYXO5nI1iYe8EfBA")
            ),
            nonce: "oElnnMTQIZvqvlfXM56aBLAf5noGD0AQR3Fmi7Q6Y",
            timestamp: 1_272_325_550,
            signature: "yOahq5m0YjDDjfjxHaXEsW9D+X0="
        ),
    ]

    @Test("every published signature comes out", arguments: v1 + v2 + v3 + [v4] + v5)
    func signatures(vector: Vector) throws {
        let signed = try vector.signed()
        #expect(signed.signature == vector.signature)
        if let baseString = vector.baseString { #expect(signed.baseString == baseString) }
    }

    @Test("the stale signature of Twitter's page does not belong to the 1.1 address")
    func staleTrap() throws {
        #expect(try OAuth1SignatureTests.v1[1].signed().signature != "tnnArxj06cWHq44gCs1OSKk/jLY=")
    }

    @Test("the value that RFC 5849 prints for its example is the wrong one of erratum 2550")
    func erratum() throws {
        #expect(try OAuth1SignatureTests.v4.signed().signature != "bYT5CMsGcbgUdFHObYMEfcx6bsw=")
    }

    @Test("scheme and host are signed in lower case, the scheme's own port not at all")
    func normalizedAddress() throws {
        var vector = OAuth1SignatureTests.v2[0]
        vector = Vector(
            name: "",
            url: "HTTPS://Data-API.Twitter.com:443/insights/engagement/totals",
            signature: vector.signature
        )
        #expect(try vector.signed().signature == vector.signature)
    }

    @Test("the header lists encoded parameters, and no token where there is none")
    func header() throws {
        #expect(
            try OAuth1SignatureTests.v2[0].signed().authorizationHeader
                == #"OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", "#
                + #"oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", oauth_signature_method="HMAC-SHA1", "#
                + #"oauth_timestamp="1318622958", "#
                + #"oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", oauth_version="1.0", "#
                + #"oauth_signature="%2FpMYbW9O1cKhdPGpgGyscSuMVoU%3D""#
        )
        #expect(!(try OAuth1SignatureTests.v2[7].signed().authorizationHeader.contains("oauth_token")))
    }

    @Test(
        "text is percent-encoded as dossier §9.1 checks it",
        arguments: [
            ("Ladies + Gentlemen", "Ladies%20%2B%20Gentlemen"),
            ("An encoded string!", "An%20encoded%20string%21"),
            ("Dogs, Cats & Mice", "Dogs%2C%20Cats%20%26%20Mice"),
            ("☃", "%E2%98%83"),
            ("AZaz09-._~", "AZaz09-._~"),
        ]
    )
    func percentEncoding(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
    }

    @Test(
        "addresses that could be sent otherwise than they are signed are refused",
        arguments: [
            "", "data-api.twitter.com", "ftp://a/b", "http://", "http:///x", "http://a b/", "http://a/é",
            "http://u:p@a/",
            "http://a:0/", "http://a:65536/", "http://a:x/", "http://a/#x", "http://[::1/", "http://a/\r\nX: y",
        ]
    )
    func unusableAddresses(url: String) {
        #expect(RequestURL(url) == nil)
        #expect(!EngagementClient.isUsable(baseURL: url))
    }

    @Test("a base address may end in slashes and carry a path and port, but no query")
    func baseAddresses() {
        #expect(RequestURL(base: "http://[::1]:81/up//", path: "/x")?.text == "http://[::1]:81/up/x")
        #expect(RequestURL(base: "https://a:80", path: "/x")?.text == "https://a:80/x")
        #expect(RequestURL(base: "https://a?b", path: "/x") == nil)
    }
}
