// Taking a file in: first a draft of what is in it and whose it is, then, on the person's word, all of it or nothing.
import Foundation
import Observation
import TechoCore

/// Something the core refused, with its place.
public struct RefusedState: Identifiable, Equatable, Sendable {
    public let id: Int
    public let place: String
    public let reason: String

    static func list(_ lines: [RefusedLine]) -> [RefusedState] {
        lines.enumerated().map { RefusedState(id: $0.offset, place: $0.element.place, reason: $0.element.reason) }
    }
}

/// One document of the draft.
public struct DraftDocumentState: Identifiable, Equatable, Sendable {
    public let id: Int
    public let name: String
    public let formatName: String?
    /// Whose it is, as far as it says.
    public let personText: String
    public let personID: String?
    /// In what it differs from the person it was compared with.
    public let differs: String?
    public let daysText: String?
    public let kinds: [String]
    public let recordsText: String
    public let refused: [RefusedState]
    public let isAlreadyHere: Bool
    /// Twelve digits that may be a My Number, as a question.
    public let question: String?
    public let problem: Problem?

    init(_ number: Int, _ document: DraftDocument, _ words: Words) {
        id = number
        name = document.name
        formatName = document.formatName
        personText = document.personText
        personID = document.person
        differs = document.differs
        daysText = document.daysText
        kinds = document.kinds
        recordsText = words.records(UInt64(document.records))
        refused = RefusedState.list(document.refused)
        isAlreadyHere = document.alreadyHere
        question = document.question
        problem = document.trouble.map { Problem($0) }
    }
}

/// The draft of an import.
public struct DraftState: Equatable, Sendable {
    public let documents: [DraftDocumentState]
    public let isArchive: Bool
    public let archiveNeedsPassphrase: Bool
    public let canTake: Bool
    public let summary: String
    /// The one person all documents fit, if it is one.
    public let personID: String?
    public let hasQuestion: Bool
    public let hasDifference: Bool
    /// A table of measurements whose reading the person confirms first.
    public let table: TableState?
    /// A picture or a PDF, which can be kept as a document.
    public let canKeep: Bool

    init(_ view: DraftView, _ words: Words) {
        documents = view.documents.enumerated().map { DraftDocumentState($0.offset, $0.element, words) }
        isArchive = view.isArchive
        archiveNeedsPassphrase = view.archiveNeedsPassphrase
        canTake = view.canTake
        summary = view.summary
        let people = Set(documents.map(\.personID))
        personID = people.count == 1 ? people.first ?? nil : nil
        hasQuestion = documents.contains { $0.question != nil }
        hasDifference = documents.contains { $0.differs != nil }
        table = view.table.map { TableState($0) }
        canKeep = view.canKeep
    }
}

/// How a table of measurements would be read.
public struct TableState: Equatable, Sendable {
    /// Every heading, and what its column would be read as.
    public let columns: [LabelledText]
    public let rows: [String]
    /// Whether the dates begin with the day, as a question.
    public let orderQuestion: String?
    /// Why it cannot be read like this.
    public let obstacle: String?

    init(_ table: TableReading) {
        columns = table.columns.enumerated().map {
            LabelledText(id: $0.offset, label: $0.element.heading, text: $0.element.meaning)
        }
        (rows, orderQuestion, obstacle) = (table.rows, table.orderQuestion, table.obstacle)
    }
}

/// What an import brought.
public struct ImportState: Equatable, Sendable {
    public let text: String
    public let lines: [String]
    public let refused: [RefusedState]
    /// Parts of a document that is not complete yet.
    public let waiting: [String]
    /// Where to look at what came.
    public let firstEvent: String?
}

@MainActor @Observable public final class ImportModel {
    public private(set) var draft: DraftState?
    public private(set) var done: ImportState?
    /// Whose records these will be.
    public var personID: String?
    /// A slice could be of several here: the person says of whom.
    public private(set) var asksWhose = false
    /// The person has looked at twelve digits and says that they are no My Number.
    public var digitsChecked = false
    /// The person has read in what the document differs and wants it all the same.
    public var acceptsDifference = false
    /// For an archive that is sealed.
    public var passphrase = ""
    /// A picture or a PDF is kept as a document that nobody reads, by a title and of a day.
    public var keepsDocument = false
    public var documentTitle = ""
    public var documentDay = ""
    /// The dates of a table begin with the day; `nil` before it was said.
    public var dayFirst: Bool?
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private var held: Apart<ImportDraft>?
    @ObservationIgnored private var file: PickedFile?

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        personID = notebook.personID
        effort = Effort(notebook.words)
    }

    /// Lets the person pick a file, or a picture with QR codes, and looks at it.
    public func pick() async {
        guard let picked = await notebook.platform.picker.pick() else { return }
        await look(at: picked)
    }

    /// Looks at a file. Nothing is filed, and nothing is read that is larger than the core takes.
    public func look(at picked: PickedFile) async {
        letGo()
        file = picked
        let worked = await effort.run {
            let (path, name, words) = (picked.path, picked.name, notebook.words)
            let looked = try await notebook.vault.long { try $0.look(path: path, name: name) }
            let held = notebook.vault.beside(looked)
            show(held, words)
        }
        if !worked { letGo() }
    }

    /// The table is read the right way: what is in it then.
    public func confirmTable() async {
        guard let held, canConfirm else { return }
        await effort.run {
            let (order, words) = (dayFirst, notebook.words)
            show(notebook.vault.beside(try await held.long { try $0.confirmTable(dayFirst: order) }), words)
        }
    }

    public var canConfirm: Bool {
        guard let table = draft?.table else { return false }
        return table.obstacle == nil && (table.orderQuestion == nil || dayFirst != nil)
    }

    private func show(_ held: Apart<ImportDraft>, _ words: Words) {
        let state = DraftState(held.instant { $0.view() }, words)
        self.held = held
        draft = state
        personID = state.personID ?? personID
        // What nobody can read can only be kept as it is.
        keepsDocument = state.canKeep && !state.canTake
    }

    /// What still keeps the draft from being taken in; `nil` when nothing does.
    public var missing: String? {
        guard let draft else { return nil }
        let words = notebook.words
        if draft.isArchive {
            if asksWhose, personID == nil { return words(.whoseIsIt) }
            return draft.archiveNeedsPassphrase && passphrase.isEmpty ? words(.passphraseMissing) : nil
        }
        if personID == nil { return words(.whoseIsIt) }
        return nil
    }

    /// Takes the draft in: all of it or nothing.
    public func take() async {
        guard let draft, missing == nil else { return }
        if draft.isArchive { await takeArchive() } else { await takeDocuments() }
    }

    /// Leaves the draft; the file stays where it is.
    public func letGo() {
        file?.done()
        (file, held, draft, done, digitsChecked, acceptsDifference) = (nil, nil, nil, nil, false, false)
        (keepsDocument, documentTitle, documentDay, dayFirst, asksWhose) = (false, "", "", nil, false)
    }

    private func takeDocuments() async {
        guard let held, let personID else { return }
        await effort.run {
            let (anyway, checked) = (acceptsDifference, digitsChecked)
            let (keeps, title, day) = (keepsDocument, documentTitle, documentDay)
            let result = try await held.long {
                keeps
                    ? try $0.keep(person: personID, title: title, day: day, digitsChecked: checked)
                    : try $0.take(person: personID, anyway: anyway, digitsChecked: checked)
            }
            finish(
                ImportState(
                    text: result.text, lines: result.lines, refused: RefusedState.list(result.refused),
                    waiting: result.waiting, firstEvent: result.firstEvent))
            await notebook.hasChanged()
        }
    }

    private func takeArchive() async {
        guard let path = file?.path else { return }
        await effort.run {
            let secret = passphrase.isEmpty ? nil : passphrase
            // A slice says by itself whose it is, unless several here could be meant.
            let person = asksWhose ? personID : nil
            let result: ArchiveDone
            do {
                result = try await notebook.vault.long { vault in
                    guard let person else { return try vault.importArchive(path: path, passphrase: secret) }
                    return try vault.importSlice(path: path, passphrase: secret, person: person)
                }
            } catch TechoError.WishInvalid(let field) where field == "person" {
                asksWhose = true
                throw Missing(what: notebook.words(.whoseIsIt))
            }
            let words = notebook.words
            let people = result.people.map { words.archivePerson($0.name, $0.records, isWhole: $0.isWhole) }
            finish(ImportState(text: result.text, lines: people, refused: [], waiting: [], firstEvent: nil))
            await notebook.hasChanged()
        }
    }

    private func finish(_ state: ImportState) {
        letGo()
        passphrase = ""
        done = state
    }
}
