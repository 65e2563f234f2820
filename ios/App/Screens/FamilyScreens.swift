// The plan, what is due, growth, what Mynaportal forgets, and a checkup in plain words.
import SwiftUI
import TechoKit

/// A status as a sign; its words stand beside it.
enum StatusSymbol {
    static func name(_ status: DueStatus?) -> String {
        switch status {
        case .done: "checkmark.circle.fill"
        case .due: "calendar.badge.clock"
        case .overdue: "exclamationmark.circle"
        case .tooEarly: "clock.badge.exclamationmark"
        case .upcoming: "calendar"
        case .notSubsidised: "yensign.circle"
        case .notNeeded: "minus.circle"
        case nil: "questionmark.circle"
        }
    }
}

struct PlanScreen: View {
    @State var model: PlanModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            DayField(day: $model.on) { await model.load() }
            EffortSection(effort: model.effort)
            if let text = model.noPlanText { Text(text) }
            ForEach(model.doses) { dose in
                Section { row(dose) }
            }
            if model.hasMore {
                Button(words(.more)) {
                    Task { await model.loadMore() }
                }
            }
            Text(model.note).font(.footnote)
        }
        .navigationTitle(words(.vaccinationPlan))
        .task(id: notebook.edition) { await model.load() }
    }

    @ViewBuilder private func row(_ dose: DoseState) -> some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(dose.title).font(.headline)
            Label(dose.statusText, systemImage: StatusSymbol.name(dose.status))
            Text(dose.daysText).font(.footnote)
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(dose.spoken)
        DisclosureGroup(words(.why)) {
            ForEach(dose.why, id: \.self) { reason in Text(reason) }
            Text(dose.source).font(.footnote)
        }
        if let record = dose.record {
            NavigationLink(words(.record)) {
                RecordScreen(model: RecordModel(notebook, id: record), notebook: notebook)
            }
        }
    }
}

struct DueScreen: View {
    @State var model: DueModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            DayField(day: $model.on) { await model.load() }
            EffortSection(effort: model.effort)
            if model.isRead, model.items.isEmpty { Text(words(.nothingDue)) }
            ForEach(model.items) { item in
                VStack(alignment: .leading, spacing: 2) {
                    Text(item.dateText).font(.footnote)
                    Text(item.title).font(.headline)
                    Label(item.statusText, systemImage: StatusSymbol.name(item.status))
                    if let until = item.untilText { Text(verbatim: "– \(until)").font(.footnote) }
                    Text(item.source).font(.footnote).foregroundStyle(.secondary)
                }
                .accessibilityElement(children: .combine)
                .accessibilityLabel(item.spoken)
            }
            if model.hasMore {
                Button(words(.more)) {
                    Task { await model.loadMore() }
                }
            }
            Text(model.note).font(.footnote)
        }
        .navigationTitle(words(.due))
        .task(id: notebook.edition) { await model.load() }
    }
}

struct GrowthScreen: View {
    @State var model: GrowthModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            Section {
                Picker(words(.reference), selection: $model.reference) {
                    ForEach(GrowthReference.allCases, id: \.self) { reference in
                        Text(model.name(of: reference)).tag(reference)
                    }
                }
                if model.canCorrect {
                    Toggle(words(.correctedAge), isOn: $model.isCorrected)
                    if model.isCorrected { Text(words(.correctedNote)).font(.footnote) }
                }
            }
            EffortSection(effort: model.effort)
            if model.isEmpty { Text(words(.noGrowth)) }
            if model.isHidden, !model.isEmpty {
                Button(words(.hiddenHint)) { model.reveal() }
            } else {
                ForEach(model.charts) { chart in
                    Section {
                        ChartCanvas(chart: chart.chart, growth: chart)
                        DisclosureGroup(words(.details)) { values(chart) }
                    }
                }
            }
            ForEach(model.notes, id: \.self) { note in Text(note).font(.footnote) }
        }
        .navigationTitle(words(.growth))
        .task(id: "\(notebook.edition) \(model.reference) \(model.isCorrected)") { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }

    /// Every value as a line of text, with where it stands.
    private func values(_ chart: GrowthChartState) -> some View {
        ForEach(chart.rows) { row in
            LabeledContent {
                Label(row.valueText, systemImage: row.isCorrected ? "circle.circle" : "circle.fill")
            } label: {
                Text(row.ageText)
                if let date = row.dateText { Text(date).font(.footnote) }
                Text(row.placeText).font(.footnote)
                if let obesity = row.obesityText { Text(obesity).font(.footnote) }
            }
        }
    }
}

struct ForgetsScreen: View {
    @State var model: ForgetsModel
    let app: TechoModel
    let notebook: Notebook
    @State private var isFetching = false
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            Section {
                ForEach(model.notes, id: \.self) { note in Text(note) }
                Button(words(.fetch)) {
                    _ = app.startFetch()
                    isFetching = true
                }
            }
            if model.isRead, model.rows.isEmpty { Text(words(.forgetsNothing)) }
            ForEach(model.rows) { row in
                NavigationLink {
                    EventScreen(model: EventModel(notebook, id: row.id), notebook: notebook)
                } label: {
                    VStack(alignment: .leading, spacing: 2) {
                        Text(row.title)
                        if let date = row.dateText { Text(date).font(.footnote) }
                        Text(row.daysText).font(.headline)
                        if let day = row.leavesOn { Text(verbatim: "\(words(.leavesOn)) \(day)").font(.footnote) }
                    }
                }
            }
            if model.hasMore {
                Button(words(.more)) {
                    Task { await model.loadMore() }
                }
            }
        }
        .navigationTitle(words(.forgets))
        .navigationDestination(isPresented: $isFetching) {
            if let fetch = app.fetch { FetchScreen(model: fetch, people: PeopleModel(notebook)) }
        }
        .task(id: notebook.edition) { await model.load() }
    }
}

struct ExplainScreen: View {
    @State var model: ExplainModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            if let date = model.dateText { Text(date) }
            if model.items.isEmpty, !model.effort.isBusy { Text(words(.nothingExplained)) }
            ForEach(model.items) { item in
                Section {
                    Text(item.title).font(.headline)
                    VeiledText(id: item.id, text: item.valueText, veil: notebook.veil).font(.title3)
                    if let what = item.what { Text(what) }
                    if !notebook.veil.hides(item.id) {
                        ForEach(item.judgements, id: \.self) { text in Text(text) }
                    }
                }
            }
            if model.hasMore {
                Button(words(.more)) {
                    Task { await model.loadMore() }
                }
            }
            ForEach(model.notes, id: \.self) { note in Text(note).font(.footnote) }
        }
        .navigationTitle(model.title)
        .task { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }
}

/// The day that something is asked for.
private struct DayField: View {
    @Binding var day: String
    let asked: @MainActor () async -> Void
    @Environment(\.words) private var words: Words

    var body: some View {
        TextField(words(.onDay), text: $day)
            .keyboardType(.numbersAndPunctuation)
            .onSubmit { Task { await asked() } }
    }
}
