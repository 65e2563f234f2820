// The emergency and disaster card of a person: its words, how it looks, who can read it on this phone, and how it leaves as paper
// or as the lock screen's picture.
import Foundation
import Observation
import TechoCore

/// A card, ready to be shown.
public struct CardSheetState: Equatable, Sendable {
    public struct Row: Identifiable, Equatable, Sendable {
        public let id: Int
        public let label: String
        public let lines: [String]
    }

    public let name: String
    public let kana: String?
    /// Date of birth and sex.
    public let aboutText: String
    public let rows: [Row]
    /// The day it was made.
    public let madeOn: String
    public let notes: [String]

    init(_ sheet: CardSheet, _ words: Words) {
        (name, kana, madeOn, notes) = (sheet.name, sheet.kana, sheet.madeOn, sheet.notes)
        aboutText = [sheet.born, sheet.sex].joined(separator: words(.separator))
        rows = sheet.rows.enumerated().map { Row(id: $0.offset, label: $0.element.label, lines: $0.element.lines) }
    }
}

/// One field of the card as it is written.
public struct CardFieldState: Identifiable, Equatable, Sendable {
    public let id: String
    public let label: String
    /// The person's own words; none takes the field off the card.
    public var text: String
    /// What the records say stands in the place of own words.
    public var isFromRecords: Bool
    /// Whether the records can fill it.
    public let hasRecords: Bool

    init(_ word: CardWord) {
        (id, label, text) = (word.field, word.label, word.text)
        (isFromRecords, hasRecords) = (word.fromRecords, word.hasRecords)
    }

    var inCore: CardWord {
        CardWord(field: id, label: label, text: text, fromRecords: isFromRecords, hasRecords: hasRecords)
    }
}

@MainActor @Observable public final class CardModel {
    /// Who can read it on this phone.
    public enum Access: CaseIterable, Sendable {
        case off
        case afterUnlock
        case withoutUnlocking
    }

    public var fields: [CardFieldState] = []
    /// The card of today; `nil` where nothing is on it, or it is switched off.
    public private(set) var sheet: CardSheetState?
    public private(set) var access = Access.off
    public private(set) var isRead = false
    public private(set) var isWritten = false
    /// Who writes, what has to be asked, what was written.
    public let pen: PenModel
    public let personID: String

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        pen = PenModel(notebook)
    }

    public var effort: Effort { pen.effort }

    /// A card that can be read without unlocking is for a notebook that lasts.
    public var canBeReadLocked: Bool { !notebook.isSample && !notebook.isRescue }

    public func load() async {
        await effort.run { try await read() }
    }

    /// What has to be asked before it is written, and what is wrong.
    public var questions: [FieldProblem] { pen.problems }

    /// Whether whoever writes is named.
    public var isReady: Bool { pen.isSaid }

    /// Writes the card down: these fields and no others.
    public func write() async {
        guard isReady else { return }
        await effort.run {
            let (person, typed) = (personID, fields.map(\.inCore))
            isWritten = false
            try await pen.write(person: person) { try $0.writeCard(person: person, words: typed, writer: $1) }
            guard pen.problems.isEmpty else { return }
            try await read()
            // What was written is to be seen.
            if access == .off, fields.contains(where: { $0.isFromRecords || !$0.text.isEmpty }) {
                try await notebook.sealedCards.forbid(person, .afterUnlock)
                try await read()
            }
            isWritten = true
        }
    }

    /// Switches who can read it. Without unlocking only after the person has shown who they are.
    public func allow(_ access: Access) async {
        await effort.run {
            let person = personID
            switch access {
            case .withoutUnlocking:
                try await notebook.presence.confirm(.cardReason)
                try await notebook.sealedCards.allow(person)
            case .afterUnlock: try await notebook.sealedCards.forbid(person, .afterUnlock)
            case .off: try await notebook.sealedCards.forbid(person, .off)
            }
            await notebook.hasChanged()
            try await read()
        }
    }

    // MARK: Out of the app

    /// The page (A6) or the lock screen's picture leaves as a file.
    public func hand(picture: Bool, _ way: WayOut) async {
        await effort.run {
            try await notebook.presence.confirm(.exportReason)
            let made = try await drawn(picture: picture)
            var (bytes, ending) = (Data(made.utf8), picture ? "svg" : "html")
            // The phone's own settings take pixels only.
            if picture, let pixels = await notebook.platform.press.pixels(of: made) {
                (bytes, ending) = (pixels, "png")
            }
            let file = try Outbox.fresh("techo-card.\(ending)", in: notebook.platform.outbox)
            do {
                try Outbox.write(bytes, to: file)
            } catch {
                Outbox.remove(file)
                throw error
            }
            _ = await handOver(file, way, notebook.platform)
        }
    }

    public func printPage() async {
        await effort.run {
            try await notebook.presence.confirm(.exportReason)
            let page = try await drawn(picture: false)
            _ = await notebook.platform.press.print(page: page)
        }
    }

    private func drawn(picture: Bool) async throws -> String {
        let (person, day, language) = (personID, Formatting.day(notebook.platform.clock.now()), notebook.words.language)
        return try await notebook.vault.quick {
            try $0.cardFile(person: person, today: day, language: language, picture: picture)
        }
    }

    private func read() async throws {
        let (person, day, words) = (personID, Formatting.day(notebook.platform.clock.now()), notebook.words)
        let (typed, state, card) = try await notebook.vault.quick { vault in
            let state = try vault.cardState(person: person)
            var card: CardSheet?
            do {
                card = try vault.card(person: person, today: day, language: words.language)
            } catch TechoError.NotFound {
                // Nothing is on it yet.
            }
            return (try vault.cardWords(person: person), state, card)
        }
        fields = typed.map { CardFieldState($0) }
        access =
            switch state {
            case .off: .off
            case .afterUnlock: .afterUnlock
            case .withoutUnlocking: .withoutUnlocking
            }
        sheet = access == .off ? nil : card.map { CardSheetState($0, words) }
        isRead = true
    }
}
