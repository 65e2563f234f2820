// What is known of one thing from several places: an event from all its sources, a quantity by the days it was measured at
// home, and the medicines of a day.
import Foundation
import Observation
import TechoCore

/// One telling of an event.
public struct SourceState: Identifiable, Equatable, Sendable {
    public struct Difference: Identifiable, Equatable, Sendable {
        public let id: Int
        public let item: String
        public let lead: String?
        public let other: String?
    }

    public let id: String
    public let title: String
    /// The day and the institution.
    public let aboutText: String
    public let formatName: String
    public let leads: Bool
    public let standing: String
    public let why: String?
    public let rule: String?
    public let differences: [Difference]

    init(_ source: EventSource, _ words: Words) {
        (id, title, formatName, leads) = (source.event, source.title, source.formatName, source.leads)
        aboutText = [source.date, source.place].compactMap { $0 }.joined(separator: words(.separator))
        (standing, why, rule) = (source.standing, source.why, source.rule)
        differences = source.differences.enumerated().map {
            Difference(id: $0.offset, item: $0.element.item, lead: $0.element.lead, other: $0.element.other)
        }
    }
}

/// An event that has to do with another.
public struct RelatedState: Identifiable, Equatable, Sendable {
    public let id: String
    public let title: String
    public let aboutText: String
    public let why: String

    init(_ event: RelatedEvent, _ words: Words) {
        (id, title, why) = (event.event, event.title, event.why)
        aboutText = [event.dateText, event.place].compactMap { $0 }.joined(separator: words(.separator))
    }
}

@MainActor @Observable public final class LinksModel {
    public private(set) var sources: [SourceState] = []
    /// Events that may be the same: questions to the person.
    public private(set) var questions: [RelatedState] = []
    /// Events of the same story.
    public private(set) var stories: [RelatedState] = []
    /// The event that is to be kept apart, asked about before it is.
    public var parting: String?
    public var reason = ""
    public private(set) var isParted = false
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let event: String

    public init(_ notebook: Notebook, event: String) {
        self.notebook = notebook
        self.event = event
        effort = Effort(notebook.words)
    }

    public var isLinked: Bool { sources.count > 1 }

    public func load() async {
        await effort.run { try await read() }
    }

    /// They are two events, for good: nothing ever joins them again.
    public func part() async {
        guard let parting else { return }
        await effort.run {
            let reason = said
            _ = try await notebook.vault.quick { try $0.unlink(event: parting, other: nil, reason: reason) }
            (self.parting, isParted) = (nil, true)
            await notebook.hasChanged()
            try await read()
        }
    }

    /// The person says that it is the same event.
    public func join(_ other: String) async {
        await effort.run {
            let (event, reason) = (event, said)
            _ = try await notebook.vault.quick { try $0.link(one: event, other: other, reason: reason) }
            await notebook.hasChanged()
            try await read()
        }
    }

    private var said: String? {
        let text = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }

    private func read() async throws {
        let (event, words) = (event, notebook.words)
        let same = try await notebook.vault.quick { try $0.links(event: event) }
        sources = same.sources.map { SourceState($0, words) }
        questions = same.questions.map { RelatedState($0, words) }
        stories = same.stories.map { RelatedState($0, words) }
    }
}

/// One day of what was measured at home.
public struct DayState: Identifiable, Equatable, Sendable {
    public let id: String
    public let date: String
    public let valueText: String
    /// How the value was worked out.
    public let text: String?

    init(_ line: DayLine) {
        (id, date, text) = (line.id, line.date, line.text)
        valueText = Formatting.value(line.value, unit: line.unit)
    }
}

/// One measurement of a day.
public struct SampleState: Identifiable, Equatable, Sendable {
    public let id: Int
    public let time: String?
    public let valueText: String
    /// As it was written, where that was another unit.
    public let written: String?
    public let source: String
}

@MainActor @Observable public final class DaysModel {
    public private(set) var name = ""
    public private(set) var days: [DayState] = []
    public private(set) var hasMore = false
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let personID: String
    @ObservationIgnored private let quantity: String
    @ObservationIgnored private var next: String?

    /// - Parameter quantity: a key of the histories that was measured at home, or the quantity's id.
    public init(_ notebook: Notebook, personID: String, quantity: String) {
        self.notebook = notebook
        (self.personID, self.quantity) = (personID, quantity)
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run { try await read(after: nil) }
    }

    public func loadMore() async {
        guard hasMore, let next else { return }
        await effort.run { try await read(after: next) }
    }

    private func read(after: String?) async throws {
        let (person, quantity) = (personID, quantity)
        let page = try await notebook.vault.quick {
            try $0.days(person: person, quantity: quantity, from: nil, until: nil, after: after)
        }
        let fresh = page?.days.map { DayState($0) } ?? []
        days = after == nil ? fresh : days + fresh
        name = page?.name ?? ""
        (next, hasMore) = (page?.next, page?.next != nil)
    }
}

@MainActor @Observable public final class DayModel {
    public private(set) var name = ""
    public private(set) var day: DayState?
    public private(set) var samples: [SampleState] = []
    public private(set) var count: UInt32 = 0
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let id: String

    public init(_ notebook: Notebook, id: String) {
        self.notebook = notebook
        self.id = id
        effort = Effort(notebook.words)
    }

    public var hasMore: Bool { samples.count < Int(count) }

    public func load() async {
        samples = []
        await effort.run { try await read() }
    }

    public func loadMore() async {
        guard hasMore else { return }
        await effort.run { try await read() }
    }

    public var isHidden: Bool { notebook.veil.hides(id) }

    /// Shows the hidden values.
    public func reveal() { notebook.veil.lift(id) }

    private func read() async throws {
        let (id, skip) = (id, samples.count)
        let view = try await notebook.vault.quick { try $0.day(id: id, skip: UInt32(skip)) }
        (name, day, count) = (view.name, DayState(view.day), view.count)
        samples += view.samples.enumerated().map { place, sample in
            SampleState(
                id: skip + place, time: sample.time, valueText: Formatting.value(sample.value, unit: view.day.unit),
                written: sample.written, source: sample.source)
        }
    }
}

/// One medicine of a day.
public struct MedicineState: Identifiable, Equatable, Sendable {
    public let id: String
    public let courseText: String
    public let title: String
    /// Dose and how to take it.
    public let takingText: String
    public let from: String?
    public let until: String?
    public let places: [String]
    public let isHidden: Bool

    init(_ row: MedicineRow, _ words: Words) {
        (id, courseText, title) = (row.record, row.courseText, row.title)
        takingText = [row.dose, row.usage].compactMap { $0 }.joined(separator: words(.separator))
        (from, until, places, isHidden) = (row.from, row.until, row.places, row.hidden)
    }
}

@MainActor @Observable public final class MedicinesModel {
    public private(set) var medicines: [MedicineState] = []
    /// What to ask a pharmacist.
    public private(set) var questions: [String] = []
    public private(set) var leftOver: [LabelledText] = []
    public private(set) var hiddenCount: UInt32 = 0
    public private(set) var note = ""
    public private(set) var isRead = false
    /// The day, as in `2026-05-03`.
    public var on: String
    public var showsHidden = false
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let personID: String

    public init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        on = Formatting.day(notebook.platform.clock.now())
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run {
            let (person, day, all, words) = (personID, on, showsHidden, notebook.words)
            let view = try await notebook.vault.quick { try $0.medicines(person: person, on: day, withHidden: all) }
            medicines = view.rows.map { MedicineState($0, words) }
            (questions, hiddenCount, note, isRead) = (view.questions, view.hidden, view.note, true)
            leftOver = view.leftOver.enumerated().map {
                LabelledText(id: $0.offset, label: $0.element.dateText, text: $0.element.text)
            }
        }
    }
}
