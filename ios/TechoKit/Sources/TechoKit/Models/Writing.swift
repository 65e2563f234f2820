// What a person writes by hand: a new record by the core's form of its kind, a record put right, and what is decided about one
// (removed, hidden, sensitive, undone). What is wrong with a field, or has to be asked, comes worded from the core.
import Foundation
import Observation
import TechoCore

/// What whoever writes is to the person.
public enum WriterRelation: String, CaseIterable, Sendable {
    case oneself = "self"
    case parent
    case proxy
    case other
}

/// Who writes, and why.
public struct PenForm: Equatable, Sendable {
    public var relation = WriterRelation.oneself
    /// Who writes, where it is not the person.
    public var author = ""
    public var reason = ""
    /// Fields whose question was answered with yes.
    var confirmed: Set<String> = []
    /// Places at which twelve digits are no My Number.
    var digitsChecked: Set<String> = []

    public init() {}

    var isNamed: Bool { relation == .oneself || !author.allSatisfy(\.isWhitespace) }

    /// - Parameter now: what day it is by the phone's clock, where the person is.
    func writer(_ now: Date) -> Writer {
        let name = author.trimmingCharacters(in: .whitespaces)
        let why = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        return Writer(
            author: relation == .oneself ? nil : name, relation: relation.rawValue, reason: why.isEmpty ? nil : why,
            confirmed: confirmed.sorted(), digitsChecked: digitsChecked.sorted(), today: Formatting.day(now))
    }
}

/// One thing that a form asks for.
public struct FieldState: Identifiable, Equatable, Sendable {
    public let id: String
    /// With its unit.
    public let label: String
    /// `date`, `number`, `long` and so on, as the core says.
    public let shape: String
    public let choices: [ChoiceState]
    public let isRequired: Bool

    init(_ field: FormField) {
        id = field.id
        label = Formatting.value(field.label, unit: field.unit.map { "(\($0))" })
        shape = field.shape
        choices = field.choices.map { ChoiceState(id: $0.id, name: $0.label) }
        isRequired = field.isRequired
    }
}

/// What is wrong with a field, or has to be asked.
public struct FieldProblem: Identifiable, Equatable, Sendable {
    public let id: String
    public let field: String
    public let text: String
    public let isQuestion: Bool
    let isDigits: Bool

    init(_ trouble: FieldTrouble) {
        id = "\(trouble.field) \(trouble.text)"
        (field, text, isQuestion, isDigits) = (
            trouble.field, trouble.text, trouble.isQuestion, trouble.isDigits
        )
    }
}

/// Something that was written or changed by hand.
public struct ChangeState: Identifiable, Equatable, Sendable {
    public let id: String
    public let personID: String
    /// When, in UTC.
    public let at: String
    public let authorText: String
    public let text: String
    public let reason: String?
    public let standing: String?
    /// Whether it counts, and so can be undone.
    public let counts: Bool
    public let isUndo: Bool
    /// The record it brought, else the one it is about.
    public let record: String?
    public let event: String?

    init(_ row: ChangeRow) {
        (id, personID, at, authorText, text) = (row.entry, row.person, row.at, row.authorText, row.text)
        (reason, standing, counts, isUndo) = (row.reason, row.standingText, row.counts, row.kind == "undo")
        (record, event) = (row.records.first ?? row.record, row.event)
    }
}

/// What all forms have in common: who writes, what has to be asked, what was written.
@MainActor @Observable public final class PenModel {
    public var pen = PenForm()
    public fileprivate(set) var problems: [FieldProblem] = []
    public fileprivate(set) var done: ChangeState?
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook

    init(_ notebook: Notebook) {
        self.notebook = notebook
        effort = Effort(notebook.words)
    }

    /// The question of a field is answered.
    public func answer(_ problem: FieldProblem, _ yes: Bool) {
        if problem.isDigits {
            if yes { pen.digitsChecked.insert(problem.field) } else { pen.digitsChecked.remove(problem.field) }
        } else {
            if yes { pen.confirmed.insert(problem.field) } else { pen.confirmed.remove(problem.field) }
        }
    }

    public func isAnswered(_ problem: FieldProblem) -> Bool {
        (problem.isDigits ? pen.digitsChecked : pen.confirmed).contains(problem.field)
    }

    var isSaid: Bool { pen.isNamed && problems.allSatisfy { !$0.isQuestion || isAnswered($0) } }

    /// Writes, and keeps what the list of changes says of it.
    func write(person: String, _ ask: @escaping @Sendable (Vault, Writer) throws -> EntryDone) async throws {
        let writer = pen.writer(notebook.platform.clock.now())
        let (answer, row) = try await notebook.vault.quick { vault -> (EntryDone, ChangeRow?) in
            let answer = try ask(vault, writer)
            guard let entry = answer.entry else { return (answer, nil) }
            return (answer, try vault.changes(of: person, after: nil).rows.first { $0.entry == entry })
        }
        problems = answer.troubles.map { FieldProblem($0) }
        done = row.map { ChangeState($0) }
        if answer.entry != nil { await notebook.hasChanged() }
    }
}

/// A record by hand: a new one of a person, or one that is put right.
@MainActor @Observable public final class WriteModel {
    public enum Job: Equatable, Sendable {
        case add(person: String)
        case correct(record: String)
    }

    public let job: Job
    /// What can be written down; none where a record is put right.
    public private(set) var kinds: [ChoiceState] = []
    public private(set) var kindID: String?
    public private(set) var fields: [FieldState] = []
    /// What is typed, by the field's id.
    public var values: [String: String] = [:]
    /// What is put right, by its name.
    public private(set) var title: String?
    /// Who writes, what has to be asked, what was written.
    public let sheet: PenModel

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook, _ job: Job) {
        self.notebook = notebook
        self.job = job
        sheet = PenModel(notebook)
    }

    public var effort: Effort { sheet.effort }

    public func load() async {
        await effort.run {
            switch job {
            case .add:
                kinds = notebook.vault.instant { $0.kinds().map { ChoiceState(id: $0.id, name: $0.name) } }
            case .correct(let record):
                let (view, form) = try await notebook.vault.quick {
                    (try $0.record(id: record), try $0.formOf(record: record))
                }
                title = view.title
                fields = form.map { FieldState($0) }
            }
        }
    }

    /// Chooses what is written down, and asks for what the core's form of it asks for.
    public func choose(kind: String) async {
        await effort.run {
            fields = try notebook.vault.instant { try $0.form(kind: kind).map { FieldState($0) } }
            (kindID, values, sheet.problems) = (kind, [:], [])
        }
    }

    /// Whether everything that is needed was typed and every question answered.
    public var isReady: Bool {
        !fields.isEmpty && sheet.isSaid && !typed.isEmpty
            && fields.allSatisfy { field in !field.isRequired || typed.contains { $0.field == field.id } }
    }

    /// What is wrong with a field, in words.
    public func problem(of field: FieldState) -> String? {
        sheet.problems.first { $0.field == field.id && !$0.isQuestion }?.text
    }

    /// What has to be asked, and what is wrong in no field of its own.
    public var questions: [FieldProblem] {
        sheet.problems.filter { problem in problem.isQuestion || !fields.contains { $0.id == problem.field } }
    }

    public func write() async {
        guard isReady, sheet.done == nil else { return }
        await effort.run {
            let typed = typed
            switch job {
            case .add(let person):
                guard let kind = kindID else { return }
                try await sheet.write(person: person) {
                    try $0.addEntry(person: person, kind: kind, values: typed, writer: $1)
                }
            case .correct(let record):
                let person = try await notebook.vault.quick { try $0.record(id: record).person }
                try await sheet.write(person: person) { try $0.correct(record: record, values: typed, writer: $1) }
            }
        }
    }

    private var typed: [FieldValue] {
        fields.compactMap { field in
            let text = values[field.id] ?? ""
            return text.allSatisfy(\.isWhitespace) ? nil : FieldValue(field: field.id, text: text)
        }
    }
}

/// A decision about a record, an event or an earlier change.
@MainActor @Observable public final class DecideModel {
    public enum Decision: CaseIterable, Sendable { case remove, hide, show, markSensitive, unmark, undo }

    public enum Subject: Equatable, Sendable {
        case record(String)
        case event(String)
        case change(ChangeState)
    }

    public let decision: Decision
    public let subject: Subject
    /// What it is about, by its name.
    public private(set) var title = ""

    /// Who writes, what has to be asked, what was written.
    public let sheet: PenModel

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook, _ decision: Decision, _ subject: Subject) {
        self.notebook = notebook
        self.decision = decision
        self.subject = subject
        sheet = PenModel(notebook)
    }

    public var effort: Effort { sheet.effort }

    public func load() async {
        await effort.run { title = try await about().title }
    }

    public var isReady: Bool { sheet.isSaid && sheet.done == nil }

    public func decide() async {
        guard isReady else { return }
        await effort.run {
            let (person, id, decision) = (try await about().person, subject.id, decision)
            try await sheet.write(person: person) { vault, writer in
                switch decision {
                case .remove: try vault.remove(id: id, writer: writer)
                case .hide: try vault.mark(id: id, mark: .hidden, on: true, writer: writer)
                case .show: try vault.mark(id: id, mark: .hidden, on: false, writer: writer)
                case .markSensitive: try vault.mark(id: id, mark: .sensitive, on: true, writer: writer)
                case .unmark: try vault.mark(id: id, mark: .sensitive, on: false, writer: writer)
                case .undo: try vault.undo(person: person, entry: id, writer: writer)
                }
            }
        }
    }

    private func about() async throws -> (person: String, title: String) {
        switch subject {
        case .record(let id):
            let view = try await notebook.vault.quick { try $0.record(id: id) }
            return (view.person, view.title)
        case .event(let id):
            let row = try await notebook.vault.quick { try $0.event(id: id).row }
            return (row.person, row.title)
        case .change(let change):
            return (change.personID, change.text)
        }
    }
}

extension DecideModel.Subject {
    fileprivate var id: String {
        switch self {
        case .record(let id), .event(let id): id
        case .change(let change): change.id
        }
    }
}

/// What was written and changed by hand: of a person, an event or a record, the newest first.
@MainActor @Observable public final class ChangesModel {
    public private(set) var changes: [ChangeState] = []
    public private(set) var hasMore = false
    public private(set) var isRead = false
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let of: String
    @ObservationIgnored private var next: String?

    public init(_ notebook: Notebook, of: String) {
        self.notebook = notebook
        self.of = of
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run { try await read(after: nil) }
    }

    public func loadMore() async {
        guard hasMore, let next else { return }
        await effort.run { try await read(after: next) }
    }

    /// The newest change that counts and undoes nothing.
    public var last: ChangeState? { changes.first { $0.counts && !$0.isUndo } }

    private func read(after: String?) async throws {
        let of = of
        let page = try await notebook.vault.quick { try $0.changes(of: of, after: after) }
        let fresh = page.rows.map { ChangeState($0) }
        changes = after == nil ? fresh : changes + fresh
        (next, hasMore, isRead) = (page.next, page.next != nil, true)
    }
}
