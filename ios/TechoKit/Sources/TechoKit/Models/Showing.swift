// A showing: the screen that somebody else may look at, and nothing beside it. It is in the ledger before anything is seen, and it
// ends by itself: after the chosen minutes, when the phone is laid on its face, when the app is left, with the way back. After it
// the notebook is locked, so that whoever holds the phone sees no more than was meant for them.
import Foundation
import Observation
import TechoCore

/// One line of the screen for a doctor.
public struct ShownRow: Identifiable, Equatable, Sendable {
    public let id: String
    public let title: String
    public let value: String?
    public let dateText: String?
    public let source: String?
    /// How its values went, where there are several.
    public let chart: ChartState?
}

/// One section.
public struct ShownSection: Identifiable, Equatable, Sendable {
    public let id: String
    public let title: String
    public let rows: [ShownRow]
    /// That nothing is on record, that there is more, that something was left out.
    public let notes: [String]
}

/// The screen for a doctor, in one language.
public struct ShownScreen: Equatable, Sendable {
    public let name: String
    public let kana: String?
    /// Date of birth and sex.
    public let aboutText: String
    public let title: String
    public let sections: [ShownSection]
    /// When records came in last, and that they may lag.
    public let fetched: String
    /// Said where anything was left out.
    public let leftOut: String?
    /// What the screen is not.
    public let note: String
    /// Whether the QR code of the medicine notebook belongs beside it.
    public let hasCode: Bool

    init(_ screen: ClinicScreen, _ words: Words) {
        (name, kana, title) = (screen.name, screen.kana, screen.title)
        aboutText = [screen.born, screen.sex].joined(separator: words(.separator))
        (fetched, leftOut, note, hasCode) = (screen.fetched, screen.leftOut, screen.note, screen.code)
        sections = screen.sections.map { part in
            ShownSection(
                id: part.id, title: part.title,
                rows: part.rows.enumerated().map { place, row in
                    ShownRow(
                        id: "\(part.id)#\(place)", title: row.title, value: row.value, dateText: row.date,
                        source: row.source, chart: row.chart.map { ChartState(place, $0) })
                },
                notes: part.notes)
        }
    }
}

@MainActor @Observable public final class ShowingModel {
    /// What is on the screen; `nil` as soon as the showing is over.
    public private(set) var screen: ShownScreen?
    /// The language that is shown now; the doctor may switch it.
    public private(set) var language: Language
    /// Covers every value until it is touched.
    public let veil = Veil()
    /// How many seconds are left.
    public private(set) var secondsLeft: Int
    /// The codes of the medicine notebook, where they belong beside this screen: what it shows and nothing else.
    public private(set) var codes: CodesTurn?
    public let words: Words

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let personID: String
    @ObservationIgnored private let screens: [Language: ShownScreen]
    /// Since when, as the core gave it.
    @ObservationIgnored private let begun: String
    /// Its end is being written down, or was.
    @ObservationIgnored private var ending: Task<Void, Never>?
    @ObservationIgnored private let from: Date
    @ObservationIgnored private let seconds: Double

    private init(
        _ notebook: Notebook, personID: String, begun: String, screens: [Language: ShownScreen], codes: CodesTurn?,
        language: Language, minutes: UInt32, guardsValues: Bool
    ) {
        self.notebook = notebook
        self.personID = personID
        self.begun = begun
        self.screens = screens
        self.codes = codes
        self.language = language
        words = notebook.words
        from = notebook.platform.clock.now()
        seconds = Double(minutes) * 60
        secondsLeft = Int(minutes) * 60
        screen = screens[language]
        veil.isOn = guardsValues
    }

    /// Has the showing written down, and reads what is shown. In this order: what is on the screen is in the ledger.
    static func begin(
        _ notebook: Notebook, personID: String, form: ClinicForm, minutes: UInt32, guardsValues: Bool
    ) async throws -> ShowingModel {
        let now = notebook.platform.clock.now()
        let choice = form.choice(of: personID, now)
        let begun = try await notebook.vault.quick { try $0.beginShowing(choice: choice) }
        do {
            var screens: [Language: ShownScreen] = [:]
            for language in [Language.japanese, .english] {
                let asked = form.choice(of: personID, now, in: language)
                let words = Words(language)
                screens[language] = try await notebook.vault.quick { ShownScreen(try $0.clinic(choice: asked), words) }
            }
            let codes = screens[form.language]?.hasCode == true ? try await codes(notebook, choice) : nil
            return ShowingModel(
                notebook, personID: personID, begun: begun, screens: screens, codes: codes, language: form.language,
                minutes: minutes, guardsValues: guardsValues)
        } catch {
            // Nothing was seen, and the ledger says that it is over.
            try? await notebook.vault.quick { try $0.endShowing(person: personID, begun: begun) }
            throw error
        }
    }

    /// Made at once, while the person is known to be here.
    private static func codes(_ notebook: Notebook, _ choice: ClinicChoice) async throws -> CodesTurn? {
        do {
            return CodesTurn(try await notebook.vault.long { try $0.clinicCodes(choice: choice) })
        } catch TechoError.WishInvalid {
            // There is nothing for them, or too much. The screen says all the same what it says.
            return nil
        }
    }

    public var isOver: Bool { screen == nil }

    /// Shows it in the other language.
    public func switchLanguage() {
        guard screen != nil else { return }
        language = language == .japanese ? .english : .japanese
        screen = screens[language]
    }

    /// Uncovers all values of a section.
    public func reveal(_ section: ShownSection) {
        for row in section.rows { veil.lift(row.id) }
    }

    /// Covers every value again.
    public func cover() { veil.draw() }

    /// Looks at the clock. A clock that was set back ends the showing as well.
    /// - Returns: whether the time is over.
    func tick() -> Bool {
        let gone = notebook.platform.clock.now().timeIntervalSince(from)
        secondsLeft = max(0, Int((seconds - gone).rounded(.up)))
        return gone < 0 || gone >= seconds
    }

    /// Lights the screen and watches how the phone lies.
    func appear(_ turned: @escaping @MainActor () -> Void) {
        notebook.platform.lamp.raise()
        notebook.platform.posture.watch(turned)
    }

    /// Takes everything off the screen at once, then has the end written down.
    func end() async {
        (screen, codes) = (nil, nil)
        veil.draw()
        notebook.platform.posture.stop()
        notebook.platform.lamp.giveBack()
        let (notebook, person, begun) = (notebook, personID, begun)
        // Whoever else ends it waits for the same line: the notebook may be locked only behind it.
        let task =
            ending ?? Task { try? await notebook.vault.quick { try $0.endShowing(person: person, begun: begun) } }
        ending = task
        await task.value
    }
}
