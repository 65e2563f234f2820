// An event with its records, one record with its source, and the history of a value.
import SwiftUI
import TechoKit

struct EventScreen: View {
    @State var model: EventModel
    let notebook: Notebook

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            ForEach(model.records) { record in
                NavigationLink {
                    RecordScreen(model: RecordModel(notebook, id: record.id), notebook: notebook)
                } label: {
                    RecordRow(record: record, veil: notebook.veil)
                }
                .task {
                    if model.hasMore, record.id == model.records.last?.id { await model.loadMore() }
                }
            }
        }
        .navigationTitle(model.row?.title ?? "")
        .task { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }
}

struct RecordScreen: View {
    @State var model: RecordModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            if let record = model.record {
                Section {
                    Text(record.title).font(.title2)
                    if let value = record.valueText {
                        VeiledText(id: record.id, text: value, veil: notebook.veil).font(.title)
                    }
                    LabeledContent(record.kindName, value: record.dateText)
                    if let source = record.source { LabeledContent(words(.source), value: source) }
                    if !record.isUnderstood { Text(record.standing ?? words(.notUnderstood)) }
                }
                Section(words(.details)) {
                    ForEach(record.details) { detail in
                        LabeledContent(detail.label, value: model.isHidden ? words(.hidden) : detail.text)
                    }
                }
                Section {
                    Button(words(.shareOriginal)) {
                        Task { await model.shareOriginal() }
                    }
                    NavigationLink(words(.erase)) {
                        EraseScreen(model: EraseModel(notebook, .document(record.document)))
                    }
                }
            }
        }
        .navigationTitle(words(.record))
        .task { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }
}

struct HistoryScreen: View {
    @State var model: HistoryModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            if model.quantities.isEmpty, !model.effort.isBusy { Text(words(.noQuantities)) }
            if model.asked != nil {
                Section {
                    if model.isHidden {
                        Button(words(.hiddenHint)) { model.reveal() }
                    } else {
                        ForEach(model.charts) { chart in
                            ChartCanvas(chart: chart)
                            DisclosureGroup(words(.details)) { values(chart) }
                        }
                    }
                }
            }
            Section(words(.quantities)) {
                ForEach(model.quantities) { quantity in
                    Button {
                        Task { await model.show(quantity.id) }
                    } label: {
                        LabeledContent(quantity.name, value: quantity.pointsText)
                    }
                }
            }
        }
        .navigationTitle(words(.history))
        .task { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }

    /// Every value as a line of text, for those who would rather read than look.
    private func values(_ chart: ChartState) -> some View {
        ForEach(chart.rows) { row in
            LabeledContent {
                Label(row.valueText, systemImage: MarkSymbol.name(row.mark))
            } label: {
                Text(row.dateText)
                Text(row.lineName).font(.footnote)
            }
        }
    }
}

struct EraseScreen: View {
    @State var model: EraseModel
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            if let done = model.doneText {
                Text(done)
            } else if let warning = model.warning {
                Section {
                    Text(warning)
                    Text(words(.eraseForGood)).font(.headline)
                    Button(words(.erase), role: .destructive) {
                        Task { await model.erase() }
                    }
                    .disabled(model.effort.isBusy)
                }
            }
        }
        .navigationTitle(words(.erase))
        .task { await model.load() }
    }
}
