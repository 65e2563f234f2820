// Draws a chart from fractions. High and low are told by shape as well as by colour, and VoiceOver reads every point.
import SwiftUI
import TechoKit

struct ChartCanvas: View {
    let chart: ChartState

    var body: some View {
        VStack(alignment: .leading) {
            Text(chart.title).font(.headline)
            GeometryReader { space in
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
                    ChartLineShape(line: line, size: space.size)
                }
            }
            .frame(height: 180)
            .overlay(alignment: .leading) { upwards }
            HStack {
                ForEach(chart.across) { tick in
                    Text(tick.text).font(.caption2)
                    if tick.id != chart.across.last?.id { Spacer() }
                }
            }
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

    var body: some View {
        ZStack {
            Path { path in
                path.addLines(line.points.map { place($0.x, $0.y) })
            }
            .stroke(.tint, style: StrokeStyle(lineWidth: 2, lineJoin: .round))
            ForEach(line.points) { point in
                Image(systemName: MarkSymbol.name(point.mark))
                    .font(.caption)
                    .position(place(point.x, point.y))
                    .accessibilityLabel(point.spoken)
            }
        }
    }

    private func place(_ x: Double, _ y: Double) -> CGPoint {
        CGPoint(x: x * size.width, y: (1 - y) * size.height)
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
