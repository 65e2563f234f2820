// Out of one family's notebook into another: a slice for the other parent's phone, and a grown child's records into a notebook of
// their own. Both leave as one sealed file; nothing is erased here before that file was read back and somebody said yes.
import Foundation
import Observation
import TechoCore

/// The passphrase of a file that goes to somebody else.
public struct SealForm: Equatable, Sendable {
    /// Who gives it, as they write it.
    public var from = ""
    public var passphrase = ""
    public var repeated = ""

    public init() {}

    /// What is missing, in words.
    public func missing(_ words: Words) -> String? {
        if from.allSatisfy(\.isWhitespace) { return words(.giverMissing) }
        if passphrase.isEmpty { return words(.passphraseMissing) }
        return passphrase == repeated ? nil : words(.passphrasesDiffer)
    }
}

/// A part of one person's records for somebody else's notebook.
@MainActor @Observable public final class SliceModel {
    public var seal = SealForm()
    /// Only weight, height, head circumference and BMI.
    public var isGrowthOnly = false
    public var showsSensitive = false
    /// Whether what is kept hidden goes along.
    public var showsHidden = false
    public private(set) var doneLines: [String] = []
    public let effort: Effort
    public let personID: String

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        effort = Effort(notebook.words)
    }

    public var missing: String? { seal.missing(notebook.words) }

    public func share(_ way: WayOut) async {
        guard missing == nil else { return }
        doneLines = []
        await effort.run {
            try await notebook.presence.confirm(.exportReason)
            let now = notebook.platform.clock.now()
            let wish = SliceWish(
                person: personID, growthOnly: isGrowthOnly, sensitive: showsSensitive, hidden: showsHidden,
                from: seal.from, today: Formatting.day(now))
            let (passphrase, outbox, name) = (seal.passphrase, notebook.platform.outbox, Self.name(now))
            let (file, text) = try await notebook.vault.long { vault in
                let file = try Outbox.fresh(name, in: outbox)
                do {
                    return (file, try vault.shareSlice(wish: wish, passphrase: passphrase, out: file.path).text)
                } catch {
                    Outbox.remove(file)
                    throw error
                }
            }
            if await handOver(file, way, notebook.platform) {
                doneLines = text.split(separator: "\n").map(String.init)
            }
            (seal.passphrase, seal.repeated) = ("", "")
            await notebook.hasChanged()
        }
    }

    private static func name(_ now: Date) -> String { "techo-slice-\(Formatting.fileDay(now)).age" }
}

/// A grown child's records, to a notebook of their own.
@MainActor @Observable public final class HandOverModel {
    /// The ages a family may choose.
    public nonisolated static let ages: [UInt32] = [15, 18]

    public enum Stage: Equatable, Sendable {
        case asking
        /// The file is there and was kept; whether the records stay here is to be decided.
        case deciding
        case over
    }

    public var seal = SealForm()
    public var age: UInt32 = 18
    /// The question where the person is younger than the chosen age.
    public private(set) var ageText: String?
    public var isSure = false
    /// The question before the records go from here.
    public private(set) var endText = ""
    public private(set) var stage = Stage.asking
    public private(set) var doneLines: [String] = []
    public let effort: Effort
    public let personID: String

    @ObservationIgnored private let notebook: Notebook
    /// The file and its passphrase, until it is decided.
    @ObservationIgnored private var made: (file: URL, passphrase: String)?

    public init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        effort = Effort(notebook.words)
    }

    /// Whether the person is asked before, by the chosen age.
    public func load() async {
        await effort.run {
            let (person, day, age) = (personID, Formatting.day(notebook.platform.clock.now()), age)
            let question = try await notebook.vault.quick {
                try $0.handOverText(person: person, today: day, age: age)
            }
            (ageText, endText) = (question.ageText, question.endText)
        }
    }

    public var missing: String? {
        seal.missing(notebook.words) ?? (ageText != nil && !isSure ? notebook.words(.handOverTooYoung) : nil)
    }

    /// Writes the file, has it kept somewhere, and asks then whether the records stay here. Nothing is erased by this.
    public func handOverFile() async {
        guard missing == nil, stage == .asking else { return }
        await effort.run {
            try await notebook.presence.confirm(.exportReason)
            let now = notebook.platform.clock.now()
            let (person, from, day, passphrase) = (personID, seal.from, Formatting.day(now), seal.passphrase)
            let (outbox, name) = (notebook.platform.outbox, "techo-\(Formatting.fileDay(now)).age")
            let (file, text) = try await notebook.vault.long { vault in
                let file = try Outbox.fresh(name, in: outbox)
                do {
                    let done = try vault.handOver(
                        person: person, from: from, today: day, keeps: false, passphrase: passphrase, out: file.path)
                    return (file, done.text)
                } catch {
                    Outbox.remove(file)
                    throw error
                }
            }
            guard await notebook.platform.picker.place(file) else {
                Outbox.remove(file)
                try await notebook.vault.quick { try $0.keepAccess(person: person) }
                return
            }
            made = (file, passphrase)
            (doneLines, stage) = ([text], .deciding)
            (seal.passphrase, seal.repeated) = ("", "")
        }
    }

    /// The records stay here after all.
    public func keepAccess() async {
        guard stage == .deciding else { return }
        await effort.run {
            let person = personID
            try await notebook.vault.quick { try $0.keepAccess(person: person) }
            putAway()
            stage = .over
            await notebook.hasChanged()
        }
    }

    /// Erases the person here, for good; the core reads the file once more before.
    public func endAccess() async {
        guard stage == .deciding, let made else { return }
        await effort.run {
            try await notebook.presence.confirm(.eraseReason)
            // A sealed card may tell of what is about to go.
            try await notebook.sealedCards.eraseAll()
            let (person, path, passphrase) = (personID, made.file.path, made.passphrase)
            do {
                let erased = try await notebook.vault.long {
                    try $0.endAccess(person: person, archive: path, passphrase: passphrase)
                }
                doneLines = erased.text.split(separator: "\n").map(String.init)
            } catch {
                await notebook.sealedCards.renew(asks: true)
                throw error
            }
            putAway()
            stage = .over
            if notebook.personID == person { notebook.personID = nil }
            await notebook.hasChanged()
        }
    }

    private func putAway() {
        if let made { Outbox.remove(made.file) }
        made = nil
    }
}
