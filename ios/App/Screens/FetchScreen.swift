// A fetch: what is wished, the question of consent, the browser, the questions in between, and what it brought.
import SwiftUI
import TechoKit

struct FetchScreen: View {
    @State var model: FetchModel
    @State var people: PeopleModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form { FetchFields(model: model, people: people.people) }
            .navigationTitle(words(.fetch))
            .task { await people.load() }
    }
}

struct FetchFields: View {
    @Bindable var model: FetchModel
    let people: [PersonState]
    @Environment(\.words) private var words: Words

    var body: some View {
        if let round = model.roundText { Text(round).font(.footnote) }
        if let answer = model.answerText { Text(answer).font(.footnote) }
        switch model.stage {
        case .choosing: choosing
        case .asking(let consent): asking(consent)
        case .working(let text):
            Section { ProgressView(text) }
            endings
        case .waiting(let text):
            Section { Text(text) }
            endings
        case .browse(let text):
            Section {
                Text(text)
                Button(words(.openBrowser)) {
                    Task { await model.browse() }
                }
                Button(words(.lookAgain)) {
                    Task { await model.lookAgain() }
                }
            }
            endings
        case .question(let text):
            Section {
                Text(text)
                Button(words(.yes)) {
                    Task { await model.decide(true) }
                }
                Button(words(.no)) {
                    Task { await model.decide(false) }
                }
            }
            endings
        case .paused(let text):
            Section {
                Text(text)
                Button(words(.goOn)) {
                    Task { await model.go() }
                }
            }
            endings
        case .done(let digest):
            Section {
                ForEach(digest.lines, id: \.self) { line in Text(line) }
            }
        case .ended(let problem): Section { ProblemNote(problem: problem) }
        case .declined(let text): Section { Text(text) }
        }
        EffortSection(effort: model.effort)
    }

    private var endings: some View {
        Section {
            Button(words(.stop)) { model.stop() }
            Button(words(.endFetch), role: .destructive) {
                Task { await model.cancel() }
            }
        }
    }

    @ViewBuilder private var choosing: some View {
        Section {
            if !people.isEmpty {
                PersonPicker(
                    title: words(.whoseIsIt), people: people, chosen: $model.form.personID, allowsEverybody: false)
                Picker(words(.whoLogsIn), selection: $model.form.actsAs) {
                    Text(words(.oneself)).tag(FetchForm.ActsAs.oneself)
                    Text(words(.parent)).tag(FetchForm.ActsAs.parent)
                    Text(words(.proxy)).tag(FetchForm.ActsAs.proxy)
                }
                if model.form.actsAs != .oneself {
                    PersonPicker(
                        title: words(.whoLogsIn), people: people, chosen: $model.form.actorID, allowsEverybody: false)
                }
            }
        }
        Section(words(.items)) {
            ForEach(model.items) { item in
                TickRow(name: item.name, id: item.id, ticked: $model.form.items)
            }
        }
        Section {
            TextField(words(.from), text: $model.form.from, prompt: Text(words(.bornHint)))
            TextField(words(.until), text: $model.form.until, prompt: Text(words(.bornHint)))
            Button(words(.askConsent)) {
                Task { await model.ask() }
            }
            .disabled(model.missing != nil || model.effort.isBusy)
        } footer: {
            if let missing = model.missing { Text(missing) }
        }
    }

    @ViewBuilder private func asking(_ consent: ConsentState) -> some View {
        Section(words(.consent)) {
            Text(words(.consentNote)).font(.headline)
            Text(consent.subject)
            Text(consent.actor)
            Text(consent.purpose)
            Text(consent.obtainedBy)
            ForEach(consent.kept, id: \.self) { line in Text(line) }
            Text(consent.card)
        }
        Section(words(.items)) {
            ForEach(consent.items) { item in
                TickRow(name: "\(item.name) \(item.period)", id: item.id, ticked: $model.granted)
            }
        }
        if let surplus = model.surplus ?? consent.surplus {
            Section(words(.surplus)) { Text(surplus) }
        }
        Section {
            Button(words(.agree)) {
                Task { await model.answer() }
            }
            .disabled(model.granted.isEmpty || model.effort.isBusy)
            Button(words(.decline)) {
                Task { await model.decline() }
            }
        }
    }
}

/// Something to tick.
private struct TickRow: View {
    let name: String
    let id: String
    @Binding var ticked: Set<String>

    var body: some View {
        Toggle(
            name,
            isOn: Binding(
                get: { ticked.contains(id) },
                set: { isOn in
                    if isOn { ticked.insert(id) } else { ticked.remove(id) }
                }))
    }
}
