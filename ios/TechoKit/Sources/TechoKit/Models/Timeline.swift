// The records by day, a page at a time, and the search over them. The core sorts, cuts and words; this keeps the pages.
import Foundation
import Observation
import TechoCore

/// One line of the timeline.
public struct TimelineRowState: Identifiable, Equatable, Sendable {
    public let id: String
    public let personName: String
    public let dateText: String
    public let kindName: String
    public let title: String
    public let recordsText: String
    public let source: String?
    public let document: String
    /// What VoiceOver reads.
    public let spoken: String

    init(_ row: TimelineRow, _ words: Words) {
        id = row.id
        personName = row.personName
        dateText = row.dateText
        kindName = row.kindName
        title = row.title
        recordsText = words.records(UInt64(row.records))
        source = row.source
        document = row.document
        spoken = [row.dateText, row.kindName, row.title, row.personName, row.source, recordsText]
            .compactMap { $0 }.joined(separator: words(.pause))
    }
}

/// A kind to choose by, for example vaccinations.
public struct ChoiceState: Identifiable, Equatable, Sendable {
    public let id: String
    public let name: String

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// A fetch that was interrupted and can go on.
public struct UnfinishedState: Identifiable, Equatable, Sendable {
    public let id: String
    public let text: String
    public let begunText: String
}

@MainActor @Observable public final class TimelineModel {
    public nonisolated static let pageLength: UInt32 = 50

    public private(set) var rows: [TimelineRowState] = []
    public private(set) var hasMore = false
    public private(set) var unfinished: [UnfinishedState] = []
    /// Whether the first page was read, so that "no records yet" is not said too early.
    public private(set) var isRead = false
    /// The kind that is shown; `nil` is all of them.
    public var kindID: String?
    public let kinds: [ChoiceState]
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private var next: String?
    @ObservationIgnored private var reading = 0

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        effort = Effort(notebook.words)
        kinds = notebook.vault.instant { $0.kinds().map { ChoiceState(id: $0.id, name: $0.name) } }
    }

    /// Reads the first page again.
    public func load() async {
        reading += 1
        let mine = reading
        do {
            let page = try await page(after: nil)
            let unfinished = try await notebook.vault.quick { try $0.unfinished() }
            // Another person or kind was chosen meanwhile: that answer is the one to show.
            guard mine == reading else { return }
            take(page, replacing: true)
            self.unfinished = unfinished.map { UnfinishedState(id: $0.id, text: $0.text, begunText: $0.begunText) }
            isRead = true
            effort.dismissProblem()
        } catch {
            effort.fail(error)
        }
    }

    /// Reads the next page, when the last rows come into view.
    public func loadMore() async {
        guard hasMore, let after = next else { return }
        let mine = reading
        await effort.run {
            let page = try await page(after: after)
            guard mine == reading, next == after else { return }
            take(page, replacing: false)
        }
    }

    public var isEmpty: Bool { isRead && rows.isEmpty }

    private func page(after: String?) async throws -> TimelinePage {
        let query = TimelineQuery(
            person: notebook.personID, kind: kindID, from: nil, until: nil, after: after, limit: Self.pageLength)
        return try await notebook.vault.quick { try $0.timeline(query: query) }
    }

    private func take(_ page: TimelinePage, replacing: Bool) {
        let fresh = page.rows.map { TimelineRowState($0, notebook.words) }
        rows = replacing ? fresh : rows + fresh
        next = page.next
        hasMore = page.next != nil
    }
}

@MainActor @Observable public final class SearchModel {
    public var text = ""
    public private(set) var found: [RecordState] = []
    public private(set) var hasMore = false
    /// What was searched for last; `nil` before the first search.
    public private(set) var searched: String?
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private var next: String?

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        effort = Effort(notebook.words)
    }

    /// Searches for what is typed. Nothing typed finds nothing.
    public func search() async {
        let asked = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !asked.isEmpty else {
            (found, hasMore, searched, next) = ([], false, nil, nil)
            return
        }
        await effort.run {
            let page = try await page(asked, after: nil)
            searched = asked
            found = page.records.map { RecordState($0, notebook.words) }
            (next, hasMore) = (page.next, page.next != nil)
        }
    }

    public func loadMore() async {
        guard hasMore, let searched, let after = next else { return }
        await effort.run {
            let page = try await page(searched, after: after)
            found += page.records.map { RecordState($0, notebook.words) }
            (next, hasMore) = (page.next, page.next != nil)
        }
    }

    public var foundNothing: Bool { searched != nil && found.isEmpty && !effort.isBusy }

    private func page(_ asked: String, after: String?) async throws -> SearchPage {
        let person = notebook.personID
        return try await notebook.vault.quick {
            try $0.search(words: asked, person: person, after: after, limit: TimelineModel.pageLength)
        }
    }
}
