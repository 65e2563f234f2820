// What was done, and what was consented to.
import SwiftUI
import TechoKit

struct LedgerScreen: View {
    @State var model: LedgerModel
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            ForEach(model.lines) { line in
                VStack(alignment: .leading) {
                    Text(line.text)
                    Text(line.atText).font(.footnote).foregroundStyle(.secondary)
                }
                .accessibilityElement(children: .combine)
            }
            if model.hasMore {
                Button(words(.more)) {
                    Task { await model.loadMore() }
                }
            }
        }
        .navigationTitle(words(.ledger))
        .task { await model.load() }
    }
}

struct ConsentsScreen: View {
    @State var model: ConsentsModel
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            ForEach(model.doneLines, id: \.self) { line in Text(line) }
            if model.consents.isEmpty, !model.effort.isBusy { Text(words(.noConsents)) }
            ForEach(model.consents) { consent in
                Section {
                    Text(consent.personName).font(.headline)
                    Text(consent.askedText)
                    Text(consent.itemsText)
                    Text(consent.standingText)
                    Text(consent.documentsText).font(.footnote)
                    if model.withdrawing == consent.id {
                        withdrawal
                    } else if consent.canWithdraw {
                        Button(words(.withdraw)) {
                            Task { await model.askToWithdraw(consent.id) }
                        }
                    }
                }
            }
        }
        .navigationTitle(words(.consents))
        .task { await model.load() }
    }

    @ViewBuilder private var withdrawal: some View {
        ForEach(model.warning, id: \.self) { line in Text(line) }
        Button(words(.withdraw), role: .destructive) {
            Task { await model.withdraw(erase: false) }
        }
        Button(words(.withdrawAndErase), role: .destructive) {
            Task { await model.withdraw(erase: true) }
        }
        Button(words(.cancel)) { model.keepConsent() }
    }
}
