// The person's choices, the keys, the recovery kit, and the texts that were agreed to.
import SwiftUI
import TechoKit

struct SettingsScreen: View {
    @State var model: SettingsModel
    let app: TechoModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        NavigationStack {
            Form {
                EffortSection(effort: model.effort)
                choices
                keys
                keeping
                whole
                texts
                Button(words(.lock), systemImage: "lock") {
                    Task { await app.lock() }
                }
            }
            .navigationTitle(words(.settings))
            .task { await model.load() }
        }
    }

    private var choices: some View {
        Section {
            ForEach(model.settings.switches) { one in
                toggle(one.id, one.name, one.isOn)
            }
            Picker(words(.lockAfter), selection: lockAfter) {
                ForEach(SettingsModel.lockMinutes, id: \.self) { minutes in
                    Text(words.minutes(minutes)).tag(minutes)
                }
            }
        }
    }

    private func toggle(_ choice: SettingsModel.Choice, _ title: String, _ isOn: Bool) -> some View {
        Toggle(
            title,
            isOn: Binding(
                get: { isOn },
                set: { wanted in
                    Task { await model.set(choice, wanted) }
                }))
    }

    private var lockAfter: Binding<UInt32> {
        Binding(
            get: { model.settings.lockAfterMinutes },
            set: { minutes in
                Task { await model.lockAfter(minutes: minutes) }
            })
    }

    private var keys: some View {
        Section(words(.keys)) {
            if model.canUseDeviceLock || model.hasDeviceLock {
                Toggle(
                    words(.deviceLock),
                    isOn: Binding(
                        get: { model.hasDeviceLock },
                        set: { wanted in
                            Task { await model.useDeviceLock(wanted) }
                        }))
            }
            SecureField(words(.newPassphrase), text: $model.newPassphrase).textContentType(.newPassword)
            SecureField(words(.passphraseAgain), text: $model.repeated).textContentType(.newPassword)
            Button(words(.changePassphrase)) {
                Task { await model.changePassphrase() }
            }
            .disabled(model.missingForPassphrase != nil || model.effort.isBusy)
            NavigationLink(words(.recoveryKit)) { RecoveryKitScreen(model: RecoveryKitModel(notebook)) }
        }
    }

    private var keeping: some View {
        Section {
            NavigationLink(words(.backup)) { BackupScreen(model: BackupModel(notebook)) }
            NavigationLink(words(.ledger)) { LedgerScreen(model: LedgerModel(notebook)) }
            NavigationLink(words(.consents)) { ConsentsScreen(model: ConsentsModel(notebook)) }
        }
    }

    private var whole: some View {
        Section {
            Button(words(.check)) {
                Task { await model.check() }
            }
            if let isWhole = model.isWhole {
                Label(
                    words(isWhole ? .isWhole : .isNotWhole),
                    systemImage: isWhole ? "checkmark.seal" : "exclamationmark.triangle")
            }
            ForEach(model.checkLines, id: \.self) { line in Text(line).font(.footnote) }
        }
    }

    private var texts: some View {
        Section {
            NavigationLink(words(.privacyPolicy)) { legal(.privacy) }
            NavigationLink(words(.termsOfUse)) { legal(.terms) }
            NavigationLink(words(.contact)) { legal(.contact) }
            ForEach(model.settings.agreementLines, id: \.self) { line in Text(line).font(.footnote) }
        }
    }

    private func legal(_ text: LegalModel.Text) -> some View {
        LegalScreen(model: LegalModel(text, words: words, notebook: notebook))
    }
}

struct RecoveryKitScreen: View {
    @State var model: RecoveryKitModel
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            EffortSection(effort: model.effort)
            if let code = model.code {
                Section(model.title ?? "") {
                    Text(code).font(.title3.monospaced()).textSelection(.disabled).privacySensitive()
                    ForEach(model.lines, id: \.self) { line in Text(line) }
                    Button(words(.print), systemImage: "printer") {
                        Task { await model.print() }
                    }
                }
            } else {
                Section {
                    Text(words(.recoveryKitReminder))
                    Button(words(.makeRecoveryKit)) {
                        Task { await model.make() }
                    }
                    Button(words(.later)) {
                        Task { await model.postpone() }
                    }
                }
            }
        }
        .navigationTitle(words(.recoveryKit))
        .onDisappear { model.putAway() }
    }
}

struct LegalScreen: View {
    @State var model: LegalModel
    @Environment(\.words) private var words: Words

    var body: some View {
        List {
            ForEach(model.paragraphs, id: \.self) { paragraph in Text(paragraph) }
            Section {
                LabeledContent(words(.version), value: model.version)
                if let agreement = model.agreement {
                    Text(words.agreed(agreement.version, at: agreement.atText)).font(.footnote)
                }
                if model.needsAgreement {
                    Button(words(.agreeToText)) {
                        Task { await model.agree() }
                    }
                }
                EffortSection(effort: model.effort)
            }
        }
        .navigationTitle(model.title)
    }
}
