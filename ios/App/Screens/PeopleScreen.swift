// The family, with what can be done for one person.
import SwiftUI
import TechoKit

struct PeopleScreen: View {
    @State var model: PeopleModel
    let app: TechoModel
    let notebook: Notebook
    @State private var board: BoardModel
    @Environment(\.words) private var words: Words

    init(model: PeopleModel, app: TechoModel, notebook: Notebook) {
        _model = State(initialValue: model)
        self.app = app
        self.notebook = notebook
        _board = State(initialValue: BoardModel(notebook))
    }

    var body: some View {
        NavigationStack {
            List {
                EffortSection(effort: model.effort)
                EffortSection(effort: board.effort)
                Section(words(.board)) {
                    ForEach(board.rows) { row in
                        if let person = model.person(row.id) {
                            NavigationLink {
                                PersonScreen(person: person, model: model, app: app, notebook: notebook)
                            } label: {
                                BoardRow(row: row, veil: notebook.veil)
                            }
                        }
                    }
                }
                Section {
                    Button(words(.everybody)) { model.choose(nil) }
                        .accessibilityAddTraits(model.chosen == nil ? .isSelected : [])
                    ForEach(model.people) { person in
                        NavigationLink {
                            PersonScreen(person: person, model: model, app: app, notebook: notebook)
                        } label: {
                            VStack(alignment: .leading) {
                                Text(person.name)
                                Text(person.aboutText).font(.footnote)
                                Text(person.recordsText).font(.footnote)
                            }
                            .accessibilityElement(children: .ignore)
                            .accessibilityLabel(person.spoken)
                        }
                    }
                }
                Section(words(.addPerson)) {
                    PersonFields(form: $model.form)
                    TextField(words(.gestation), text: $model.form.gestation, prompt: Text(words(.gestationHint)))
                    Button(words(.addPerson)) {
                        Task { await model.add() }
                    }
                    .disabled(model.effort.isBusy)
                }
            }
            .navigationTitle(words(.people))
            .task(id: notebook.edition) {
                await model.load()
                await board.load()
            }
        }
    }
}

/// Somebody at a glance.
private struct BoardRow: View {
    let row: BoardRowState
    let veil: Veil

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            VStack(alignment: .leading, spacing: 2) {
                Text(row.name).font(.headline)
                Text(row.ageText).font(.footnote)
                ForEach(row.lines) { line in LabeledContent(line.label, value: line.text).font(.footnote) }
            }
            .accessibilityElement(children: .ignore)
            .accessibilityLabel(row.spoken)
            if let growth = row.growth { VeiledText(id: "board:\(row.id)", text: growth, veil: veil).font(.footnote) }
        }
    }
}

private struct PersonScreen: View {
    let person: PersonState
    let model: PeopleModel
    let app: TechoModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            Section {
                LabeledContent(words(.name), value: person.name)
                if let kana = person.kana { LabeledContent(words(.kana), value: kana) }
                Text(person.aboutText)
            }
            meaning
            showing
            NavigationLink(words(.history)) {
                HistoryScreen(model: HistoryModel(notebook, personID: person.id), notebook: notebook)
            }
            NavigationLink(words(.writeByHand)) {
                WriteScreen(model: WriteModel(notebook, .add(person: person.id)), notebook: notebook)
            }
            NavigationLink(words(.medicines)) {
                MedicinesScreen(model: MedicinesModel(notebook, personID: person.id), notebook: notebook)
            }
            NavigationLink(words(.changes)) {
                ChangesScreen(model: ChangesModel(notebook, of: person.id), notebook: notebook)
            }
            NavigationLink(words(.erase)) {
                EraseScreen(model: EraseModel(notebook, .person(person.id)))
            }
        }
        .navigationTitle(person.name)
        .onAppear { model.choose(person.id) }
    }

    /// What the records mean for this person.
    private var meaning: some View {
        Section {
            NavigationLink(words(.vaccinationPlan)) {
                PlanScreen(model: PlanModel(notebook, personID: person.id), notebook: notebook)
            }
            NavigationLink(words(.due)) {
                DueScreen(model: DueModel(notebook, personID: person.id), notebook: notebook)
            }
            NavigationLink(words(.growth)) {
                GrowthScreen(model: GrowthModel(notebook, personID: person.id), notebook: notebook)
            }
            NavigationLink(words(.forgets)) {
                ForgetsScreen(model: ForgetsModel(notebook, personID: person.id), app: app, notebook: notebook)
            }
        }
    }

    /// What somebody else is shown or handed.
    private var showing: some View {
        Section {
            NavigationLink(words(.showAtVisit)) {
                ClinicChoiceScreen(model: ClinicModel(app, notebook, personID: person.id))
            }
            NavigationLink(words(.card)) {
                CardScreen(model: CardModel(notebook, personID: person.id), notebook: notebook)
            }
            NavigationLink(words(.codes)) { CodesScreen(model: CodesModel(notebook, personID: person.id)) }
            NavigationLink(words(.report)) { ReportScreen(model: ReportModel(notebook, personID: person.id)) }
        }
    }
}
