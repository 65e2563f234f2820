// Which of the places the person is in.
import SwiftUI
import TechoKit

struct RootScreen: View {
    let model: TechoModel
    @Environment(\.words) private var words: Words

    var body: some View {
        Group {
            switch model.place {
            case .starting: ProgressView(words(.busy))
            case .unusable(let problem): ProblemNote(problem: problem).padding()
            case .firstStart(let start): FirstStartScreen(model: start)
            case .locked(let unlock): UnlockScreen(model: unlock)
            case .open(let notebook):
                // While something is shown to somebody else there is nothing beside it to reach.
                if let showing = model.showing {
                    ShowingScreen(model: showing, app: model)
                } else {
                    NotebookScreen(model: model, notebook: notebook)
                }
            }
        }
        .task(id: model.notebook != nil) { await watch() }
    }

    /// Asks now and then whether the time without a touch is over.
    private func watch() async {
        while model.notebook != nil, !Task.isCancelled {
            try? await Task.sleep(for: .seconds(10))
            await model.lockIfIdle()
        }
    }
}

/// The open notebook.
struct NotebookScreen: View {
    let model: TechoModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        TabView {
            TimelineScreen(model: TimelineModel(notebook), app: model, notebook: notebook)
                .tabItem { Label(words(.timeline), systemImage: "list.bullet.rectangle") }
            SearchScreen(model: SearchModel(notebook), notebook: notebook)
                .tabItem { Label(words(.search), systemImage: "magnifyingglass") }
            PeopleScreen(model: PeopleModel(notebook), app: model, notebook: notebook)
                .tabItem { Label(words(.people), systemImage: "person.2") }
            SettingsScreen(model: SettingsModel(notebook), app: model, notebook: notebook)
                .tabItem { Label(words(.settings), systemImage: "gearshape") }
        }
        .safeAreaInset(edge: .top) { notice }
        .sheet(isPresented: isAsking) { PresenceSheet(presence: notebook.presence) }
    }

    @ViewBuilder private var notice: some View {
        if let card = notebook.sealedCards.notice {
            VStack(spacing: 0) {
                Notice(text: card, symbol: "cross.case")
                Button(words(.renewCard)) {
                    Task { await notebook.sealedCards.renewNow() }
                }
            }
        }
        if notebook.isSample {
            Notice(text: words(.sampleNotice), symbol: "theatermasks")
        } else if notebook.isRescue {
            Notice(text: words(.rescueNotice), symbol: "lifepreserver")
        }
    }

    private var isAsking: Binding<Bool> {
        Binding(
            get: { notebook.presence.isAsking },
            set: { isShown in if !isShown { notebook.presence.decline() } })
    }
}
