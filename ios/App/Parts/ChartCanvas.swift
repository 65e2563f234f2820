// Draws a chart from fractions. High and low are told by shape as well as by colour, and VoiceOver reads every point.
import SwiftUI
import TechoKit

struct ChartCanvas: View {
    let chart: ChartState
    /// Of a child: the curves of a reference behind the values, and what else belongs to them.
    var growth: GrowthChartState?

    var body: some View {
        VStack(alignment: .leading) {
            Text(chart.title).font(.headline)
            if let growth { Text(growth.edition).font(.footnote) }
            GeometryReader { space in
                if let growth { CurvesShape(growth: growth, size: space.size) }
                if let band = chart.band {
                    Rectangle()
                        .fill(.secondary.opacity(0.15))
                        .frame(height: max(1, (band.top - band.bottom) * space.size.height))
                        .position(
                            x: space.size.width / 2, y: (1 - (band.top + band.bottom) / 2) * space.size.height
                        )
                        .accessibilityLabel(band.text)
                }
                ForEach(chart.lines) { line in
                    ChartLineShape(line: line, size: space.size, growth: growth)
                }
            }
            .frame(height: growth == nil ? 180 : 300)
            .overlay(alignment: .leading) { upwards }
            HStack {
                ForEach(chart.across) { tick in
                    Text(tick.text).font(.caption2)
                    if tick.id != chart.across.last?.id { Spacer() }
                }
            }
            if let growth { Text(growth.along).font(.caption2).frame(maxWidth: .infinity, alignment: .center) }
            Text(chart.summary).font(.footnote)
            ForEach(chart.notes, id: \.self) { note in Text(note).font(.footnote) }
        }
        .accessibilityElement(children: .contain)
        .accessibilityLabel(chart.summary)
    }

    private var upwards: some View {
        GeometryReader { space in
            ForEach(chart.upwards) { tick in
                Text(tick.text)
                    .font(.caption2)
                    .position(x: 16, y: (1 - tick.at) * space.size.height)
                    .accessibilityHidden(true)
            }
        }
    }
}

/// One line of a chart with its points.
private struct ChartLineShape: View {
    let line: ChartState.Line
    let size: CGSize
    let growth: GrowthChartState?

    var body: some View {
        ZStack {
            Path { path in
                path.addLines(line.points.map { place($0.x, $0.y) })
            }
            .stroke(.tint, style: StrokeStyle(lineWidth: 2, lineJoin: .round))
            ForEach(line.points) { point in
                Image(systemName: symbol(point))
                    .font(.caption)
                    .position(place(point.x, point.y))
                    .accessibilityLabel(point.spoken)
            }
        }
    }

    /// What stands at a corrected age has a ring.
    private func symbol(_ point: ChartState.Point) -> String {
        growth?.isRinged(point) == true ? "circle.circle" : MarkSymbol.name(point.mark)
    }

    private func place(_ x: Double, _ y: Double) -> CGPoint {
        CGPoint(x: x * size.width, y: (1 - y) * size.height)
    }
}

/// The curves of a reference: the middle one stronger, and dots where nothing is known between two of its points.
private struct CurvesShape: View {
    let growth: GrowthChartState
    let size: CGSize

    var body: some View {
        Canvas { context, _ in
            for curve in growth.curves {
                let points = curve.places.map { CGPoint(x: $0.x * size.width, y: (1 - $0.y) * size.height) }
                if curve.isJoined {
                    var path = Path()
                    path.addLines(points)
                    context.stroke(path, with: .color(.secondary), lineWidth: curve.isMiddle ? 2 : 0.75)
                } else {
                    let radius = curve.isMiddle ? 2.5 : 1.5
                    for point in points {
                        let dot = CGRect(
                            x: point.x - radius, y: point.y - radius, width: 2 * radius, height: 2 * radius)
                        context.fill(Path(ellipseIn: dot), with: .color(.secondary))
                    }
                }
                if let end = points.last {
                    context.draw(
                        Text(curve.name).font(.caption2).foregroundStyle(.secondary), at: end, anchor: .bottomTrailing)
                }
            }
        }
        // The words beside the chart say where each value stands.
        .accessibilityHidden(true)
    }
}

/// How a value outside its range is told without colour.
enum MarkSymbol {
    static func name(_ mark: ChartState.Mark?) -> String {
        switch mark {
        case .high: "arrowtriangle.up.fill"
        case .low: "arrowtriangle.down.fill"
        case .abnormal: "diamond.fill"
        case nil: "circle.fill"
        }
    }
}
