// Small views that many screens share: a fault, waiting, a hidden value, a notice.
import SwiftUI
import TechoKit

/// What happened, and what can be done.
struct ProblemNote: View {
    let problem: Problem

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Label(problem.what, systemImage: "exclamationmark.triangle")
                .font(.headline)
            if !problem.todo.isEmpty { Text(problem.todo) }
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(problem.spoken)
    }
}

/// The fault of an effort, as a section of a list.
struct EffortSection: View {
    let effort: Effort
    @Environment(\.words) private var words: Words

    var body: some View {
        if let problem = effort.problem {
            Section {
                ProblemNote(problem: problem)
                Button(words(.understood)) { effort.dismissProblem() }
            }
        }
        if effort.isBusy {
            Section { ProgressView(words(.busy)) }
        }
    }
}

/// A value that stays hidden until it is touched. What is hidden is not drawn at all, not even blurred.
struct VeiledText: View {
    let id: String
    let text: String
    let veil: Veil
    @Environment(\.words) private var words: Words

    var body: some View {
        if veil.hides(id) {
            Button {
                veil.lift(id)
            } label: {
                Text(verbatim: "88888").redacted(reason: .placeholder).blur(radius: 6)
                    .frame(minWidth: 44, minHeight: 44)
            }
            .buttonStyle(.plain)
            .accessibilityLabel(words(.hidden))
            .accessibilityHint(words(.hiddenHint))
        } else {
            Text(text).privacySensitive()
        }
    }
}

/// A line across the top.
struct Notice: View {
    let text: String
    let symbol: String

    var body: some View {
        Label(text, systemImage: symbol)
            .font(.footnote)
            .frame(maxWidth: .infinity)
            .padding(6)
            .background(.thinMaterial)
    }
}

/// One record as a row.
struct RecordRow: View {
    let record: RecordState
    let veil: Veil

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(record.title).font(.body)
            if let value = record.valueText { VeiledText(id: record.id, text: value, veil: veil).font(.title3) }
            Text(verbatim: "\(record.dateText)  \(record.kindName)").font(.footnote).foregroundStyle(.secondary)
            if let standing = record.standing { Text(standing).font(.footnote) }
        }
        .accessibilityElement(children: .combine)
        .accessibilityLabel(record.spoken(isHidden: veil.hides(record.id)))
    }
}

/// What the passphrase is asked for in the middle of something.
struct PresenceSheet: View {
    let presence: Presence
    @State private var text = ""
    @Environment(\.words) private var words: Words

    var body: some View {
        NavigationStack {
            Form {
                SecureField(words(presence.asksForCode ? .recoveryCode : .passphrase), text: $text)
                    .textContentType(.password)
                EffortSection(effort: presence.effort)
            }
            .navigationTitle(words(.confirmIdentity))
            .toolbar {
                ToolbarItem(placement: .cancellationAction) {
                    Button(words(.cancel)) { presence.decline() }
                }
                ToolbarItem(placement: .confirmationAction) {
                    Button(words(.next)) {
                        Task {
                            await presence.answer(text)
                            text = ""
                        }
                    }
                    .disabled(text.isEmpty || presence.effort.isBusy)
                }
            }
        }
        .presentationDetents([.medium])
    }
}

/// The name, birthday and sex of somebody new.
struct PersonFields: View {
    @Binding var form: PersonForm
    @Environment(\.words) private var words: Words

    var body: some View {
        TextField(words(.name), text: $form.name).textContentType(.name)
        TextField(words(.kana), text: $form.kana)
        TextField(words(.born), text: $form.born, prompt: Text(words(.bornHint)))
            .keyboardType(.numbersAndPunctuation)
        Picker(words(.gender), selection: $form.gender) {
            if form.gender == nil { Text(verbatim: "–").tag(PersonForm.Gender?.none) }
            Text(words(.female)).tag(PersonForm.Gender?.some(.female))
            Text(words(.male)).tag(PersonForm.Gender?.some(.male))
        }
    }
}

/// Chooses a person of the family.
struct PersonPicker: View {
    let title: String
    let people: [PersonState]
    @Binding var chosen: String?
    /// Whether "the whole family" is a choice.
    let allowsEverybody: Bool
    @Environment(\.words) private var words: Words

    var body: some View {
        Picker(title, selection: $chosen) {
            if allowsEverybody || chosen == nil {
                Text(allowsEverybody ? words(.everybody) : "–").tag(String?.none)
            }
            ForEach(people) { person in
                Text(person.name).tag(String?.some(person.id))
            }
        }
    }
}
