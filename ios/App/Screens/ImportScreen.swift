// Taking a file in: the draft, what has to be looked at, and what came of it.
import SwiftUI
import TechoKit

struct ImportScreen: View {
    @State var model: ImportModel
    @State var people: PeopleModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form { ImportFields(model: model, people: people.people) }
            .navigationTitle(words(.takeIn))
            .task { await people.load() }
            .onDisappear { model.letGo() }
    }
}

struct ImportFields: View {
    @Bindable var model: ImportModel
    let people: [PersonState]
    @Environment(\.words) private var words: Words

    var body: some View {
        if let done = model.done {
            finished(done)
        } else {
            Section {
                Button(words(.pickFile), systemImage: "doc") {
                    Task { await model.pick() }
                }
                .disabled(model.effort.isBusy)
            }
        }
        EffortSection(effort: model.effort)
        if let draft = model.draft { look(draft) }
    }

    @ViewBuilder private func look(_ draft: DraftState) -> some View {
        Section(words(.draft)) {
            Text(draft.summary)
            Text(words(.nothingFiledYet)).font(.footnote)
        }
        ForEach(draft.documents) { document in
            DocumentSection(document: document)
        }
        if let table = draft.table { confirmation(table) }
        if draft.canKeep {
            Section {
                Toggle(words(.keepAsDocument), isOn: $model.keepsDocument)
                if model.keepsDocument {
                    TextField(words(.documentTitle), text: $model.documentTitle)
                    TextField(words(.documentDay), text: $model.documentDay).keyboardType(.numbersAndPunctuation)
                }
            }
        }
        Section {
            if draft.archiveNeedsPassphrase { SecureField(words(.passphrase), text: $model.passphrase) }
            if !people.isEmpty, !draft.isArchive || model.asksWhose {
                PersonPicker(
                    title: words(.whoseIsIt), people: people, chosen: $model.personID, allowsEverybody: false)
            }
            if draft.hasDifference { Toggle(words(.acceptDifference), isOn: $model.acceptsDifference) }
            if draft.hasQuestion { Toggle(words(.digitsAreFine), isOn: $model.digitsChecked) }
            Button(words(.takeIn)) {
                Task { await model.take() }
            }
            .disabled(!(draft.canTake || model.keepsDocument) || model.missing != nil || model.effort.isBusy)
        } footer: {
            if let missing = model.missing { Text(missing) }
        }
    }

    /// A table of measurements, as it would be read.
    private func confirmation(_ table: TableState) -> some View {
        Section(words(.tableReading)) {
            ForEach(table.columns) { column in LabeledContent(column.label, value: column.text) }
            ForEach(table.rows, id: \.self) { row in Text(row).font(.footnote) }
            if let question = table.orderQuestion {
                Picker(question, selection: $model.dayFirst) {
                    Text(verbatim: "–").tag(Bool?.none)
                    Text(words(.yes)).tag(Bool?.some(true))
                    Text(words(.no)).tag(Bool?.some(false))
                }
            }
            if let obstacle = table.obstacle { Text(obstacle) }
            Button(words(.confirmTable)) {
                Task { await model.confirmTable() }
            }
            .disabled(!model.canConfirm || model.effort.isBusy)
        }
    }

    @ViewBuilder private func finished(_ done: ImportState) -> some View {
        Section {
            Label(done.text, systemImage: "checkmark.circle")
            ForEach(done.lines, id: \.self) { line in Text(line) }
        }
        if !done.refused.isEmpty {
            Section(words(.refused)) {
                ForEach(done.refused) { refused in
                    LabeledContent(refused.place, value: refused.reason)
                }
            }
        }
        if !done.waiting.isEmpty {
            Section(words(.waiting)) {
                ForEach(done.waiting, id: \.self) { line in Text(line) }
            }
        }
    }
}

/// One document of the draft.
private struct DocumentSection: View {
    let document: DraftDocumentState
    @Environment(\.words) private var words: Words

    var body: some View {
        Section(document.name) {
            if let format = document.formatName { Text(format) }
            if let problem = document.problem { ProblemNote(problem: problem) }
            Text(document.personText)
            if let differs = document.differs { LabeledContent(words(.differs), value: differs) }
            if let days = document.daysText { Text(days) }
            Text(document.recordsText)
            ForEach(document.kinds, id: \.self) { kind in Text(kind) }
            if document.isAlreadyHere { Text(words(.alreadyHere)) }
            if let question = document.question { Text(question).font(.headline) }
            ForEach(document.refused) { refused in
                LabeledContent(refused.place, value: refused.reason)
            }
        }
    }
}
