// The iOS app. Only views and the phone's own functions are here; everything that is shown or decided comes from
// TechoKit, and from the Rust library below it. This target needs Xcode and has not been run on a device.
import SwiftUI
import TechoKit
import UIKit

@main
struct TechoApp: App {
    @Environment(\.scenePhase) private var phase
    @State private var model: TechoModel

    init() {
        let language = Words.preferred(Bundle.main.preferredLocalizations)
        _model = State(initialValue: TechoModel(platform: DevicePlatform.make(), language: language))
    }

    var body: some Scene {
        WindowGroup {
            RootScreen(model: model)
                .environment(\.words, model.words)
                .task { await model.start() }
                .onOpenURL { address in
                    Task { await model.opened(address) }
                }
                .onContinueUserActivity(NSUserActivityTypeBrowsingWeb) { activity in
                    guard let address = activity.webpageURL else { return }
                    Task { await model.opened(address) }
                }
                .simultaneousGesture(TapGesture().onEnded { model.touched() })
        }
        .onChange(of: phase) { _, now in
            Task {
                switch now {
                case .active: await model.cameBack()
                case .inactive: await model.left(isInBackground: false)
                case .background: await lockInTime()
                @unknown default: break
                }
            }
        }
    }

    /// The system may stop the app at any moment after it left the screen; it is asked for the time that locking takes.
    private func lockInTime() async {
        let task = UIApplication.shared.beginBackgroundTask()
        await model.left(isInBackground: true)
        UIApplication.shared.endBackgroundTask(task)
    }
}

extension EnvironmentValues {
    /// The words in the person's language.
    @Entry var words = Words(.japanese)
}
