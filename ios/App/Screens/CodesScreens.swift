// QR codes for a pharmacy or a clinic: made, then shown one after the other, as large and as bright as the phone can.
import SwiftUI
import TechoKit

struct CodesScreen: View {
    @State var model: CodesModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Form {
            Section {
                Picker(words(.codesKind), selection: $model.kind) {
                    Text(words(.codesJahis)).tag(CodesModel.Kind.jahis)
                    Text(words(.codesIps)).tag(CodesModel.Kind.ips)
                }
                TextField(words(.from), text: $model.from, prompt: Text(words(.bornHint)))
                    .keyboardType(.numbersAndPunctuation)
                TextField(words(.until), text: $model.until, prompt: Text(words(.bornHint)))
                    .keyboardType(.numbersAndPunctuation)
                Toggle(words(.includeSensitive), isOn: $model.showsSensitive)
            }
            Button(words(.makeCodes), systemImage: "qrcode") {
                Task { await model.make() }
            }
            .disabled(model.effort.isBusy)
            EffortSection(effort: model.effort)
            if let turn = model.turn {
                Section {
                    Text(turn.text)
                    ForEach(model.remarks, id: \.self) { remark in Text(remark) }
                    Button(words(.showCodes), systemImage: "eye") { model.show() }
                }
            }
        }
        .navigationTitle(words(.codes))
        .fullScreenCover(isPresented: isShown) { shown }
        .onDisappear { model.close() }
    }

    private var isShown: Binding<Bool> {
        Binding(get: { model.isShown }, set: { isShown in if !isShown { model.close() } })
    }

    private var shown: some View {
        VStack {
            Button(words(.done), systemImage: "xmark.circle") { model.close() }
                .frame(minHeight: 44)
            if let turn = model.turn { CodesTurnView(turn: turn, words: words) }
            Spacer()
        }
        .padding()
        .frame(maxWidth: .infinity, maxHeight: .infinity)
        .foregroundStyle(.black)
        .background(.white)
        .environment(\.colorScheme, .light)
    }
}

/// Codes in turn, with their number and a way to stay with one.
struct CodesTurnView: View {
    let turn: CodesTurn
    let words: Words

    var body: some View {
        VStack(spacing: 12) {
            Text(turn.title).font(.headline)
            if let code = turn.current {
                CodeCanvas(code: code)
                Text(code.text).font(.title3).monospacedDigit()
            }
            if turn.codes.count > 1 {
                HStack {
                    Button(words(.previousCode), systemImage: "backward") { turn.turn(-1) }
                    Button(
                        words(turn.isPaused ? .goOnCodes : .pauseCodes), systemImage: turn.isPaused ? "play" : "pause"
                    ) { turn.pause() }
                    Button(words(.nextCode), systemImage: "forward") { turn.turn(1) }
                }
                .labelStyle(.iconOnly)
                .frame(minHeight: 44)
            }
            Text(turn.note).font(.footnote)
        }
        .task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(CodesTurn.seconds))
                turn.tick()
            }
        }
    }
}

/// The squares of one code: whole pixels, dark on light whatever the rest of the screen is.
private struct CodeCanvas: View {
    let code: CodeState
    @Environment(\.displayScale) private var scale

    var body: some View {
        GeometryReader { space in
            let pixels = floor(min(space.size.width, space.size.height) * scale / CGFloat(code.side))
            let unit = max(1, pixels) / scale
            Canvas { context, _ in
                context.fill(
                    Path(CGRect(x: 0, y: 0, width: unit * CGFloat(code.side), height: unit * CGFloat(code.side))),
                    with: .color(.white))
                for run in code.runs {
                    let square = CGRect(
                        x: CGFloat(run.from) * unit, y: CGFloat(run.row) * unit, width: CGFloat(run.length) * unit,
                        height: unit)
                    context.fill(Path(square), with: .color(.black), style: FillStyle(antialiased: false))
                }
            }
            .frame(width: unit * CGFloat(code.side), height: unit * CGFloat(code.side))
            .frame(maxWidth: .infinity, maxHeight: .infinity)
        }
        .aspectRatio(1, contentMode: .fit)
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(code.text)
    }
}
