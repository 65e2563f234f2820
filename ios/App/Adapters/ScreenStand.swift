// How bright the screen is, and which way the phone lies.
import TechoKit
import UIKit

@MainActor
final class ScreenLamp: Lamp {
    private var before: CGFloat?

    private var screen: UIScreen? {
        UIApplication.shared.connectedScenes.compactMap { $0 as? UIWindowScene }.first?.screen
    }

    func raise() {
        guard before == nil, let screen else { return }
        before = screen.brightness
        screen.brightness = 1
        // Whoever reads touches nothing; the showing has an end of its own.
        UIApplication.shared.isIdleTimerDisabled = true
    }

    func giveBack() {
        UIApplication.shared.isIdleTimerDisabled = false
        guard let before else { return }
        screen?.brightness = before
        self.before = nil
    }
}

@MainActor
final class FacePosture: NSObject, Posture {
    private var turned: (@MainActor () -> Void)?

    func watch(_ turned: @escaping @MainActor () -> Void) {
        stop()
        self.turned = turned
        UIDevice.current.beginGeneratingDeviceOrientationNotifications()
        NotificationCenter.default.addObserver(
            self, selector: #selector(looked), name: UIDevice.orientationDidChangeNotification, object: nil)
    }

    func stop() {
        guard turned != nil else { return }
        turned = nil
        NotificationCenter.default.removeObserver(self, name: UIDevice.orientationDidChangeNotification, object: nil)
        UIDevice.current.endGeneratingDeviceOrientationNotifications()
    }

    @objc private func looked() {
        if UIDevice.current.orientation == .faceDown { turned?() }
    }
}
