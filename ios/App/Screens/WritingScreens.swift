// What is written by hand: a record by the form of its kind, a correction, a decision with its reason, the list of changes,
// and a photo beside a record.
import SwiftUI
import TechoKit

struct WriteScreen: View {
    @State var model: WriteModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            EffortSection(effort: model.effort)
            if let done = model.sheet.done {
                WrittenSection(change: done)
            } else {
                what
                ForEach(model.fields) { field in
                    FieldRow(field: field, problem: model.problem(of: field), text: text(of: field))
                }
                PenSections(sheet: model.sheet, questions: model.questions)
                Button(words(.writeDown)) {
                    Task { await model.write() }
                }
                .disabled(!model.isReady || model.effort.isBusy)
            }
        }
        .navigationTitle(model.title == nil ? words(.writeByHand) : words(.correct))
        .task { await model.load() }
    }

    @ViewBuilder private var what: some View {
        if let title = model.title {
            Section {
                Text(title).font(.headline)
                Text(words(.correctNote)).font(.footnote)
            }
        } else {
            Picker(words(.chooseKind), selection: kind) {
                if model.kindID == nil { Text(verbatim: "–").tag(String?.none) }
                ForEach(model.kinds) { kind in
                    Text(kind.name).tag(String?.some(kind.id))
                }
            }
        }
    }

    private var kind: Binding<String?> {
        Binding(
            get: { model.kindID },
            set: { chosen in
                guard let chosen else { return }
                Task { await model.choose(kind: chosen) }
            })
    }

    private func text(of field: FieldState) -> Binding<String> {
        Binding(get: { model.values[field.id] ?? "" }, set: { text in model.values[field.id] = text })
    }
}

/// One thing that is asked for: an answer to choose, or a line to write in.
private struct FieldRow: View {
    let field: FieldState
    let problem: String?
    @Binding var text: String
    @Environment(\.words) private var words: Words

    var body: some View {
        Section {
            if field.choices.isEmpty {
                TextField(label, text: $text, axis: .vertical)
                    .keyboardType(field.shape == "number" ? .decimalPad : .default)
            } else {
                Picker(label, selection: $text) {
                    Text(verbatim: "–").tag("")
                    ForEach(field.choices) { choice in
                        Text(choice.name).tag(choice.id)
                    }
                }
            }
        } footer: {
            if let problem { Text(problem) }
        }
    }

    private var label: String { field.isRequired ? field.label + words(.needed) : field.label }
}

/// What has to be asked, who writes, and why.
struct PenSections: View {
    @Bindable var sheet: PenModel
    let questions: [FieldProblem]
    @Environment(\.words) private var words: Words

    var body: some View {
        ForEach(questions) { question in
            Section {
                Text(question.text)
                if question.isQuestion {
                    Toggle(words(.yes), isOn: answer(to: question))
                }
            }
        }
        Section(words(.whoWrites)) {
            Picker(words(.whoWrites), selection: $sheet.pen.relation) {
                Text(words(.oneself)).tag(WriterRelation.oneself)
                Text(words(.parent)).tag(WriterRelation.parent)
                Text(words(.proxy)).tag(WriterRelation.proxy)
                Text(words(.someoneElse)).tag(WriterRelation.other)
            }
            if sheet.pen.relation != .oneself {
                TextField(words(.writerName), text: $sheet.pen.author).textContentType(.name)
            }
            TextField(words(.reason), text: $sheet.pen.reason, axis: .vertical)
        }
    }

    private func answer(to question: FieldProblem) -> Binding<Bool> {
        Binding(get: { sheet.isAnswered(question) }, set: { yes in sheet.answer(question, yes) })
    }
}

/// What was just written, as the list of changes tells it.
struct WrittenSection: View {
    let change: ChangeState
    @Environment(\.words) private var words: Words

    var body: some View {
        Section {
            Label(words(.wasWritten), systemImage: "checkmark.circle")
            Text(change.text).font(.headline)
            Text(change.authorText)
            if let reason = change.reason { Text(reason) }
        }
    }
}

struct DecideScreen: View {
    @State var model: DecideModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            EffortSection(effort: model.effort)
            if let done = model.sheet.done {
                WrittenSection(change: done)
            } else {
                Section {
                    Text(model.title).font(.headline)
                    Text(note)
                }
                PenSections(sheet: model.sheet, questions: model.sheet.problems)
                Button(name) {
                    Task { await model.decide() }
                }
                .disabled(!model.isReady || model.effort.isBusy)
            }
        }
        .navigationTitle(name)
        .task { await model.load() }
    }

    private var name: String {
        switch model.decision {
        case .remove: words(.remove)
        case .hide: words(.hide)
        case .show: words(.showAgain)
        case .markSensitive: words(.markSensitive)
        case .unmark: words(.unmark)
        case .undo: words(.undo)
        }
    }

    private var note: String {
        switch model.decision {
        case .remove: words(.removeNote)
        case .hide: words(.hideNote)
        case .show: words(.showAgainNote)
        case .markSensitive: words(.markSensitiveNote)
        case .unmark: words(.unmarkNote)
        case .undo: words(.undoNote)
        }
    }
}

struct ChangesScreen: View {
    @State var model: ChangesModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            if model.isRead, model.changes.isEmpty { Text(words(.noChanges)) }
            ForEach(model.changes) { change in
                Section {
                    VeiledText(id: change.id, text: change.text, veil: notebook.veil).font(.headline)
                    Text(verbatim: "\(change.at.prefix(10))  \(change.authorText)").font(.footnote)
                    if let reason = change.reason { VeiledText(id: change.id, text: reason, veil: notebook.veil) }
                    if let standing = change.standing { Text(standing) }
                    if let record = change.record {
                        NavigationLink(words(.record)) {
                            RecordScreen(model: RecordModel(notebook, id: record), notebook: notebook)
                        }
                    }
                    if change.counts {
                        NavigationLink(words(.undo)) {
                            DecideScreen(model: DecideModel(notebook, .undo, .change(change)))
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
        .navigationTitle(words(.changes))
        .task(id: notebook.edition) { await model.load() }
        .onDisappear { notebook.veil.draw() }
    }
}

struct AttachScreen: View {
    @State var model: AttachModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            EffortSection(effort: model.effort)
            if let done = model.done {
                WrittenSection(change: done)
            } else {
                Section {
                    Text(model.recordTitle).font(.headline)
                    Text(words(.attachNote))
                    Button(words(.pickFile), systemImage: "paperclip") {
                        Task { await model.pick() }
                    }
                    .disabled(model.effort.isBusy)
                }
                if let name = model.fileName {
                    Section {
                        Text(name)
                        TextField(words(.documentTitle), text: $model.title)
                        TextField(words(.documentDay), text: $model.day).keyboardType(.numbersAndPunctuation)
                        Button(words(.attach)) {
                            Task { await model.attach() }
                        }
                        .disabled(model.effort.isBusy)
                    }
                }
            }
        }
        .navigationTitle(words(.attach))
        .task { await model.load() }
        .onDisappear { model.letGo() }
    }
}
