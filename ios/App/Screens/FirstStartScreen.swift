// The first start in three steps.
import SwiftUI
import TechoKit

struct FirstStartScreen: View {
    @Bindable var model: FirstStart
    @Environment(\.words) private var words: Words

    var body: some View {
        NavigationStack {
            Form {
                Section { Text(model.progressText).font(.footnote) }
                switch model.step {
                case .way: ways
                case .lock: lock
                case .record: record
                }
                EffortSection(effort: model.effort)
            }
            .navigationTitle(words(.appName))
        }
    }

    @ViewBuilder private var ways: some View {
        Section {
            Text(words(.welcome))
            Text(words(.howToBegin)).font(.headline)
        }
        Section {
            choice(.file, words(.wayFile), words(.wayFileHint))
            choice(.fetch, words(.wayFetch), words(.wayFetchHint))
            choice(.sample, words(.waySample), words(.waySampleHint))
        }
        Section {
            NavigationLink(words(.restoreBackup)) { RestoreScreen(model: model.restoring()) }
        }
    }

    private func choice(_ way: FirstStart.Way, _ title: String, _ hint: String) -> some View {
        Button {
            Task { await model.choose(way) }
        } label: {
            VStack(alignment: .leading) {
                Text(title)
                Text(hint).font(.footnote).foregroundStyle(.secondary)
            }
            .frame(minHeight: 44)
        }
        .disabled(model.effort.isBusy)
    }

    @ViewBuilder private var lock: some View {
        Section(words(.lockAndPerson)) {
            if !model.addsPersonLater { PersonFields(form: $model.person) }
            Toggle(words(.addPersonLater), isOn: $model.addsPersonLater)
        }
        Section {
            if model.canUseDeviceLock { Toggle(words(.useDeviceLock), isOn: $model.usesDeviceLock) }
            SecureField(words(.passphrase), text: $model.passphrase).textContentType(.newPassword)
            SecureField(words(.passphraseAgain), text: $model.repeated).textContentType(.newPassword)
        } footer: {
            if let missing = model.missing { Text(missing) }
        }
        Section {
            Text(words(.agreeing)).font(.footnote)
            NavigationLink(words(.privacyPolicy)) { LegalScreen(model: LegalModel(.privacy, words: words)) }
            NavigationLink(words(.termsOfUse)) { LegalScreen(model: LegalModel(.terms, words: words)) }
            Button(words(.makeNotebook)) {
                Task { await model.makeNotebook() }
            }
            .disabled(model.missing != nil || model.effort.isBusy)
            Button(words(.back)) { model.back() }
        }
    }

    @ViewBuilder private var record: some View {
        Section { Text(words(.firstRecord)).font(.headline) }
        if let importing = model.importing {
            ImportFields(model: importing, people: [])
        } else if let fetching = model.fetching {
            FetchFields(model: fetching, people: [])
        }
        Section {
            Button(words(model.hasFirstRecord ? .next : .later)) {
                Task { await model.finish() }
            }
        }
    }
}
