// What the phone adds where something is shown to somebody else, or handed over on paper: light, which way it lies, the key of
// the emergency card, pictures. The app has the real ones.
import Foundation

/// How bright the screen is.
@MainActor public protocol Lamp: AnyObject {
    /// As bright as it goes, so that another pair of eyes, or a scanner, can read it.
    func raise()
    /// What it was before. Fine where it was not raised.
    func giveBack()
}

/// Which way the phone lies.
@MainActor public protocol Posture: AnyObject {
    /// Calls `turned` when the screen is laid face down, until `stop`.
    func watch(_ turned: @escaping @MainActor () -> Void)
    func stop()
}

/// Keeps the one key of the emergency cards. It asks for nothing, so that a card can be read while the notebook is locked; it opens
/// nothing but those cards, and never leaves this device.
public protocol CardKey: Sendable {
    func secret() async -> Data?
    /// - Returns: whether it is kept now.
    func keep(_ secret: Data) async -> Bool
    func forget() async
}

/// Pages and drawings that the core made.
@MainActor public protocol PagePress: AnyObject {
    /// Prints a page of HTML that needs nothing from elsewhere.
    /// - Returns: whether it was printed, or kept as PDF.
    func print(page: String) async -> Bool
    /// The pixels (PNG) of a drawing (SVG), for what takes no drawings: the lock screen's picture.
    func pixels(of drawing: String) async -> Data?
}
