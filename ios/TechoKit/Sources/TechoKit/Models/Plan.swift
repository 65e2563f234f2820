// The vaccination plan of a person and what is due in the next twelve months: pages of lines that the core worded. This is no
// medical advice, and says so wherever it is shown.
import Foundation
import Observation
import TechoCore

/// How a dose or a date stands: told by a word and a sign, never by colour alone.
public enum DueStatus: String, CaseIterable, Sendable {
    case done
    case due
    case overdue
    case tooEarly = "too_early"
    case upcoming
    case notSubsidised = "not_subsidised"
    case notNeeded = "not_needed"
}

/// One dose of the plan.
public struct DoseState: Identifiable, Equatable, Sendable {
    public let id: Int
    /// The vaccine with its dose.
    public let title: String
    /// `nil` for a status of a later edition, which its words still tell.
    public let status: DueStatus?
    public let statusText: String
    public let daysText: String
    /// Why, and whom to ask.
    public let why: [String]
    /// Who says so.
    public let source: String
    /// The record, of a dose that was given.
    public let record: String?
    /// What VoiceOver reads.
    public let spoken: String

    init(_ place: Int, _ line: DoseLine, _ words: Words) {
        id = place
        title = [line.vaccineName, line.doseText].filter { !$0.isEmpty }.joined(separator: " ")
        (status, statusText, daysText) = (DueStatus(rawValue: line.status), line.statusText, line.daysText)
        (why, source, record) = (line.why, line.source, line.record)
        spoken = [title, statusText, daysText].filter { !$0.isEmpty }.joined(separator: words(.pause))
    }
}

@MainActor @Observable public final class PlanModel {
    public private(set) var doses: [DoseState] = []
    /// Why there is no plan, where there is none.
    public private(set) var noPlanText: String?
    /// The edition of the rules, and what the plan is not.
    public private(set) var note = ""
    public private(set) var hasMore = false
    /// The day, as in `2026-05-03`.
    public var on: String
    public let effort: Effort
    public let personID: String

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private var next: UInt32?

    public init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        on = Formatting.day(notebook.platform.clock.now())
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run { try await read(from: 0) }
    }

    public func loadMore() async {
        guard let next else { return }
        await effort.run { try await read(from: next) }
    }

    private func read(from skip: UInt32) async throws {
        let (person, day, words) = (personID, on, notebook.words)
        let plan = try await notebook.vault.quick { try $0.vaccinationPlan(person: person, on: day, skip: skip) }
        let fresh = plan.doses.enumerated().map { DoseState(Int(skip) + $0.offset, $0.element, words) }
        doses = skip == 0 ? fresh : doses + fresh
        (noPlanText, note) = (plan.noPlanText, plan.note)
        (next, hasMore) = (plan.next, plan.next != nil)
    }
}

/// Something to do on a day.
public struct DueState: Identifiable, Equatable, Sendable {
    public let id: String
    public let dateText: String
    /// The last day, where there is one.
    public let untilText: String?
    public let title: String
    public let status: DueStatus?
    public let statusText: String
    /// Who says so.
    public let source: String
    /// What VoiceOver reads.
    public let spoken: String

    init(_ item: DueItem, _ words: Words) {
        (id, dateText, untilText, title) = (item.id, item.date, item.until, item.title)
        (status, statusText, source) = (DueStatus(rawValue: item.status), item.statusText, item.source)
        spoken = [title, statusText, dateText].joined(separator: words(.pause))
    }
}

@MainActor @Observable public final class DueModel {
    public private(set) var items: [DueState] = []
    /// The editions of the rules, and what this is not.
    public private(set) var note = ""
    public private(set) var hasMore = false
    public private(set) var isRead = false
    /// The day, as in `2026-05-03`.
    public var on: String
    public let effort: Effort
    public let personID: String

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private var next: UInt32?

    public init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        on = Formatting.day(notebook.platform.clock.now())
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run { try await read(from: 0) }
    }

    public func loadMore() async {
        guard let next else { return }
        await effort.run { try await read(from: next) }
    }

    private func read(from skip: UInt32) async throws {
        let (person, day, words) = (personID, on, notebook.words)
        let page = try await notebook.vault.quick { try $0.due(person: person, on: day, skip: skip) }
        let fresh = page.items.map { DueState($0, words) }
        items = skip == 0 ? fresh : items + fresh
        (note, isRead) = (page.note, true)
        (next, hasMore) = (page.next, page.next != nil)
    }
}
