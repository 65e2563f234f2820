// Opening the notebook, and what is left when that does not work.
import SwiftUI
import TechoKit

struct UnlockScreen: View {
    @Bindable var model: Unlock
    @Environment(\.words) private var words: Words

    var body: some View {
        NavigationStack {
            Form {
                LockedCardsSection(model: model.cards)
                if model.mustChoosePassphrase { choosePassphrase } else { ways }
                EffortSection(effort: model.effort)
                if model.isDamaged { damage }
                Section {
                    NavigationLink(words(.restoreBackup)) { RestoreScreen(model: model.restoring()) }
                }
            }
            .navigationTitle(words(.locked))
        }
        .task {
            // The system's prompt would stand before the card, for whoever finds its owner.
            if model.ways.first == .device, !model.cards.isThere { await model.withDevice() }
        }
    }

    @ViewBuilder private var ways: some View {
        if model.ways.contains(.device) {
            Button(words(.useDeviceLock), systemImage: "faceid") {
                Task { await model.withDevice() }
            }
        }
        if model.ways.contains(.passphrase) {
            Section {
                SecureField(words(.passphrase), text: $model.passphrase).textContentType(.password)
                Button(words(.unlock)) {
                    Task { await model.withPassphrase() }
                }
                .disabled(model.passphrase.isEmpty || model.effort.isBusy)
            }
        }
        if model.ways.contains(.recovery) {
            Section {
                TextField(words(.recoveryCode), text: $model.code)
                    .textInputAutocapitalization(.characters)
                    .autocorrectionDisabled()
                Button(words(.useRecoveryKit)) {
                    Task { await model.withRecovery() }
                }
                .disabled(model.code.isEmpty || model.effort.isBusy)
            }
        }
    }

    private var choosePassphrase: some View {
        Section(words(.choosePassphrase)) {
            SecureField(words(.newPassphrase), text: $model.newPassphrase).textContentType(.newPassword)
            Button(words(.next)) {
                Task { await model.choosePassphrase() }
            }
            .disabled(model.newPassphrase.isEmpty || model.effort.isBusy)
        }
    }

    private var damage: some View {
        Section(words(.damaged)) {
            Button(words(.rescue)) {
                Task { await model.rescue() }
            }
            Button(words(.acceptLoss), role: .destructive) {
                Task { await model.acceptLoss() }
            }
            Text(words(.acceptLossNote)).font(.footnote)
        }
    }
}
