// Plays a scenario with the view models, as the views do: what a person sees is what the models show. A verb or an argument
// that is not known here fails the scenario.
import Foundation

@testable import TechoKit

@MainActor final class Player {
    /// What is seen after a step.
    struct Seen {
        var lines: [String] = []
        var problem: Problem?
    }

    let phone: Phone
    let language: Language
    let town: Town?
    var app: TechoModel
    /// The notebook that was open last. Its screens may still be there when it was locked.
    var notebook: Notebook?
    var passphrase = ""
    var kitCode: String?
    var backup: URL?
    /// The last list a record can be opened from: title, and the id of a record or an event.
    var listed: [(title: String, document: String, record: String?, event: String?)] = []
    var restores = 0
    /// The records' file as it was when the notebook was opened last.
    var recordsBefore: Data?
    /// Who was asked about, by name.
    private var known: [String: String] = [:]
    private var presenceWatcher: Task<Void, Never>?

    init(_ scenario: Scenario) async throws {
        phone = try Phone()
        language = scenario.language == "en" ? .english : .japanese
        let unknown = scenario.needs.filter { $0 != "town" }
        guard unknown.isEmpty else { throw Unplayable.said("needs \(unknown)") }
        town = scenario.needs.contains("town") ? try Town() : nil
        phone.profile = town?.profile
        app = await phone.app(language)
    }

    func play(_ scenario: Scenario) async throws {
        for (number, step) in scenario.step.enumerated() {
            let seen = try await play(step)
            let place = "step \(number + 1) (\(step.verb))"
            let text = seen.lines.joined(separator: "\n")
            if step.fails != seen.problem?.kind {
                throw Unplayable.said(
                    "\(place): \(seen.problem.map { "failed: \($0.kind) \($0.what)" } ?? "did not fail with \(step.fails ?? "")")"
                )
            }
            for wanted in step.sees where !seen.lines.contains(where: { $0.contains(wanted) }) {
                throw Unplayable.said("\(place): not seen: \(wanted)\nseen:\n\(text)")
            }
            for unwanted in step.seesNot where seen.lines.contains(where: { $0.contains(unwanted) }) {
                throw Unplayable.said("\(place): seen, and should not be: \(unwanted)\nseen:\n\(text)")
            }
        }
        let (_, _, onMain) = phone.watch.sum
        guard onMain == 0 else { throw Unplayable.said("\(onMain) calls on the main thread") }
    }

    // MARK: What verbs share

    /// What an effort left: its fault, or the lines.
    func seen(_ effort: Effort, _ lines: @autoclosure () -> [String]) -> Seen {
        if let problem = effort.problem { return Seen(lines: [problem.what, problem.todo], problem: problem) }
        return Seen(lines: lines())
    }

    func opened() throws -> Notebook {
        guard let notebook else { throw Unplayable.said("no notebook was opened yet") }
        return notebook
    }

    func unlocking() throws -> Unlock {
        guard case .locked(let unlock) = app.place else { throw Unplayable.said("the notebook is not locked") }
        return unlock
    }

    /// After a key was tried: the notebook that is open now, or the fault.
    func afterOpening(_ effort: Effort) -> Seen {
        if let open = app.notebook {
            notebook = open
            recordsBefore = try? Data(contentsOf: records())
            watchPresence(open)
        }
        return seen(effort, [])
    }

    /// Types the passphrase whenever it is asked for in the middle of something, as the person would.
    private func watchPresence(_ notebook: Notebook) {
        presenceWatcher?.cancel()
        presenceWatcher = Task { [weak self] in
            while !Task.isCancelled {
                if notebook.presence.isAsking, !notebook.presence.effort.isBusy, let self {
                    await notebook.presence.answer(passphrase)
                }
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    func end() {
        presenceWatcher?.cancel()
    }

    func person(_ name: String?) async throws -> String? {
        guard let name else { return nil }
        let people = PeopleModel(try opened())
        await people.load()
        guard let found = people.people.first(where: { $0.name == name }) else {
            // A locked notebook says so by itself; the screen that is open still knows whose it is.
            if people.effort.problem != nil { return known[name] }
            throw Unplayable.said("nobody is called \(name)")
        }
        known[name] = found.id
        return found.id
    }

    /// A file of the epoch that the vault is in.
    func file(_ name: String) throws -> URL {
        let current = try String(contentsOf: phone.home.appendingPathComponent("CURRENT"), encoding: .utf8)
        guard let epoch = current.split(whereSeparator: \.isNewline).last else { throw Unplayable.said("no epoch") }
        return phone.home.appendingPathComponent(String(epoch)).appendingPathComponent(name)
    }

    func records() throws -> URL { try file("vault") }
}

extension RecordState {
    /// Everything a screen shows of it.
    var lines: [String] {
        [title, valueText, dateText, kindName, personName, source, standing].compactMap { $0 }
            + [sensitiveText, writtenText, writtenReason, otherText].compactMap { $0 } + attached.map(\.title)
            + details.map { "\($0.label) \($0.text)" }
    }
}
