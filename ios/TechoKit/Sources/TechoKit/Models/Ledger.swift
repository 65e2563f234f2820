// What was done and when, and what was consented to: read as the core tells it, and withdrawn where that is possible.
import Foundation
import Observation
import TechoCore

public struct LedgerLineState: Identifiable, Equatable, Sendable {
    public let id: UInt64
    public let atText: String
    public let text: String
}

@MainActor @Observable public final class LedgerModel {
    public private(set) var lines: [LedgerLineState] = []
    public private(set) var hasMore = false
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private var next: UInt64?

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run { try await read(before: nil) }
    }

    public func loadMore() async {
        guard hasMore, let next else { return }
        await effort.run { try await read(before: next) }
    }

    private func read(before: UInt64?) async throws {
        let page = try await notebook.vault.quick { try $0.ledger(before: before, limit: TimelineModel.pageLength) }
        let fresh = page.lines.map { LedgerLineState(id: $0.number, atText: $0.atText, text: $0.text) }
        lines = before == nil ? fresh : lines + fresh
        (next, hasMore) = (page.next, page.next != nil)
    }
}

public struct ConsentLineState: Identifiable, Equatable, Sendable {
    public let id: String
    public let personName: String
    public let askedText: String
    public let itemsText: String
    public let standingText: String
    public let canWithdraw: Bool
    public let documentsText: String
}

@MainActor @Observable public final class ConsentsModel {
    public private(set) var consents: [ConsentLineState] = []
    /// The consent that is about to be withdrawn, and what that means.
    public private(set) var withdrawing: String?
    public private(set) var warning: [String] = []
    public private(set) var doneLines: [String] = []
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run { try await read() }
    }

    /// Says what a withdrawal deletes here and what it cannot recall elsewhere.
    public func askToWithdraw(_ id: String) async {
        await effort.run {
            warning = try await notebook.vault.quick { try $0.withdrawalText(id: id) }
            doneLines = []
            withdrawing = id
        }
    }

    public func keepConsent() { (withdrawing, warning) = (nil, []) }

    /// - Parameter erase: whether what came by it is erased as well.
    public func withdraw(erase: Bool) async {
        guard let id = withdrawing else { return }
        await effort.run {
            if erase {
                try await notebook.presence.confirm(.eraseReason)
                // A sealed card may tell of what is about to go.
                try await notebook.sealedCards.eraseAll()
            }
            let profile = notebook.platform.profile()
            do {
                doneLines = try await notebook.vault.long { try $0.withdraw(id: id, erase: erase, profile: profile) }
            } catch {
                await notebook.sealedCards.renew(asks: true)
                throw error
            }
            keepConsent()
            await notebook.hasChanged()
            try await read()
        }
    }

    private func read() async throws {
        let words = notebook.words
        let lines = try await notebook.vault.quick { try $0.consents() }
        consents = lines.map {
            ConsentLineState(
                id: $0.id, personName: $0.personName, askedText: $0.askedText, itemsText: $0.itemsText,
                standingText: $0.standingText, canWithdraw: $0.canWithdraw,
                documentsText: words.documents(UInt64($0.documents)))
        }
    }
}
