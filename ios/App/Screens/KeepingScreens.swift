// What goes out and comes back: export, backup, restore.
import SwiftUI
import TechoKit

struct ExportScreen: View {
    @State var model: ExportModel
    @State var people: PeopleModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            Picker(words(.format), selection: $model.format) {
                Text(words(.formatTecho)).tag(ExportModel.Format.techo)
                Text(words(.formatOriginals)).tag(ExportModel.Format.originals)
                Text(words(.formatFhir)).tag(ExportModel.Format.fhir)
                Text(words(.formatCsv)).tag(ExportModel.Format.csv)
                Text(words(.formatIps)).tag(ExportModel.Format.ips)
                Text(words(.formatPhr)).tag(ExportModel.Format.phr)
                Text(words(.formatJahis)).tag(ExportModel.Format.jahis)
                Text(words(.formatKenshin)).tag(ExportModel.Format.kenshin)
                Text(words(.formatPortal)).tag(ExportModel.Format.portal)
            }
            PersonPicker(title: words(.people), people: people.people, chosen: $model.personID, allowsEverybody: true)
            if model.canSeal {
                SecureField(words(.passphrase), text: $model.passphrase).textContentType(.newPassword)
            }
            if let warning = model.warning { Label(warning, systemImage: "lock.open") }
            Section {
                Button(words(.keep)) {
                    Task { await model.export(.keep) }
                }
                Button(words(.share)) {
                    Task { await model.export(.share) }
                }
            }
            .disabled(model.effort.isBusy)
            if let done = model.doneText { Label(done, systemImage: "checkmark.circle") }
            EffortSection(effort: model.effort)
        }
        .navigationTitle(words(.export))
        .task { await people.load() }
    }
}

struct BackupScreen: View {
    @State var model: BackupModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            Section {
                SecureField(words(.backupPassphrase), text: $model.passphrase).textContentType(.newPassword)
                SecureField(words(.passphraseAgain), text: $model.repeated).textContentType(.newPassword)
            } footer: {
                if let missing = model.missing { Text(missing) }
            }
            Section {
                Button(words(.keep)) {
                    Task { await model.backUp(.keep) }
                }
                Button(words(.share)) {
                    Task { await model.backUp(.share) }
                }
            }
            .disabled(model.missing != nil || model.effort.isBusy)
            if let done = model.doneText {
                Section {
                    Label(done, systemImage: "checkmark.circle")
                    ForEach(model.lines, id: \.self) { line in Text(line) }
                }
            }
            EffortSection(effort: model.effort)
        }
        .navigationTitle(words(.backup))
    }
}

struct RestoreScreen: View {
    @State var model: RestoreModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            if let done = model.doneText {
                Section {
                    Label(done, systemImage: "checkmark.circle")
                    ForEach(model.lines, id: \.self) { line in Text(line) }
                    Button(words(.openRestored)) {
                        Task { await model.open() }
                    }
                }
            } else {
                fields
            }
            EffortSection(effort: model.effort)
        }
        .navigationTitle(words(.restoreBackup))
    }

    private var fields: some View {
        Section {
            Button(model.fileName ?? words(.pickFile), systemImage: "doc") {
                Task { await model.pick() }
            }
            SecureField(words(.backupPassphrase), text: $model.passphrase).textContentType(.password)
            if model.canUseDeviceLock { Toggle(words(.useDeviceLock), isOn: $model.usesDeviceLock) }
            SecureField(words(.newPassphrase), text: $model.newPassphrase).textContentType(.newPassword)
            Button(words(.restoreBackup)) {
                Task { await model.restoreBackup() }
            }
            .disabled(model.missing != nil || model.effort.isBusy)
        } footer: {
            if let missing = model.missing { Text(missing) }
        }
    }
}
