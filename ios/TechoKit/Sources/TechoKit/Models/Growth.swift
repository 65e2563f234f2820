// How a child grows: the child's own values in front of the curves of a reference. The core reads every value and gives the
// curves as fractions of the plot; the shell draws.
import Foundation
import Observation
import TechoCore

/// Whose curves.
public enum GrowthReference: String, CaseIterable, Sendable {
    /// The Japanese figures that have the measure.
    case japanese
    case survey2023 = "2023"
    case reference2000 = "2000"
    case who

    var inCore: String? { self == .japanese ? nil : rawValue }

    var phrase: Phrase {
        switch self {
        case .japanese: .referenceJapanese
        case .survey2023: .reference2023
        case .reference2000: .reference2000
        case .who: .referenceWho
        }
    }
}

/// One curve, as fractions of the plot.
public struct CurveState: Identifiable, Equatable, Sendable {
    public struct Place: Equatable, Sendable {
        public let x: Double
        public let y: Double
    }

    public let id: Int
    /// Which percentile.
    public let name: String
    public let isMiddle: Bool
    /// Whether a line may join its points; else they are dots, because nothing is known between them.
    public let isJoined: Bool
    public let places: [Place]

    init(_ number: Int, _ curve: GrowthCurve) {
        (id, name, isMiddle, isJoined) = (number, curve.name, curve.isMiddle, curve.joined)
        places = zip(curve.x, curve.y).map { Place(x: $0, y: $1) }
    }
}

/// One value, and where it stands.
public struct GrownState: Identifiable, Equatable, Sendable {
    public let id: Int
    /// The record, or the day of samples.
    public let record: String
    public let dateText: String?
    public let ageText: String
    public let valueText: String
    public let placeText: String
    /// By the corrected age: with a ring.
    public let isCorrected: Bool
    /// 肥満度 with its band.
    public let obesityText: String?
}

/// One measure: its chart, the curves behind it, and every value in words.
public struct GrowthChartState: Identifiable, Equatable, Sendable {
    /// The measure.
    public let id: String
    public let chart: ChartState
    public let curves: [CurveState]
    /// What is written along the ages.
    public let along: String
    /// Whose curves, with the edition: shown wherever the chart is.
    public let edition: String
    public let rows: [GrownState]
    /// The records that were placed by the corrected age.
    private let ringed: Set<String>

    init(_ number: Int, _ view: GrowthChart) {
        (id, along, edition) = (view.measure, view.along, view.edition)
        chart = ChartState(number, view.chart)
        curves = view.curves.enumerated().map { CurveState($0.offset, $0.element) }
        rows = view.rows.enumerated().map { place, row in
            GrownState(
                id: place, record: row.record, dateText: row.date, ageText: row.ageText,
                valueText: Formatting.value(row.value, unit: row.unit), placeText: row.placeText,
                isCorrected: row.corrected, obesityText: row.obesityText)
        }
        ringed = Set(view.rows.filter(\.corrected).map(\.record))
    }

    /// Whether this point was placed by the corrected age.
    public func isRinged(_ point: ChartState.Point) -> Bool { ringed.contains(point.record) }
}

@MainActor @Observable public final class GrowthModel {
    public private(set) var charts: [GrowthChartState] = []
    /// Whose figures, how the age was counted, what is not known.
    public private(set) var notes: [String] = []
    public var reference = GrowthReference.japanese
    /// Whether the age of a child born early is counted from the day it was due.
    public var isCorrected = true
    /// Whether that makes a difference for this child.
    public private(set) var canCorrect = false
    public private(set) var isRead = false
    public let effort: Effort
    public let personID: String

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook, personID: String) {
        self.notebook = notebook
        self.personID = personID
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run {
            let (person, reference, isCorrected) = (personID, reference, isCorrected)
            let view = try await notebook.vault.quick {
                try $0.growth(person: person, reference: reference.inCore, corrected: isCorrected)
            }
            charts = view.charts.enumerated().map { GrowthChartState($0.offset, $0.element) }
            (notes, isRead) = (view.notes, true)
            if charts.contains(where: { $0.rows.contains(where: \.isCorrected) }) { canCorrect = true }
        }
    }

    public var isEmpty: Bool { isRead && charts.isEmpty }

    /// A reference by its name.
    public func name(of reference: GrowthReference) -> String { notebook.words(reference.phrase) }

    public var isHidden: Bool { notebook.veil.hides("growth:\(personID)") }

    /// Shows the hidden charts.
    public func reveal() { notebook.veil.lift("growth:\(personID)") }
}
