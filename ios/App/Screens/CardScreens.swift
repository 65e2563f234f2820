// The emergency and disaster card: writing it, who can read it, how it leaves, and reading it while the notebook is locked.
import SwiftUI
import TechoKit

struct CardScreen: View {
    @State var model: CardModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            EffortSection(effort: model.effort)
            if let sheet = model.sheet {
                Section { CardSheetView(sheet: sheet) }
                leaving
            } else if model.isRead {
                Text(words(.emptyCard))
            }
            access
            Section(words(.cardWords)) {
                ForEach($model.fields) { $field in
                    if field.hasRecords { Toggle(words(.fromRecords), isOn: $field.isFromRecords) }
                    TextField(field.label, text: $field.text, axis: .vertical).disabled(field.isFromRecords)
                }
            }
            PenSections(sheet: model.pen, questions: model.questions)
            Button(words(.writeDown)) {
                Task { await model.write() }
            }
            .disabled(!model.isReady || model.effort.isBusy)
            if model.isWritten { Label(words(.wasWritten), systemImage: "checkmark.circle") }
        }
        .navigationTitle(words(.card))
        .task { await model.load() }
    }

    @ViewBuilder private var access: some View {
        Section(words(.cardAccess)) {
            way(words(.cardOff), .off)
            way(words(.cardAfterUnlock), .afterUnlock)
            if model.canBeReadLocked {
                way(words(.cardWithoutUnlocking), .withoutUnlocking)
                Text(words(.cardWithoutUnlockingNote)).font(.footnote)
            }
        }
        .disabled(model.effort.isBusy)
    }

    private func way(_ name: String, _ access: CardModel.Access) -> some View {
        Button {
            Task { await model.allow(access) }
        } label: {
            Label(name, systemImage: model.access == access ? "checkmark.circle.fill" : "circle")
        }
        .accessibilityAddTraits(model.access == access ? .isSelected : [])
    }

    private var leaving: some View {
        Section {
            Button(words(.cardPicture), systemImage: "photo") {
                Task { await model.hand(picture: true, .share) }
            }
            Button(words(.cardPage), systemImage: "printer") {
                Task { await model.printPage() }
            }
            Button(words(.share), systemImage: "square.and.arrow.up") {
                Task { await model.hand(picture: false, .share) }
            }
            Text(words(.openFileWarning)).font(.footnote)
        }
    }
}

/// A card as it is read: large, and nothing of it covered.
struct CardSheetView: View {
    let sheet: CardSheetState
    @Environment(\.words) private var words: Words

    var body: some View {
        VStack(alignment: .leading, spacing: 10) {
            Text(sheet.name).font(.largeTitle)
            if let kana = sheet.kana { Text(kana) }
            Text(sheet.aboutText).font(.title3)
            ForEach(sheet.rows) { row in
                VStack(alignment: .leading, spacing: 2) {
                    Text(row.label).font(.headline)
                    ForEach(row.lines, id: \.self) { line in Text(line).font(.title3) }
                }
                .accessibilityElement(children: .combine)
            }
            LabeledContent(words(.madeOn), value: sheet.madeOn)
            ForEach(sheet.notes, id: \.self) { note in Text(note).font(.footnote) }
        }
    }
}

/// One tap away from the lock, where somebody allowed it.
struct LockedCardsSection: View {
    let model: LockedCardsModel
    @Environment(\.words) private var words: Words

    var body: some View {
        if model.isThere {
            Section {
                Button(words(.card), systemImage: "cross.case") {
                    Task { await model.open() }
                }
                .font(.headline)
                EffortSection(effort: model.effort)
            }
            .sheet(isPresented: isOpen) { sheets }
        }
    }

    private var isOpen: Binding<Bool> {
        Binding(get: { !model.sheets.isEmpty }, set: { isShown in if !isShown { model.close() } })
    }

    private var sheets: some View {
        NavigationStack {
            List {
                ForEach(model.sheets, id: \.name) { sheet in
                    Section { CardSheetView(sheet: sheet) }
                }
            }
            .navigationTitle(words(.card))
            .toolbar {
                ToolbarItem(placement: .confirmationAction) {
                    Button(words(.done)) { model.close() }
                }
            }
        }
    }
}
