// QR codes that are shown one after the other: a medicine notebook for a pharmacy, a summary for a clinic. The core makes the
// squares and has it written down; this turns the pages.
import Foundation
import Observation
import TechoCore

/// One code, as squares.
public struct CodeState: Identifiable, Equatable, Sendable {
    /// A run of dark squares in a row.
    public struct Run: Equatable, Sendable {
        public let row: Int
        public let from: Int
        public let length: Int
    }

    public let id: Int
    /// Which of them it is.
    public let text: String
    /// Squares on one side, with the empty border that a code needs.
    public let side: Int
    /// The dark squares, as runs: neighbours are one rectangle, so that no hairline parts them.
    public let runs: [Run]

    init(_ place: Int, _ code: CodeSquares) {
        let squares = Array(code.squares)
        // As many squares as it says, or none are drawn.
        (id, text, side) = (place, code.text, squares.count == Int(code.side) * Int(code.side) ? Int(code.side) : 0)
        var runs: [Run] = []
        for row in 0..<side {
            var from: Int?
            for column in 0...side {
                let isDark = column < side && squares[row * side + column] == 1
                if isDark, from == nil { from = column }
                if !isDark, let start = from {
                    runs.append(Run(row: row, from: start, length: column - start))
                    from = nil
                }
            }
        }
        self.runs = runs
    }
}

/// Codes that belong together, in turn.
@MainActor @Observable public final class CodesTurn {
    /// For how many seconds each is on the screen.
    public nonisolated static let seconds = 2

    public let title: String
    public let codes: [CodeState]
    /// How many codes and records.
    public let text: String
    /// That they are not all there is.
    public let note: String
    public private(set) var place = 0
    public private(set) var isPaused = false

    init(_ view: CodesView) {
        (title, text, note) = (view.title, view.text, view.note)
        codes = view.codes.enumerated().map { CodeState($0.offset, $0.element) }
    }

    public var current: CodeState? { codes.indices.contains(place) ? codes[place] : nil }

    /// The time of one code is over.
    public func tick() {
        if !isPaused { step(1) }
    }

    /// Stays with this one, or goes on.
    public func pause() { isPaused.toggle() }

    /// To the next or the one before, and stays there.
    public func turn(_ by: Int) {
        isPaused = true
        step(by)
    }

    private func step(_ by: Int) {
        guard !codes.isEmpty else { return }
        place = (place + by + codes.count) % codes.count
    }
}

/// Making codes of one person's records.
@MainActor @Observable public final class CodesModel {
    public enum Kind: CaseIterable, Sendable {
        /// お薬手帳 for a pharmacy (JAHIS).
        case jahis
        /// A patient summary for a clinic.
        case ips
    }

    public var kind = Kind.jahis
    /// Only from this day, as in `2026-05-03`; empty is everything.
    public var from = ""
    public var until = ""
    public var showsSensitive = false
    /// What could not be in them or was held back, and who can read them: for the person, before they are shown.
    public private(set) var remarks: [String] = []
    public private(set) var turn: CodesTurn?
    /// They are on the screen.
    public private(set) var isShown = false
    public let effort: Effort
    public let personID: String

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        effort = Effort(notebook.words)
    }

    /// Asks who it is, and has them made. They are not on the screen yet.
    public func make() async {
        (turn, remarks, isShown) = (nil, [], false)
        await effort.run {
            try await notebook.presence.confirm(.codesReason)
            let (person, from, until, sensitive) = (personID, day(from), day(until), showsSensitive)
            let form: CodesForm = kind == .jahis ? .jahis : .ips
            let view = try await notebook.vault.long {
                try $0.codes(person: person, form: form, from: from, until: until, sensitive: sensitive)
            }
            remarks = view.leftOut + [view.warning]
            turn = CodesTurn(view)
        }
    }

    /// Onto the screen, as bright as it goes.
    public func show() {
        guard turn != nil, !isShown, !notebook.isLocked else { return }
        isShown = true
        notebook.platform.lamp.raise()
    }

    /// Off the screen.
    public func close() {
        guard isShown else { return }
        isShown = false
        notebook.platform.lamp.giveBack()
    }

    private func day(_ text: String) -> String? {
        let bare = text.trimmingCharacters(in: .whitespaces)
        return bare.isEmpty ? nil : bare
    }
}
