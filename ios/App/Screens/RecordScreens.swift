// An event with its records, one record with its source, and the history of a value.
import SwiftUI
import TechoKit

struct EventScreen: View {
    @State var model: EventModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

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
            Section {
                NavigationLink(words(.explain)) {
                    ExplainScreen(model: ExplainModel(notebook, id: model.id), notebook: notebook)
                }
                if model.hasLinks {
                    NavigationLink(words(.sameEvent)) {
                        LinksScreen(model: LinksModel(notebook, event: model.id), notebook: notebook)
                    }
                }
                NavigationLink(words(.changes)) {
                    ChangesScreen(model: ChangesModel(notebook, of: model.id), notebook: notebook)
                }
                decision(words(.remove), .remove)
                decision(words(.hide), .hide)
                decision(words(.markSensitive), .markSensitive)
            }
        }
        .navigationTitle(model.row?.title ?? "")
        .task(id: notebook.edition) { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }

    private func decision(_ name: String, _ decision: DecideModel.Decision) -> some View {
        NavigationLink(name) { DecideScreen(model: DecideModel(notebook, decision, .event(model.id))) }
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
                    if record.isKeptHidden { Text(words(.isHiddenRecord)) }
                    if let sensitive = record.sensitiveText { Label(sensitive, systemImage: "hand.raised") }
                }
                written(record)
                Section(words(.details)) {
                    ForEach(record.details) { detail in
                        LabeledContent(detail.label, value: model.isHidden ? words(.hidden) : detail.text)
                    }
                }
                NavigationLink(words(.explain)) {
                    ExplainScreen(model: ExplainModel(notebook, id: model.id), notebook: notebook)
                }
                Section {
                    Button(words(.shareOriginal)) {
                        Task { await model.shareOriginal() }
                    }
                    NavigationLink(words(.erase)) {
                        EraseScreen(model: EraseModel(notebook, .document(record.document)))
                    }
                }
                decisions(record)
            }
        }
        .navigationTitle(words(.record))
        .task(id: notebook.edition) { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }

    /// Who wrote or changed it by hand, the way to what it stands in the place of, and documents beside it.
    @ViewBuilder private func written(_ record: RecordState) -> some View {
        if let written = record.writtenText {
            Section {
                Text(written)
                if let reason = record.writtenReason {
                    VeiledText(id: record.id, text: reason, veil: notebook.veil)
                }
                if let other = record.other, let text = record.otherText {
                    NavigationLink(text) {
                        RecordScreen(model: RecordModel(notebook, id: other), notebook: notebook)
                    }
                }
            }
        }
        ForEach(record.attached) { attached in
            Button(attached.title, systemImage: "paperclip") {
                guard let document = attached.document else { return }
                Task { await model.share(document) }
            }
        }
    }

    @ViewBuilder private func decisions(_ record: RecordState) -> some View {
        Section {
            NavigationLink(words(.correct)) {
                WriteScreen(model: WriteModel(notebook, .correct(record: model.id)), notebook: notebook)
            }
            NavigationLink(words(.attach)) { AttachScreen(model: AttachModel(notebook, record: model.id)) }
            NavigationLink(words(.changes)) {
                ChangesScreen(model: ChangesModel(notebook, of: model.id), notebook: notebook)
            }
            if record.isKeptHidden {
                decision(words(.showAgain), .show)
            } else {
                decision(words(.remove), .remove)
                decision(words(.hide), .hide)
            }
            if record.isMarkedSensitive {
                decision(words(.unmark), .unmark)
            } else {
                decision(words(.markSensitive), .markSensitive)
            }
        }
    }

    private func decision(_ name: String, _ decision: DecideModel.Decision) -> some View {
        NavigationLink(name) { DecideScreen(model: DecideModel(notebook, decision, .record(model.id))) }
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
            if model.isByDays, let asked = model.asked {
                NavigationLink(words(.days)) {
                    DaysScreen(
                        model: DaysModel(notebook, personID: model.personID, quantity: asked), notebook: notebook)
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
