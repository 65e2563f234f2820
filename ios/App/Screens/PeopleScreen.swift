// The family, with what can be done for one person.
import SwiftUI
import TechoKit

struct PeopleScreen: View {
    @State var model: PeopleModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        NavigationStack {
            List {
                EffortSection(effort: model.effort)
                Section {
                    Button(words(.everybody)) { model.choose(nil) }
                        .accessibilityAddTraits(model.chosen == nil ? .isSelected : [])
                    ForEach(model.people) { person in
                        NavigationLink {
                            PersonScreen(person: person, model: model, notebook: notebook)
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
            .task(id: notebook.edition) { await model.load() }
        }
    }
}

private struct PersonScreen: View {
    let person: PersonState
    let model: PeopleModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            Section {
                LabeledContent(words(.name), value: person.name)
                if let kana = person.kana { LabeledContent(words(.kana), value: kana) }
                Text(person.aboutText)
            }
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
}
