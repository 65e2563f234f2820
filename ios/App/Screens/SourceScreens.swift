// What is known from several places: an event from all its sources, a quantity by its days, the medicines of a day.
import SwiftUI
import TechoKit

struct LinksScreen: View {
    @State var model: LinksModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            if model.isParted { Text(words(.keptApart)) }
            if !model.isLinked { Text(words(.noOtherSource)) }
            ForEach(model.sources) { source in
                Section { telling(source) }
            }
            if !model.questions.isEmpty {
                Section(words(.perhapsSame)) {
                    ForEach(model.questions) { event in
                        RelatedRow(event: event)
                        Button(words(.join)) {
                            Task { await model.join(event.id) }
                        }
                    }
                }
            }
            if !model.stories.isEmpty {
                Section(words(.oneStory)) {
                    ForEach(model.stories) { event in RelatedRow(event: event) }
                }
            }
        }
        .navigationTitle(words(.sameEvent))
        .task { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }

    @ViewBuilder private func telling(_ source: SourceState) -> some View {
        Text(source.title).font(.headline)
        Text(source.aboutText).font(.footnote)
        Text(source.formatName).font(.footnote)
        if source.leads { Text(words(.leads)) }
        Text(source.standing)
        if let why = source.why { Text(why) }
        if !source.differences.isEmpty {
            Text(words(.differences)).font(.footnote)
            ForEach(source.differences) { difference in
                LabeledContent(difference.item) {
                    VeiledText(
                        id: source.id,
                        text: "\(difference.lead ?? words(.saysNothing)) / \(difference.other ?? words(.saysNothing))",
                        veil: notebook.veil)
                }
            }
        }
        if model.parting == source.id {
            Text(words(.keepApartNote))
            TextField(words(.reason), text: $model.reason, axis: .vertical)
            Button(words(.keepApart), role: .destructive) {
                Task { await model.part() }
            }
            Button(words(.cancel)) { model.parting = nil }
        } else if !source.leads {
            Button(words(.keepApart)) { model.parting = source.id }
        }
    }
}

private struct RelatedRow: View {
    let event: RelatedState

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(event.title)
            Text(event.aboutText).font(.footnote)
            Text(event.why).font(.footnote)
        }
        .accessibilityElement(children: .combine)
    }
}

struct DaysScreen: View {
    @State var model: DaysModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            ForEach(model.days) { day in
                NavigationLink {
                    DayScreen(model: DayModel(notebook, id: day.id), notebook: notebook)
                } label: {
                    VStack(alignment: .leading) {
                        Text(day.date)
                        VeiledText(id: day.id, text: day.valueText, veil: notebook.veil)
                        if let text = day.text { Text(text).font(.footnote) }
                    }
                }
            }
            if model.hasMore {
                Button(words(.more)) {
                    Task { await model.loadMore() }
                }
            }
        }
        .navigationTitle(model.name)
        .task { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }
}

struct DayScreen: View {
    @State var model: DayModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            if let day = model.day {
                if model.isHidden {
                    Button(words(.hiddenHint)) { model.reveal() }
                } else {
                    Section(day.date) {
                        Text(day.valueText).font(.title)
                        if let text = day.text { Text(text).font(.footnote) }
                    }
                    Section(words(.samples)) {
                        ForEach(model.samples) { sample in
                            LabeledContent {
                                Text(sample.valueText)
                            } label: {
                                Text(sample.time ?? day.date)
                                Text(sample.source).font(.footnote)
                            }
                        }
                    }
                }
            }
            if model.hasMore {
                Button(words(.more)) {
                    Task { await model.loadMore() }
                }
            }
        }
        .navigationTitle(model.name)
        .task { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }
}

struct MedicinesScreen: View {
    @State var model: MedicinesModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            Section {
                TextField(words(.medicinesOn), text: $model.on)
                    .keyboardType(.numbersAndPunctuation)
                    .onSubmit { Task { await model.load() } }
                if model.hiddenCount > 0 { Toggle(words(.showHiddenOnes), isOn: $model.showsHidden) }
            }
            EffortSection(effort: model.effort)
            ForEach(model.questions, id: \.self) { question in
                Label(question, systemImage: "questionmark.circle")
            }
            if model.isRead, model.medicines.isEmpty { Text(words(.noMedicines)) }
            ForEach(model.medicines) { medicine in
                NavigationLink {
                    RecordScreen(model: RecordModel(notebook, id: medicine.id), notebook: notebook)
                } label: {
                    VStack(alignment: .leading, spacing: 2) {
                        Text(medicine.courseText).font(.footnote)
                        VeiledText(id: medicine.id, text: medicine.title, veil: notebook.veil).font(.headline)
                        Text(medicine.takingText)
                        if let until = medicine.until { Text(verbatim: "– \(until)").font(.footnote) }
                        ForEach(medicine.places, id: \.self) { place in Text(place).font(.footnote) }
                        if medicine.isHidden { Text(words(.isHiddenRecord)).font(.footnote) }
                    }
                }
            }
            if !model.leftOver.isEmpty {
                Section(words(.leftOver)) {
                    ForEach(model.leftOver) { left in
                        LabeledContent(left.label, value: left.text)
                    }
                }
            }
            Text(model.note).font(.footnote)
        }
        .navigationTitle(words(.medicines))
        .task(id: model.showsHidden) { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }
}
