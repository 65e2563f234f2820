// The family at a glance, what the State will forget, and a checkup in plain words. The core words all of it.
import Foundation
import Observation
import TechoCore

/// Somebody's line of the family board.
public struct BoardRowState: Identifiable, Equatable, Sendable {
    public let id: String
    public let name: String
    public let ageText: String
    /// What there is to say, with what it is called: the last checkup, what is next, what changed.
    public let lines: [LabelledText]
    /// How a child grows; a value, so hidden until touched.
    public let growth: String?

    private let pause: String

    init(_ row: BoardRow, _ words: Words) {
        (id, name, ageText, growth) = (row.person, row.name, row.ageText, row.growth)
        let said: [(Phrase, String?)] = [
            (.lastCheckup, row.lastCheckup), (.nextDue, row.next), (.whatChanged, row.changed),
        ]
        lines = said.enumerated().compactMap { place, one in
            one.1.map { LabelledText(id: place, label: words(one.0), text: $0) }
        }
        pause = words(.pause)
    }

    /// What VoiceOver reads; how a child grows stays out of it until it is touched.
    public var spoken: String {
        ([name, ageText] + lines.map { "\($0.label) \($0.text)" }).joined(separator: pause)
    }
}

@MainActor @Observable public final class BoardModel {
    public private(set) var rows: [BoardRowState] = []
    /// The day, as in `2026-05-03`.
    public var on: String
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        on = Formatting.day(notebook.platform.clock.now())
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run {
            let (day, words) = (on, notebook.words)
            rows = try await notebook.vault.quick { try $0.board(today: day).map { BoardRowState($0, words) } }
        }
    }
}

/// Something that leaves Mynaportal.
public struct ForgetState: Identifiable, Equatable, Sendable {
    /// The event.
    public let id: String
    public let title: String
    public let dateText: String?
    /// The day it leaves; `nil` where nobody knows.
    public let leavesOn: String?
    /// How long until then.
    public let daysText: String
}

@MainActor @Observable public final class ForgetsModel {
    public private(set) var rows: [ForgetState] = []
    /// What one fetch today would bring, and what the days are not.
    public private(set) var notes: [String] = []
    public private(set) var count: UInt32 = 0
    public private(set) var isRead = false
    /// The day, as in `2026-05-03`.
    public var on: String
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let personID: String?

    /// - Parameter personID: `nil` is everybody.
    public init(_ notebook: Notebook, personID: String?) {
        self.notebook = notebook
        self.personID = personID
        on = Formatting.day(notebook.platform.clock.now())
        effort = Effort(notebook.words)
    }

    public var hasMore: Bool { rows.count < Int(count) }

    public func load() async {
        rows = []
        await effort.run { try await read() }
    }

    public func loadMore() async {
        guard hasMore else { return }
        await effort.run { try await read() }
    }

    private func read() async throws {
        let (person, day, skip) = (personID, on, UInt32(rows.count))
        let view = try await notebook.vault.long { try $0.forgets(person: person, today: day, skip: skip) }
        rows += view.rows.map {
            ForgetState(
                id: $0.event, title: $0.title, dateText: $0.date, leavesOn: $0.leavesOn, daysText: $0.daysText)
        }
        (notes, count, isRead) = (view.notes, view.count, true)
    }
}

/// One item of a checkup in plain words.
public struct ExplainedState: Identifiable, Equatable, Sendable {
    /// The record.
    public let id: String
    public let title: String
    public let valueText: String
    /// What it measures; `nil` where nobody has explained it yet.
    public let what: String?
    /// Where it lies by the published limits, the range that was sent along, what changed. They tell of the value, and are hidden
    /// with it.
    public let judgements: [String]

    init(_ item: ExplainedItem) {
        (id, title, valueText, what) = (item.record, item.title, item.value, item.what)
        judgements = [item.band, item.range, item.change].compactMap { $0 }
    }
}

@MainActor @Observable public final class ExplainModel {
    public private(set) var title = ""
    public private(set) var dateText: String?
    public private(set) var items: [ExplainedState] = []
    /// Whose limits, that this is no diagnosis, and whom to ask.
    public private(set) var notes: [String] = []
    public private(set) var count: UInt32 = 0
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let id: String

    /// - Parameter id: an event or a record.
    public init(_ notebook: Notebook, id: String) {
        self.notebook = notebook
        self.id = id
        effort = Effort(notebook.words)
    }

    public var hasMore: Bool { items.count < Int(count) }

    public func load() async {
        items = []
        await effort.run { try await read() }
    }

    public func loadMore() async {
        guard hasMore else { return }
        await effort.run { try await read() }
    }

    private func read() async throws {
        let (id, skip) = (id, UInt32(items.count))
        let view = try await notebook.vault.quick { try $0.explain(id: id, skip: skip) }
        (title, dateText, notes, count) = (view.title, view.date, view.notes, view.count)
        items += view.items.map { ExplainedState($0) }
    }
}
