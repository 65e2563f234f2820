// Erasing: first in words what will go, then who asks, then it is gone.
import Foundation
import Observation
import TechoCore

@MainActor @Observable public final class EraseModel {
    public enum Target: Equatable, Sendable {
        case record(String)
        case document(String)
        case person(String)
    }

    /// What will go, in a sentence; `nil` until it was asked for.
    public private(set) var warning: String?
    public private(set) var doneText: String?
    public let effort: Effort
    public let target: Target

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook, _ target: Target) {
        self.notebook = notebook
        self.target = target
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run {
            let what = target.inCore
            warning = try await notebook.vault.quick { try $0.erasureText(what: what) }
        }
    }

    /// Only after the warning was shown.
    public func erase() async {
        guard warning != nil else { return }
        await effort.run {
            try await notebook.presence.confirm(.eraseReason)
            let what = target.inCore
            // A sealed card may tell of what is about to go.
            try await notebook.sealedCards.eraseAll()
            do {
                doneText = try await notebook.vault.long { try $0.erase(what: what).text }
            } catch {
                await notebook.sealedCards.renew(asks: true)
                throw error
            }
            if case .person(let id) = target, notebook.personID == id { notebook.personID = nil }
            await notebook.hasChanged()
        }
    }
}

extension EraseModel.Target {
    fileprivate var inCore: Erasure {
        switch self {
        case .record(let id): .record(id: id)
        case .document(let id): .document(id: id)
        case .person(let id): .person(id: id)
        }
    }
}
