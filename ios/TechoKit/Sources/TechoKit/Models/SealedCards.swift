// Emergency cards that can be read without opening the notebook: one small sealed file for each person who allowed it, beside the
// notebook, under a key that opens nothing else. Whatever changes what a card says has it sealed anew; what cannot be sealed
// anew is erased, so that no card says what the notebook no longer does.
import Foundation
import Observation
import TechoCore

@MainActor @Observable public final class SealedCards {
    /// What a person has to know about these cards: that one is no longer up to date, or is not there any more.
    public private(set) var notice: String?

    @ObservationIgnored private let vault: Apart<Vault>
    @ObservationIgnored private let platform: Platform
    @ObservationIgnored private let presence: Presence
    @ObservationIgnored private let words: Words
    /// A throw-away or a damaged notebook has no such cards.
    @ObservationIgnored private let isAllowed: Bool

    init(_ vault: Apart<Vault>, platform: Platform, presence: Presence, words: Words, isAllowed: Bool) {
        self.vault = vault
        self.platform = platform
        self.presence = presence
        self.words = words
        self.isAllowed = isAllowed
    }

    // MARK: The person's choice

    /// Seals the card of a person, and only then writes down that it can be read. Needs presence.
    func allow(_ person: String) async throws {
        guard isAllowed else { throw TechoError.ReadOnly }
        do {
            try await seal(person)
            try await vault.quick { try $0.setCardState(person: person, state: .withoutUnlocking) }
        } catch {
            // Where its line cannot be written, the card must not lie there either.
            try? await erase(person)
            throw error
        }
    }

    /// Erases the sealed card first, and then writes down that it is switched off.
    func forbid(_ person: String, _ state: CardState) async throws {
        try await erase(person)
        try await vault.quick { try $0.setCardState(person: person, state: state) }
    }

    // MARK: Keeping up

    /// Before records are erased: no sealed card may outlive them, not even when the app is killed in between.
    func eraseAll() async throws {
        for file in files() { try await erase(file.lastPathComponent) }
    }

    /// Makes every sealed card say what the notebook says now.
    /// - Parameter asks: whether the person may be asked who they are for it. Where not, a card that is behind stays and is told of.
    func renew(asks: Bool) async {
        notice = nil
        guard isAllowed, let people = try? await vault.quick({ try $0.people().map(\.id) }) else { return }
        // Of a person who was erased, or of a notebook that was here before.
        for file in files() where !people.contains(file.lastPathComponent) {
            try? await erase(file.lastPathComponent)
        }
        for person in people {
            do {
                try await renew(person, asks: asks)
            } catch {
                try? await erase(person)
                try? await vault.quick { try $0.setCardState(person: person, state: .afterUnlock) }
                notice = words(.cardWithdrawn)
            }
        }
    }

    /// The notice's own button.
    public func renewNow() async { await renew(asks: true) }

    private func renew(_ person: String, asks: Bool) async throws {
        guard try await vault.quick({ try $0.cardState(person: person) }) == .withoutUnlocking else {
            if FileManager.default.fileExists(atPath: file(of: person).path) { try await erase(person) }
            return
        }
        let (today, language) = (today, words.language)
        let fresh = try await vault.quick { try $0.card(person: person, today: today, language: language) }
        if let sealed = await opened(person), sealed.says(what: fresh) { return }
        if try await vault.quick({ try $0.needsPresence() }) {
            guard asks else {
                notice = words(.cardIsBehind)
                return
            }
            try await presence.confirm(.cardReason)
        }
        try await seal(person)
    }

    // MARK: The files

    private func seal(_ person: String) async throws {
        let (secret, today, language) = (try await key(), today, words.language)
        let (folder, file) = (platform.cards, file(of: person))
        let sealed = try await vault.quick {
            try $0.sealCard(person: person, today: today, language: language, secret: secret)
        }
        try await platform.background.run(.quick) {
            // The old one is overwritten before it goes.
            try eraseCard(path: file.path)
            try Outbox.makeFolder(folder)
            try Outbox.write(sealed, to: file)
        }
    }

    /// Overwrites and removes a sealed card; with the last one its key goes, too.
    private func erase(_ person: String) async throws {
        let file = file(of: person)
        try await platform.background.run(.quick) { try eraseCard(path: file.path) }
        if files().isEmpty { await platform.cardKey.forget() }
    }

    private func key() async throws -> Data {
        if let secret = await platform.cardKey.secret() { return secret }
        let made = try makeDeviceSecret()
        guard await platform.cardKey.keep(made) else {
            throw Said(kind: "card_key", what: .cardNeedsKey, todo: .cardNeedsKeyTodo)
        }
        return made
    }

    private func opened(_ person: String) async -> CardSheet? {
        guard let secret = await platform.cardKey.secret() else { return nil }
        let file = file(of: person)
        return try? await platform.background.run(.quick) {
            try openCard(sealed: Data(contentsOf: file), secret: secret)
        }
    }

    private func file(of person: String) -> URL { platform.cards.appendingPathComponent(person) }

    private func files() -> [URL] { sealedCards(in: platform.cards) }

    private var today: String { Formatting.day(platform.clock.now()) }
}

/// Every sealed card that lies there.
private func sealedCards(in folder: URL) -> [URL] {
    (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
}

extension CardSheet {
    /// Whether it tells the same, whatever the day it was made.
    fileprivate func says(what other: CardSheet) -> Bool {
        self
            == CardSheet(
                name: other.name, kana: other.kana, born: other.born, sex: other.sex, rows: other.rows, madeOn: madeOn,
                notes: other.notes)
    }
}

/// The cards that can be read while the notebook is locked: from their files and their key, and nothing else.
@MainActor @Observable public final class LockedCardsModel {
    public private(set) var isThere = false
    /// What is on the screen now.
    public private(set) var sheets: [CardSheetState] = []
    public let effort: Effort

    @ObservationIgnored private let platform: Platform
    @ObservationIgnored private let words: Words

    init(_ platform: Platform, _ words: Words) {
        self.platform = platform
        self.words = words
        effort = Effort(words)
        isThere = !sealedCards(in: platform.cards).isEmpty
    }

    public func open() async {
        await effort.run {
            let (files, words) = (sealedCards(in: platform.cards), words)
            guard let secret = await platform.cardKey.secret() else { throw TechoError.KeyUnavailable }
            sheets = try await platform.background.run(.quick) {
                // One that is damaged does not keep the others from being read.
                let read = files.compactMap { file in
                    (try? Data(contentsOf: file)).flatMap { try? openCard(sealed: $0, secret: secret) }
                }
                guard !read.isEmpty else { throw TechoError.ArchiveDamaged }
                return read.sorted { $0.name < $1.name }.map { CardSheetState($0, words) }
            }
        }
    }

    /// It is put away.
    public func close() { sheets = [] }
}
