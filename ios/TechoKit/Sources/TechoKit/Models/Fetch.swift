// A fetch from Mynaportal: choose, show who you are, answer item by item, and then step by step until it is done. The
// loop is here and each step is the core's; stopping is not taking the next one. What the core wrote before each step
// lets the fetch go on after the app was killed.
import Foundation
import Observation
import TechoCore

@MainActor @Observable public final class FetchModel {
    /// Where the fetch is, as a screen shows it.
    public enum Stage: Equatable, Sendable {
        case choosing
        /// The question of consent is on the screen.
        case asking(ConsentState)
        /// The core or the relay is at work.
        case working(String)
        /// The person has to go to the browser.
        case browse(String)
        /// Whose answer it is, or what twelve digits are.
        case question(String)
        case waiting(String)
        /// Stopped by the person or by the network; it can go on.
        case paused(String)
        case done(DigestState)
        case ended(Problem)
        /// Nothing was granted.
        case declined(String)
    }

    public private(set) var stage: Stage = .choosing
    /// "round 1 of 2", where there is more than one.
    public private(set) var roundText: String?
    /// What was granted and what was not, once it was answered.
    public private(set) var answerText: String?
    public var form = FetchForm()
    /// What the person grants of what is asked.
    public var granted: Set<String> = []
    public let items: [ChoiceState]
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private var question: Apart<ConsentQuestion>?
    @ObservationIgnored private var session: Apart<SyncSession>?
    @ObservationIgnored private var address: URL?
    @ObservationIgnored private var isStopped = false
    /// The loop that takes the steps; there is never a second.
    @ObservationIgnored private var loop: Task<Void, Never>?

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        effort = Effort(notebook.words)
        items = fetchItems(language: notebook.words.language).map { ChoiceState(id: $0.id, name: $0.name) }
        form.personID = notebook.personID
    }

    /// Whether the browser is out and will come back with an address.
    public var isBrowserOut: Bool {
        if case .browse = stage { true } else { false }
    }

    public var isOver: Bool {
        switch stage {
        case .done, .ended, .declined: true
        default: false
        }
    }

    // MARK: Consent

    public var missing: String? { form.missing(notebook.words) }

    /// Asks the question of consent, after the person has shown who they are.
    public func ask() async {
        guard missing == nil, let person = form.personID else { return }
        await effort.run {
            let profile = try profile()
            try await notebook.presence.confirm(.fetchReason)
            let wish = form.wish(for: person, in: items.map(\.id))
            let asked = try await notebook.vault.quick { try $0.askConsent(profile: profile, wish: wish) }
            let question = notebook.vault.beside(asked)
            let state = ConsentState(question.instant { $0.view() })
            self.question = question
            // Nothing is ticked for the person: a yes is theirs to give.
            granted = []
            stage = .asking(state)
        }
    }

    /// What Mynaportal would return beyond what is ticked now.
    public var surplus: String? {
        guard case .asking(let state) = stage, let question, !granted.isEmpty else { return nil }
        let ticked = state.items.map(\.id).filter(granted.contains)
        return question.instant { $0.surplusOf(granted: ticked) }
    }

    /// Answers with what is ticked and begins; with nothing ticked it is a no.
    public func answer() async {
        guard case .asking(let state) = stage, let question else { return }
        let ticked = state.items.map(\.id).filter(granted.contains)
        await effort.run {
            let answered = try await question.quick { try $0.answer(granted: ticked) }
            answerText = answered.text
            await notebook.hasChanged()
            guard !ticked.isEmpty else {
                stage = .declined(answered.text)
                return
            }
            let started = try await question.quick { try $0.start(back: .appLink) }
            session = notebook.vault.beside(started)
        }
        if session != nil { await go() }
    }

    /// A no to all of it.
    public func decline() async {
        granted = []
        await answer()
    }

    // MARK: The steps

    /// Goes on with a fetch that was interrupted.
    public func resume(_ id: String) async {
        if session == nil {
            await effort.run {
                let profile = try profile()
                let resumed = try await notebook.vault.quick { try $0.resumeFetch(profile: profile, id: id) }
                session = notebook.vault.beside(resumed)
            }
        }
        await go()
    }

    /// Takes steps until the person is needed or it is over.
    public func go() async {
        guard let session else { return }
        isStopped = false
        show(session.instant { $0.state() })
        if let loop { return await loop.value }
        let fresh = Task { await takeSteps(session) }
        loop = fresh
        await fresh.value
        loop = nil
        if isOver { await notebook.hasChanged() }
    }

    private func takeSteps(_ session: Apart<SyncSession>) async {
        while !isStopped {
            do {
                switch session.instant({ $0.state() }).step {
                case .exchange:
                    show(try await session.long { try $0.advance() })
                case .wait(let seconds, _):
                    try await notebook.platform.clock.pause(seconds: seconds)
                    if !isStopped { show(try await session.long { try $0.advance() }) }
                case .browse, .confirm, .done, .ended:
                    return
                }
            } catch TechoError.Cancelled {
                return
            } catch is CancellationError {
                return
            } catch {
                effort.fail(error)
                stage = .paused(notebook.words(.fetchPaused))
                return
            }
        }
    }

    /// Opens the browser, and goes on with what it comes back with.
    public func browse() async {
        guard isBrowserOut, let address else { return }
        do {
            let back = try await notebook.platform.browser.visit(address)
            await cameBack(back)
        } catch {
            effort.fail(error)
        }
    }

    /// The address the browser came back to. A stranger's changes nothing, and the core says so.
    public func cameBack(_ address: URL) async {
        guard let session, isBrowserOut else { return }
        let text = address.absoluteString
        let isOurs = await effort.run { show(try await session.quick { try $0.cameBack(url: text) }) }
        if isOurs { await go() }
    }

    /// Answers whose it is, or that twelve digits are no My Number.
    public func decide(_ yes: Bool) async {
        guard case .question = stage, let session else { return }
        let worked = await effort.run { show(try await session.long { try $0.decide(yes: yes) }) }
        if worked { await go() }
    }

    /// While the browser is out: asks whether the relay still knows this fetch.
    public func lookAgain() async {
        guard isBrowserOut, let session else { return }
        let worked = await effort.run { show(try await session.long { try $0.lookAgain() }) }
        if worked { await go() }
    }

    /// Stops at once; the fetch can go on later.
    public func stop() {
        guard !isOver, let session else { return }
        isStopped = true
        session.instant { $0.stop() }
        loop?.cancel()
        stage = .paused(notebook.words(.fetchPaused))
    }

    /// Ends the fetch for good. Nothing is filed, and the consent is spent.
    public func cancel() async {
        guard let session, !isOver else { return }
        stop()
        await loop?.value
        await effort.run {
            var after = try await session.quick { try $0.cancel() }
            // The relay is told to forget; without a network it forgets by itself. The first step may only take note that
            // it was stopped before.
            for _ in 0..<2 where !after.step.isLast {
                guard case .exchange = after.step, let next = try? await session.long({ try $0.advance() }) else {
                    break
                }
                after = next
            }
            show(after)
            if !isOver { stage = .ended(Problem(kind: "cancelled", what: notebook.words(.fetchEnded), todo: "")) }
        }
        await notebook.hasChanged()
    }

    private func show(_ state: FetchState) {
        roundText = state.roundText
        address = nil
        // A step that was on its way when the person stopped does not bring its screen back.
        if isStopped, !state.step.isLast { return }
        switch state.step {
        case .exchange: stage = .working(state.milestoneText)
        case .browse(let url, let text):
            address = URL(string: url)
            stage = .browse(text)
        case .confirm(_, let text): stage = .question(text)
        case .wait(_, let text): stage = .waiting(text)
        case .done(let digest): stage = .done(DigestState(digest))
        case .ended(let kind, let what, let todo, _): stage = .ended(Problem(kind: kind, what: what, todo: todo))
        }
    }

    private func profile() throws -> String {
        guard let profile = notebook.platform.profile() else {
            throw Said(kind: "no_relay", what: .noRelay, todo: .addRelay)
        }
        return profile
    }
}

extension FetchStep {
    var isLast: Bool {
        switch self {
        case .done, .ended: true
        default: false
        }
    }
}
