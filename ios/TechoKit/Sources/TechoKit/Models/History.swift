// A value over the years. The core gives the chart as fractions of the plot, and its text alternative; the shell draws.
import Foundation
import Observation
import TechoCore

/// A quantity there is a history of.
public struct QuantityState: Identifiable, Equatable, Sendable {
    public let id: String
    public let name: String
    public let pointsText: String
}

/// One chart. Places are fractions of the plot, from the lower left.
public struct ChartState: Identifiable, Equatable, Sendable {
    public struct Point: Identifiable, Equatable, Sendable {
        public let id: String
        public let record: String
        public let x: Double
        public let y: Double
        public let dateText: String
        public let valueText: String
        /// Above or below what the document itself gives as the usual range; told by shape, not by colour alone.
        public let mark: Mark?
        /// What VoiceOver reads.
        public let spoken: String
    }

    public enum Mark: Equatable, Sendable { case high, low, abnormal }

    public struct Band: Equatable, Sendable {
        public let bottom: Double
        public let top: Double
        public let text: String
    }

    public struct Line: Identifiable, Equatable, Sendable {
        public let id: Int
        public let name: String
        public let points: [Point]
    }

    public struct Row: Identifiable, Equatable, Sendable {
        public let id: Int
        public let lineName: String
        public let dateText: String
        public let valueText: String
        public let mark: Mark?
        /// The day of samples, where it was measured at home.
        public let dayID: String?
    }

    public struct Tick: Identifiable, Equatable, Sendable {
        public let id: Int
        public let at: Double
        public let text: String
    }

    public let id: Int
    public let title: String
    /// The text alternative.
    public let summary: String
    public let lines: [Line]
    /// The usual range, where all values are judged by one.
    public let band: Band?
    /// What has to be known to read it.
    public let notes: [String]
    /// Every value, also those that cannot be drawn.
    public let rows: [Row]
    public let across: [Tick]
    public let upwards: [Tick]

    init(_ number: Int, _ view: ChartView) {
        id = number
        title = [view.title, view.unit.map { "(\($0))" }].compactMap { $0 }.joined(separator: " ")
        summary = view.summary
        lines = view.lines.enumerated().map { place, line in
            Line(
                id: place, name: line.name,
                points: line.points.enumerated().map { Self.point($0.offset, $0.element) })
        }
        band = view.band.map { Band(bottom: $0.bottom, top: $0.top, text: $0.text) }
        notes = view.notes
        rows = view.rows.enumerated().map { place, row in
            Row(
                id: place, lineName: row.line, dateText: row.dateText,
                valueText: Formatting.value(row.value, unit: row.unit), mark: Mark(row.mark),
                dayID: row.isDay ? row.record : nil)
        }
        across = Self.ticks(view.xTicks)
        upwards = Self.ticks(view.yTicks)
    }

    private static func point(_ place: Int, _ point: ChartPoint) -> Point {
        Point(
            id: "\(point.record)#\(place)", record: point.record, x: point.x, y: point.y, dateText: point.dateText,
            valueText: point.value, mark: Mark(point.mark), spoken: point.text)
    }

    private static func ticks(_ ticks: [ChartTick]) -> [Tick] {
        ticks.enumerated().map { Tick(id: $0.offset, at: $0.element.at, text: $0.element.text) }
    }
}

extension ChartState.Mark {
    init?(_ mark: ChartMark?) {
        switch mark {
        case .high: self = .high
        case .low: self = .low
        case .abnormal: self = .abnormal
        case nil: return nil
        }
    }
}

@MainActor @Observable public final class HistoryModel {
    public private(set) var quantities: [QuantityState] = []
    public private(set) var charts: [ChartState] = []
    /// The quantity that is shown.
    public private(set) var asked: String?
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    public let personID: String

    public init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run {
            let (person, words) = (personID, notebook.words)
            let found = try await notebook.vault.quick { try $0.quantities(person: person) }
            quantities = found.map {
                QuantityState(
                    id: $0.key, name: Formatting.value($0.name, unit: $0.unit.map { "(\($0))" }),
                    pointsText: words.points(UInt64($0.points)))
            }
        }
    }

    /// Shows the history of a quantity, by its key or by what a person calls it.
    public func show(_ asked: String) async {
        await effort.run {
            let person = personID
            let views = try await notebook.vault.quick { try $0.history(person: person, asked: asked) }
            self.asked = asked
            charts = views.enumerated().map { ChartState($0.offset, $0.element) }
        }
    }

    /// What is shown stands by days: it was measured at home.
    public var isByDays: Bool { charts.contains { $0.rows.contains { $0.dayID != nil } } }

    public var isHidden: Bool { asked.map { notebook.veil.hides("history:\(personID):\($0)") } ?? false }

    /// Shows the hidden chart.
    public func reveal() {
        if let asked { notebook.veil.lift("history:\(personID):\(asked)") }
    }
}
