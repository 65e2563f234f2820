// The family: who is in the notebook, and adding somebody.
import Foundation
import Observation
import TechoCore

/// What is typed about a new person.
public struct PersonForm: Equatable, Sendable {
    public enum Gender: CaseIterable, Sendable { case female, male }

    public var name = ""
    public var kana = ""
    /// As in `1980-05-03`.
    public var born = ""
    /// Not chosen for the person.
    public var gender: Gender?
    /// How long the pregnancy lasted, where somebody wants to say it: `32w3d`.
    public var gestation = ""

    public init(name: String = "", kana: String = "", born: String = "", gender: Gender? = nil) {
        self.name = name
        self.kana = kana
        self.born = born
        self.gender = gender
    }

    /// What is missing, in words. Whether a birthday exists is the core's to say.
    public func missing(_ words: Words) -> String? {
        if name.allSatisfy(\.isWhitespace) { return words(.nameMissing) }
        if born.isEmpty { return words(.bornMissing) }
        return gender == nil ? words(.genderMissing) : nil
    }

    var newPerson: NewPerson {
        NewPerson(
            name: name, kana: kana.isEmpty ? nil : kana, formerNames: [], born: born,
            sex: gender == .male ? .male : .female,
            gestation: gestation.isEmpty ? nil : gestation)
    }
}

/// One person as a row.
public struct PersonState: Identifiable, Equatable, Sendable {
    public let id: String
    public let name: String
    public let kana: String?
    public let aboutText: String
    public let recordsText: String
    public let spoken: String

    init(_ person: PersonView, _ words: Words) {
        id = person.id
        name = person.name
        kana = person.kana
        aboutText = [person.bornText, person.sexText].filter { !$0.isEmpty }.joined(separator: words(.separator))
        recordsText = words.records(person.records)
        spoken = [name, aboutText, recordsText].joined(separator: words(.pause))
    }
}

@MainActor @Observable public final class PeopleModel {
    public private(set) var people: [PersonState] = []
    public var form = PersonForm()
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run { try await read() }
    }

    /// Adds who is in `form`.
    /// - Returns: whether it worked; the form is empty again then.
    @discardableResult
    public func add() async -> Bool {
        await effort.run {
            if let missing = form.missing(notebook.words) { throw Missing(what: missing) }
            let person = form.newPerson
            let added: PersonView
            do {
                added = try await notebook.vault.quick { try $0.addPerson(person: person) }
            } catch TechoError.PersonInvalid(let field) where field == "gestation" {
                throw Missing(what: notebook.words(.gestationUnclear))
            }
            form = PersonForm()
            notebook.personID = added.id
            await notebook.hasChanged()
            try await read()
        }
    }

    /// Shows only this person's records, or everybody's.
    public func choose(_ id: String?) { notebook.personID = id }

    /// Somebody by their id.
    public func person(_ id: String) -> PersonState? { people.first { $0.id == id } }

    public var chosen: String? { notebook.personID }

    private func read() async throws {
        let words = notebook.words
        people = try await notebook.vault.quick { try $0.people().map { PersonState($0, words) } }
    }
}

/// Something a form still lacks, already in words.
struct Missing: Error {
    let what: String
}
