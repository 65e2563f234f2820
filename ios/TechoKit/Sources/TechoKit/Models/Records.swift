// One event with its records, and one record with everything that is known about it: its value, where it stands in the
// original, who said it and when it came.
import Foundation
import Observation
import TechoCore

/// A label and what it says.
public struct LabelledText: Identifiable, Equatable, Sendable {
    /// Its place among its neighbours; the same label may stand twice.
    public let id: Int
    public let label: String
    public let text: String
}

/// A document beside a record.
public struct AttachedState: Identifiable, Equatable, Sendable {
    public let id: String
    /// `nil` where it is not here.
    public let document: String?
    public let title: String
}

/// One record.
public struct RecordState: Identifiable, Equatable, Sendable {
    public let id: String
    /// `nil` for an event that was found by its own words and not by one of its records.
    public let record: String?
    public let event: String
    public let document: String
    public let personName: String
    public let dateText: String
    public let kindName: String
    public let title: String
    /// With its unit, as written in the original.
    public let valueText: String?
    public let source: String?
    public let isUnderstood: Bool
    public let standing: String?
    public let details: [LabelledText]
    /// Corrected, removed, kept hidden, or of an entry that was undone.
    public let isKeptHidden: Bool
    /// Why it is left out of every summary and hand-over; `nil` where it is not.
    public let sensitiveText: String?
    /// That is the person's own mark.
    public let isMarkedSensitive: Bool
    /// Who wrote or changed it by hand, and why.
    public let writtenText: String?
    public let writtenReason: String?
    /// The record that it stands in the place of, or that stands in its place, and what the way there is called.
    public let other: String?
    public let otherText: String?
    public let attached: [AttachedState]

    private let pause: String
    private let hiddenWord: String

    init(_ view: RecordView, _ words: Words) {
        id = view.id ?? view.event
        record = view.id
        event = view.event
        document = view.document
        personName = view.personName
        dateText = view.dateText
        kindName = view.kindName
        title = view.title
        valueText = view.value.map { Formatting.value($0, unit: view.unit) }
        source = view.source
        isUnderstood = view.isUnderstood
        standing = view.standingText
        details = view.details.enumerated().map {
            LabelledText(id: $0.offset, label: $0.element.label, text: $0.element.text)
        }
        (isKeptHidden, sensitiveText) = (view.isHidden, view.sensitiveText)
        isMarkedSensitive = view.isMarkedSensitive
        (writtenText, writtenReason) = (view.written?.text, view.written?.reason)
        (other, otherText) = (view.written?.other, view.written?.otherText)
        attached = view.attached.map { AttachedState(id: $0.entry, document: $0.document, title: $0.title) }
        pause = words(.pause)
        hiddenWord = words(.hidden)
    }

    /// What VoiceOver reads: a hidden value is not read either.
    public func spoken(isHidden: Bool) -> String {
        let value = valueText.map { isHidden ? hiddenWord : $0 }
        return [title, value, dateText, kindName, source, standing].compactMap { $0 }.joined(separator: pause)
    }
}

@MainActor @Observable public final class EventModel {
    public private(set) var row: TimelineRowState?
    public private(set) var records: [RecordState] = []
    public private(set) var hasMore = false
    /// There is something to say about other tellings of it.
    public private(set) var hasLinks = false
    public let effort: Effort
    public let id: String

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private var next: String?

    public init(_ notebook: Notebook, id: String) {
        self.notebook = notebook
        self.id = id
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run {
            let (id, words) = (id, notebook.words)
            let (view, same) = try await notebook.vault.quick { (try $0.event(id: id), try $0.links(event: id)) }
            hasLinks = same.sources.count > 1 || !same.questions.isEmpty || !same.stories.isEmpty
            row = TimelineRowState(view.row, words)
            records = view.records.map { RecordState($0, words) }
            (next, hasMore) = (view.next, view.next != nil)
        }
    }

    public func loadMore() async {
        guard let after = next else { return }
        await effort.run {
            let (id, words) = (id, notebook.words)
            let page = try await notebook.vault.quick { try $0.eventRecords(id: id, after: after) }
            records += page.records.map { RecordState($0, words) }
            (next, hasMore) = (page.next, page.next != nil)
        }
    }
}

@MainActor @Observable public final class RecordModel {
    public private(set) var record: RecordState?
    public let effort: Effort
    public let id: String

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook, id: String) {
        self.notebook = notebook
        self.id = id
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run {
            let (id, words) = (id, notebook.words)
            record = try await notebook.vault.quick { RecordState(try $0.record(id: id), words) }
        }
    }

    public var isHidden: Bool { record.map { notebook.veil.hides($0.id) } ?? false }

    /// Shows the hidden value.
    public func reveal() {
        if let record { notebook.veil.lift(record.id) }
    }

    /// Hands the original document out, byte for byte, after the person has shown who they are.
    public func shareOriginal() async {
        guard let document = record?.document else { return }
        await share(document)
    }

    /// Hands a document out that is beside the record.
    public func share(_ document: String) async {
        await effort.run {
            try await notebook.presence.confirm(.shareReason)
            let outbox = notebook.platform.outbox
            let file = try await notebook.vault.quick { vault in
                let original = try vault.original(document: document)
                let file = try Outbox.fresh(Formatting.fileName(original.name ?? document), in: outbox)
                try Outbox.write(Data(original.parts.joined()), to: file)
                return file
            }
            defer { Outbox.remove(file) }
            await notebook.platform.shareSheet.share(file)
        }
    }
}
