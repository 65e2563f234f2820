// What is shown at a visit: the choice before it, the screen itself, and the report that is handed over.
import SwiftUI
import TechoKit

struct ClinicChoiceScreen: View {
    @State var model: ClinicModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            ClinicFields(form: $model.form, offer: model.offer)
            Section {
                Picker(words(.howLong), selection: $model.minutes) {
                    ForEach(ClinicModel.minutes, id: \.self) { count in Text(words.minutes(count)).tag(count) }
                }
                Toggle(words(.coverValues), isOn: $model.guardsValues)
            } footer: {
                Text(words(.showingNote))
            }
            EffortSection(effort: model.effort)
            Section {
                Button(words(.beginShowing), systemImage: "eye") {
                    Task { await model.show() }
                }
                .disabled(model.missing != nil || model.effort.isBusy)
            } footer: {
                if let missing = model.missing { Text(missing) }
            }
        }
        .navigationTitle(words(.showAtVisit))
        .task { await model.load() }
    }
}

struct ReportScreen: View {
    @State var model: ReportModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            ClinicFields(form: $model.form, offer: model.offer)
            Label(model.warning, systemImage: "lock.open")
            Section {
                Button(words(.keep)) {
                    Task { await model.make(.keep) }
                }
                Button(words(.share)) {
                    Task { await model.make(.share) }
                }
                Button(words(.print)) {
                    Task { await model.print() }
                }
            } footer: {
                if let missing = model.missing { Text(missing) }
            }
            .disabled(model.missing != nil || model.effort.isBusy)
            if let done = model.doneText { Label(done, systemImage: "checkmark.circle") }
            EffortSection(effort: model.effort)
        }
        .navigationTitle(words(.report))
        .task { await model.load() }
    }
}

/// What is to be shown, and in which language.
private struct ClinicFields: View {
    @Binding var form: ClinicForm
    let offer: ClinicOffer
    @Environment(\.words) private var words: Words

    var body: some View {
        Section {
            Picker(words(.occasion), selection: $form.occasion) {
                Text(verbatim: "–").tag(String?.none)
                ForEach(offer.occasions) { occasion in Text(occasion.name).tag(String?.some(occasion.id)) }
            }
            DisclosureGroup(words(.ownItems)) {
                ForEach(offer.parts) { part in Toggle(part.name, isOn: chosen(part.id)) }
                ForEach(offer.quantities) { quantity in Toggle(quantity.name, isOn: chosen(quantity.id)) }
            }
            TextField(words(.from), text: $form.from, prompt: Text(words(.bornHint)))
                .keyboardType(.numbersAndPunctuation)
            TextField(words(.until), text: $form.until, prompt: Text(words(.bornHint)))
                .keyboardType(.numbersAndPunctuation)
        }
        Section {
            Picker(words(.doctorsLanguage), selection: $form.language) {
                Text(words(.japaneseLanguage)).tag(Language.japanese)
                Text(words(.englishLanguage)).tag(Language.english)
            }
            Toggle(words(.includeSensitive), isOn: $form.showsSensitive)
        }
    }

    private func chosen(_ id: String) -> Binding<Bool> {
        Binding(
            get: { form.items.contains(id) },
            set: { isOn in
                if isOn { form.items.insert(id) } else { form.items.remove(id) }
            })
    }
}

/// The screen for somebody else: large, high in contrast, and alone.
struct ShowingScreen: View {
    let model: ShowingModel
    let app: TechoModel

    var body: some View {
        VStack(spacing: 0) {
            if let screen = model.screen {
                bar
                ScrollView {
                    VStack(alignment: .leading, spacing: 16) {
                        head(screen)
                        ForEach(screen.sections) { section in part(section) }
                        if let codes = model.codes { CodesTurnView(turn: codes, words: words) }
                        if let leftOut = screen.leftOut { Label(leftOut, systemImage: "eye.slash") }
                        Text(screen.fetched)
                        Text(screen.note)
                    }
                    .frame(maxWidth: .infinity, alignment: .leading)
                    .padding()
                }
            }
        }
        .font(.title3)
        .foregroundStyle(.black)
        .background(.white)
        .environment(\.colorScheme, .light)
        .task {
            while !Task.isCancelled, !model.isOver {
                try? await Task.sleep(for: .seconds(1))
                await app.endShowingInTime()
            }
        }
    }

    private var words: Words { Words(model.language) }

    private var bar: some View {
        HStack {
            Button(words(.endShowing), systemImage: "xmark.circle") {
                Task { await app.endShowing() }
            }
            Spacer()
            Text(verbatim: "\(words(.timeLeft)) \(model.secondsLeft / 60):\(seconds)").monospacedDigit()
            Spacer()
            Button(model.language == .japanese ? "English" : "日本語", systemImage: "character.bubble") {
                model.switchLanguage()
            }
        }
        .frame(minHeight: 44)
        .padding(.horizontal)
    }

    private var seconds: String {
        let rest = model.secondsLeft % 60
        return rest < 10 ? "0\(rest)" : "\(rest)"
    }

    @ViewBuilder private func head(_ screen: ShownScreen) -> some View {
        Text(screen.title).font(.headline)
        Text(screen.name).font(.largeTitle)
        if let kana = screen.kana { Text(kana) }
        Text(screen.aboutText)
    }

    @ViewBuilder private func part(_ section: ShownSection) -> some View {
        Divider()
        HStack {
            Text(section.title).font(.title2).bold()
            Spacer()
            if !section.rows.isEmpty, section.rows.contains(where: { model.veil.hides($0.id) }) {
                Button(words(.showAll)) { model.reveal(section) }
            }
        }
        ForEach(section.rows) { row in line(row) }
        ForEach(section.notes, id: \.self) { note in Text(note).font(.body) }
    }

    /// What is covered is not drawn at all.
    private func line(_ row: ShownRow) -> some View {
        VStack(alignment: .leading, spacing: 2) {
            VeiledText(id: row.id, text: row.title, veil: model.veil).bold()
            if !model.veil.hides(row.id) {
                if let value = row.value { Text(value) }
                Text([row.dateText, row.source].compactMap { $0 }.joined(separator: "  ")).font(.body)
                if let chart = row.chart { ChartCanvas(chart: chart) }
            }
        }
    }
}
