// Both languages of every phrase, and no phrase that nobody says.
import Foundation
import Testing

@testable import TechoKit

@Suite struct WordsTests {
    @Test(arguments: Phrase.allCases)
    func everyPhraseIsSaidInBothLanguages(_ phrase: Phrase) {
        let (japanese, english) = phrase.texts
        #expect(!japanese.trimmingCharacters(in: .whitespaces).isEmpty)
        #expect(!english.isEmpty)
        let isSign: Set<Phrase> = [.separator, .pause]
        #expect(!english.unicodeScalars.contains { $0.value > 0x2FFF }, "Japanese among the English words")
        #expect(isSign.contains(phrase) || japanese != english)
        #expect(
            isSign.contains(phrase) || phrase == .formatFhir || japanese.unicodeScalars.contains { $0.value > 0x2FFF })
    }

    @Test func noPhraseIsLeftUnsaid() throws {
        let sources = try Checkout.sources("ios/App") + Checkout.sources("ios/TechoKit/Sources/TechoKit")
        let text = sources.filter { !$0.name.hasPrefix("Phrase") }.map(\.text).joined()
        #expect(text.count > 50_000, "the sources were not found")
        let unsaid = Phrase.allCases.filter { phrase in
            text.range(of: "\\.\(phrase.rawValue)\\b", options: .regularExpression) == nil
        }
        #expect(unsaid == [])
    }

    @Test func countsAreSaidAsAPersonSaysThem() {
        #expect(Words(.english).records(1) == "1 record")
        #expect(Words(.english).records(1284) == "1,284 records")
        #expect(Words(.japanese).records(1284) == "1,284件")
        #expect(Words(.japanese).step(2, of: 3) == "3つのうち2つ目")
        #expect(Words(.english).minutes(5) == "5 minutes")
    }

    @Test func englishIsSpokenOnlyToThoseWhoAskForItFirst() {
        #expect(Words.preferred(["en-GB", "ja-JP"]) == .english)
        #expect(Words.preferred(["ja-JP", "en"]) == .japanese)
        #expect(Words.preferred(["fr-FR", "en"]) == .english)
        #expect(Words.preferred(["fr-FR"]) == .japanese)
        #expect(Words.preferred([]) == .japanese)
    }
}

@Suite struct FormattingTests {
    @Test func unitsStandApartButNotThoseThatAreSigns() {
        #expect(Formatting.value("128", unit: "mmHg") == "128 mmHg")
        #expect(Formatting.value("5.4", unit: "%") == "5.4%")
        #expect(Formatting.value("36.6", unit: "℃") == "36.6℃")
        #expect(Formatting.value("陰性", unit: nil) == "陰性")
        #expect(Formatting.value("1", unit: "") == "1")
    }

    @Test func countsHaveACommaAtEveryThousand() {
        #expect(
            [0, 999, 1000, 129_384, 1_000_000].map { Formatting.count($0) } == [
                "0", "999", "1,000", "129,384", "1,000,000",
            ])
        #expect(Formatting.count(UInt64.max) == "18,446,744,073,709,551,615")
    }

    @Test func aNameOfAFileLeadsNowhereElse() {
        #expect(Formatting.fileName("../../etc/passwd") == "passwd")
        #expect(Formatting.fileName("健診\\結果.xml") == "結果.xml")
        #expect(Formatting.fileName(".hidden") == "hidden")
        #expect(Formatting.fileName("") == "techo")
        #expect(Formatting.fileName("..") == "techo")
        #expect(Formatting.fileName("a\nb.txt") == "b.txt")
        #expect(Formatting.fileName(String(repeating: "長", count: 400)).count == 120)
    }

    @Test func theDayOfAFileIsJapansDay() {
        // 16:00 UTC is one o'clock of the next morning.
        #expect(Formatting.fileDay(Date(timeIntervalSince1970: 1_774_972_800)) == "2026-04-01")
        #expect(Formatting.fileDay(Date(timeIntervalSince1970: 1_774_969_199)) == "2026-03-31")
    }
}
