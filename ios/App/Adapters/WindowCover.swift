// Hides the notebook in the app switcher, and while the screen is recorded or mirrored.
import SwiftUI
import TechoKit
import UIKit

@MainActor
final class WindowCover: ScreenCover {
    private var window: UIWindow?
    private var isCovered = false
    private var forbidsCapture = false

    init() {
        NotificationCenter.default.addObserver(
            self, selector: #selector(captureChanged), name: UIScreen.capturedDidChangeNotification, object: nil)
    }

    func show(_ covered: Bool) {
        isCovered = covered
        update()
    }

    func forbidCapture(_ forbidden: Bool) {
        forbidsCapture = forbidden
        update()
    }

    @objc private func captureChanged() { update() }

    private func update() {
        let scene = UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }.first
        let isCaptured = forbidsCapture && (scene?.screen.isCaptured ?? false)
        guard isCovered || isCaptured, let scene else {
            window?.isHidden = true
            window = nil
            return
        }
        guard window == nil else { return }
        // A window of its own above everything, so that alerts and sheets are hidden as well.
        let cover = UIWindow(windowScene: scene)
        cover.windowLevel = .alert + 1
        cover.rootViewController = UIHostingController(rootView: CoverScreen())
        cover.isHidden = false
        window = cover
    }
}

/// What is seen in the app switcher.
private struct CoverScreen: View {
    var body: some View {
        Image(systemName: "book.closed")
            .font(.system(size: 64))
            .frame(maxWidth: .infinity, maxHeight: .infinity)
            .background(.background)
            .accessibilityHidden(true)
    }
}
