// A slice for another notebook, and a grown child's records into a notebook of their own.
import SwiftUI
import TechoKit

struct SliceScreen: View {
    @State var model: SliceModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            Section {
                Toggle(words(.sliceGrowthOnly), isOn: $model.isGrowthOnly)
                Toggle(words(.includeSensitive), isOn: $model.showsSensitive)
                Toggle(words(.showHiddenRecords), isOn: $model.showsHidden)
            } footer: {
                Text(words(.sliceNote))
            }
            SealFields(seal: $model.seal)
            Section {
                Button(words(.keep)) {
                    Task { await model.share(.keep) }
                }
                Button(words(.share)) {
                    Task { await model.share(.share) }
                }
            } footer: {
                if let missing = model.missing { Text(missing) }
            }
            .disabled(model.missing != nil || model.effort.isBusy)
            ForEach(model.doneLines, id: \.self) { line in Text(line) }
            EffortSection(effort: model.effort)
        }
        .navigationTitle(words(.slice))
    }
}

struct HandOverScreen: View {
    @State var model: HandOverModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            ForEach(model.doneLines, id: \.self) { line in Text(line) }
            switch model.stage {
            case .asking: asking
            case .deciding: deciding
            case .over: EmptyView()
            }
            EffortSection(effort: model.effort)
        }
        .navigationTitle(words(.handOver))
        .task(id: model.age) { await model.load() }
    }

    @ViewBuilder private var asking: some View {
        Section {
            Picker(words(.handOverAge), selection: $model.age) {
                ForEach(HandOverModel.ages, id: \.self) { age in Text(verbatim: "\(age)").tag(age) }
            }
            if let text = model.ageText { Toggle(text, isOn: $model.isSure) }
        } footer: {
            Text(words(.handOverNote))
        }
        SealFields(seal: $model.seal)
        Section {
            Button(words(.keep)) {
                Task { await model.handOverFile() }
            }
            .disabled(model.missing != nil || model.effort.isBusy)
        } footer: {
            if let missing = model.missing { Text(missing) }
        }
    }

    private var deciding: some View {
        Section {
            Text(model.endText)
            Button(words(.endAccess), role: .destructive) {
                Task { await model.endAccess() }
            }
            Button(words(.keepAccess)) {
                Task { await model.keepAccess() }
            }
        }
        .disabled(model.effort.isBusy)
    }
}

/// Who gives it, and the passphrase of the file.
private struct SealFields: View {
    @Binding var seal: SealForm
    @Environment(\.words) private var words: Words

    var body: some View {
        Section {
            TextField(words(.giver), text: $seal.from).textContentType(.name)
            SecureField(words(.passphrase), text: $seal.passphrase).textContentType(.newPassword)
            SecureField(words(.passphraseAgain), text: $seal.repeated).textContentType(.newPassword)
        }
    }
}
