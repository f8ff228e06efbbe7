import JSON
import Synchronization
import TestSupport
import Testing

@testable import engageql

@Suite("What engageql query shows to eyes")
struct QueryOutputTests {
    @Test(
        "Numbers have separators, rates four digits, and nothing steers the terminal",
        arguments: [
            (.integer(0), "0"), (.integer(999), "999"), (.integer(-1000), "-1,000"),
            (.integer(.min), "-9,223,372,036,854,775,808"),
            (.number(0.03125), "0.0312"), (.number(-0.5), "-0.5000"), (.number(1234.5), "1,234.5000"), (.null, "-"),
            (.boolean(true), "true"), (.string("a\u{1B}[2Jb"), "a\u{FFFD}[2Jb"),
        ] as [(JSONValue, String)]
    )
    func text(_ value: JSONValue, _ text: String) {
        #expect(NumberText.text(value) == text)
    }

    @Test(
        "Heights count from zero, or from the least if that is below",
        arguments: [
            ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"), ([5, 5, 5], "███"), ([0, 0], "▁▁"), ([8, nil, 4], "█ ▅"),
            ([nil], " "),
            ([-4, 0, 4], "▁▅█"), ([], ""),
        ] as [([Double?], String)]
    )
    func sparkline(_ numbers: [Double?], _ text: String) {
        #expect(Sparkline.draw(numbers) == text)
    }

    @Test("A long series is drawn by the means of neighbours, and its figures are those of all")
    func long() {
        // 120 numbers on 60 places: pairs of 0 and 2, whose mean is 1, then pairs of 8.
        let values = (0..<60).map { JSONValue.integer($0 % 2 == 0 ? 0 : 2) } + (0..<60).map { _ in .integer(8) }
        let sparkline = Sparkline(values, isRate: false)
        #expect(sparkline.text == String(repeating: "▂", count: 30) + String(repeating: "█", count: 30))
        #expect(sparkline.figures == ["0", "8", "540"])
        #expect(Sparkline([.integer(.max), .integer(1)], isRate: false).figures.last == "-")
        #expect(Sparkline([.number(0.5), .null], isRate: true).figures == ["0.5000", "0.5000", "-"])
    }

    @Test("Progress tells calls, then rows, on a line that is written over and taken away")
    func progress() async {
        let written = Mutex<[String]>([])
        let left = Mutex<[Int?]>([nil, 4, 1, 6])
        let progress = QueryProgress { text in
            written.withLock { $0.append(text) }
        } forecast: {
            left.withLock { $0.removeFirst() }
        }
        for second in 1...4 { await progress.tick(second) }
        await progress.note(rows: 10_000, of: 25_000)
        await progress.tick(5)
        await progress.clear()
        await progress.clear()
        await progress.end()
        await progress.tick(6)
        let line = "\r\u{1B}[K"
        #expect(
            written.withLock(\.self) == [
                line + "waiting for 1 s", line + "0 of 4 calls", line + "3 of 4 calls", line + "0 of 6 calls",
                line + "10,000 of 25,000 rows", line + "10,000 of 25,000 rows", line,
            ]
        )
    }

    @Test("A small answer that comes at once shows no progress")
    func quick() async {
        let written = Mutex<[String]>([])
        let progress = QueryProgress { text in
            written.withLock { $0.append(text) }
        } forecast: {
            nil
        }
        await progress.note(rows: 3, of: 3)
        await progress.end()
        #expect(written.withLock(\.self).isEmpty)
    }
}
