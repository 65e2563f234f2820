// What is to be shown at a visit: an occasion or own items, and for whom. The same choice makes the screen for a doctor and the
// report that is handed over.
import Foundation
import Observation
import TechoCore

/// What was chosen to be shown.
public struct ClinicForm: Equatable, Sendable {
    /// The occasion; `nil` where the items say it all.
    public var occasion: String?
    /// Parts in the place of the occasion's.
    public var items: Set<String> = []
    /// Only from this day, as in `2026-05-03`; empty is what the occasion says.
    public var from = ""
    public var until = ""
    /// What is sensitive is shown only by this choice.
    public var showsSensitive = false
    /// The language for who is shown it; whoever holds the phone may speak another.
    public var language: Language

    public init(language: Language) { self.language = language }

    /// What is missing, in words.
    public func missing(_ words: Words) -> String? {
        occasion == nil && items.isEmpty ? words(.chooseOccasion) : nil
    }

    func choice(of person: String, _ now: Date, in language: Language? = nil) -> ClinicChoice {
        ClinicChoice(
            person: person, occasion: occasion, items: items.sorted(), from: Self.day(from), until: Self.day(until),
            sensitive: showsSensitive, language: language ?? self.language, today: Formatting.day(now))
    }

    private static func day(_ text: String) -> String? {
        let bare = text.trimmingCharacters(in: .whitespaces)
        return bare.isEmpty ? nil : bare
    }
}

/// What there is to choose from.
@MainActor @Observable public final class ClinicOffer {
    public let occasions: [ChoiceState]
    public let parts: [ChoiceState]
    /// The quantities of which this person has values.
    public private(set) var quantities: [ChoiceState] = []

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let personID: String

    init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        let language = notebook.words.language
        occasions = clinicOccasions(language: language).map { ChoiceState(id: $0.id, name: $0.name) }
        parts = clinicParts(language: language).map { ChoiceState(id: $0.id, name: $0.name) }
    }

    func load() async throws {
        let person = personID
        let known = try await notebook.vault.quick { try $0.quantities(person: person) }
        // The others are lines of one sender's own code, or of days at home: no quantity that can be asked for by name.
        quantities = known.filter { $0.key.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") } }
            .map { ChoiceState(id: $0.key, name: $0.name) }
    }
}

/// The choice before a showing.
@MainActor @Observable public final class ClinicModel {
    /// After how long a showing ends by itself.
    public nonisolated static let minutes: [UInt32] = [3, 5, 10]

    public var form: ClinicForm
    public var minutes: UInt32 = 5
    /// Whether values stay covered until they are touched.
    public var guardsValues = true
    public let offer: ClinicOffer
    public let effort: Effort
    public let personID: String

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let app: TechoModel

    public init(_ app: TechoModel, _ notebook: Notebook, personID: String) {
        self.app = app
        self.notebook = notebook
        self.personID = personID
        form = ClinicForm(language: notebook.words.language)
        offer = ClinicOffer(notebook, personID: personID)
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run { try await offer.load() }
    }

    public var missing: String? { form.missing(notebook.words) }

    /// Asks who it is, has it written down, and only then shows it. Whatever fails before that leaves nothing on the screen.
    public func show() async {
        guard missing == nil else { return }
        await effort.run {
            try await notebook.presence.confirm(.showReason)
            let showing = try await ShowingModel.begin(
                notebook, personID: personID, form: form, minutes: minutes, guardsValues: guardsValues)
            // Leaving the app may have locked the notebook while it was asked.
            guard await app.show(showing) else { throw TechoError.Locked }
        }
    }
}

/// The report for a visit: one page file that prints by itself, made of the same choice.
@MainActor @Observable public final class ReportModel {
    public var form: ClinicForm
    public let offer: ClinicOffer
    public private(set) var doneText: String?
    public let effort: Effort
    public let personID: String

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        form = ClinicForm(language: notebook.words.language)
        offer = ClinicOffer(notebook, personID: personID)
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run { try await offer.load() }
    }

    public var missing: String? { form.missing(notebook.words) }

    /// An open file can be read by whoever finds it.
    public var warning: String { notebook.words(.openFileWarning) }

    public func make(_ way: WayOut) async {
        await write { [notebook] file in await handOver(file, way, notebook.platform) }
    }

    public func print() async {
        await write { [notebook] file in
            defer { Outbox.remove(file) }
            guard let page = try? String(contentsOf: file, encoding: .utf8) else { return false }
            return await notebook.platform.press.print(page: page)
        }
    }

    private func write(_ handing: @MainActor (URL) async -> Bool) async {
        guard missing == nil else { return }
        doneText = nil
        await effort.run {
            try await notebook.presence.confirm(.exportReason)
            let now = notebook.platform.clock.now()
            let (choice, outbox) = (form.choice(of: personID, now), notebook.platform.outbox)
            let name = "techo-report-\(Formatting.fileDay(now)).html"
            let (file, text) = try await notebook.vault.quick { vault in
                let file = try Outbox.fresh(name, in: outbox)
                do {
                    return (file, try vault.report(choice: choice, out: file.path).text)
                } catch {
                    Outbox.remove(file)
                    throw error
                }
            }
            if await handing(file) { doneText = text }
            await notebook.hasChanged()
        }
    }
}
