// The shell's own words, Japanese and English. Everything about records comes worded from the core; these are the labels
// of buttons and screens, and sentences about the phone itself. A case without both languages does not compile.
import Foundation
import TechoCore

public typealias Language = TechoCore.Language

/// Says a phrase in the person's language.
public struct Words: Equatable, Sendable {
    public let language: Language

    public init(_ language: Language) {
        self.language = language
    }

    /// From what the system prefers: Japanese unless English was asked for first.
    public static func preferred(_ identifiers: [String]) -> Language {
        let known = identifiers.first { $0.hasPrefix("ja") || $0.hasPrefix("en") }
        return known?.hasPrefix("en") == true ? .english : .japanese
    }

    public func callAsFunction(_ phrase: Phrase) -> String {
        let (japanese, english) = phrase.texts
        return pick(japanese, english)
    }

    // MARK: Phrases with something in them

    public func records(_ count: UInt64) -> String {
        let number = Formatting.count(count)
        return pick("\(number)件", count == 1 ? "1 record" : "\(number) records")
    }

    public func documents(_ count: UInt64) -> String {
        let number = Formatting.count(count)
        return pick("書類 \(number)件", count == 1 ? "1 document" : "\(number) documents")
    }

    public func points(_ count: UInt64) -> String {
        let number = Formatting.count(count)
        return pick("\(number)回分", count == 1 ? "1 value" : "\(number) values")
    }

    public func step(_ number: Int, of all: Int) -> String {
        pick("\(all)つのうち\(number)つ目", "Step \(number) of \(all)")
    }

    public func minutes(_ count: UInt32) -> String {
        pick("\(count)分", count == 1 ? "1 minute" : "\(count) minutes")
    }

    public func agreed(_ version: String, at: String) -> String {
        pick("\(version)版に同意しました（\(at)）", "You agreed to version \(version) on \(at)")
    }

    func archivePerson(_ name: String, _ records: UInt64, isWhole: Bool) -> String {
        let whole = isWhole ? pick("欠けなし", "whole") : pick("欠けがあります", "not whole")
        return "\(name)\(self(.separator))\(self.records(records))\(self(.separator))\(whole)"
    }

    func root(_ name: String, _ records: UInt64, _ root: String) -> String {
        "\(name)\(self(.separator))\(self.records(records))\(self(.separator))\(root)"
    }

    private func pick(_ japanese: String, _ english: String) -> String {
        language == .japanese ? japanese : english
    }
}
