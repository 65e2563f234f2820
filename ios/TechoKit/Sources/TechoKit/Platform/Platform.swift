// What only the phone itself can do, as protocols: the app has the real ones, tests have small ones of their own. None of
// them decides anything about health records.
import Foundation

/// The device's own lock: keeps one secret that only a face, a finger or the device's code brings out again.
public protocol DeviceLock: Sendable {
    /// Whether this device has such a lock set up.
    func isAvailable() async -> Bool
    /// Whether a secret was sealed here before.
    func holdsSecret() async -> Bool
    /// Seals `secret` in place of an older one.
    func seal(_ secret: Data) async throws(DeviceLockError)
    /// Shows the system's prompt with `reason` and brings the secret out.
    func unseal(reason: String) async throws(DeviceLockError) -> Data
    /// Forgets the secret. Fine where there is none.
    func forget() async
}

/// Why the device's lock did not give its secret.
public enum DeviceLockError: Error, Equatable {
    /// The person turned back. No fault.
    case cancelled
    /// Faces, fingers or the device's code were changed, so the secret is gone for good.
    case changed
    /// No lock is set up, or it is blocked for now.
    case unavailable

    var kind: String { self == .changed ? "device_lock_changed" : "device_lock_unavailable" }

    var phrases: (what: Phrase, todo: Phrase)? {
        switch self {
        case .cancelled: nil
        case .changed: (.deviceLockChanged, .usePassphraseOrKit)
        case .unavailable: (.deviceLockUnavailable, .usePassphraseOrKit)
        }
    }
}

/// Keeps the last known position of the notebook where an old copy of its files cannot reach.
public protocol Witness: Sendable {
    func remembered() async -> Data?
    func remember(_ position: Data) async
    /// For a notebook that was made anew or restored.
    func forget() async
}

/// Hides what is on the screen: in the app switcher, and from recordings where the person wants that.
@MainActor public protocol ScreenCover: AnyObject {
    func show(_ covered: Bool)
    func forbidCapture(_ forbidden: Bool)
}

/// The system's document picker, in and out.
@MainActor public protocol DocumentPicker: AnyObject {
    /// - Returns: `nil` when the person picked nothing.
    func pick() async -> PickedFile?
    /// Offers to keep `file` where the person says.
    /// - Returns: whether it was kept.
    func place(_ file: URL) async -> Bool
}

/// A file that the person picked. It is read where it is: nothing is copied before the core has looked at its size.
public struct PickedFile: Sendable {
    public let path: String
    public let name: String
    private let release: @Sendable () -> Void

    /// - Parameter release: gives back the right to read it.
    public init(path: String, name: String, release: @escaping @Sendable () -> Void = {}) {
        self.path = path
        self.name = name
        self.release = release
    }

    public func done() { release() }
}

/// The system's share sheet.
@MainActor public protocol ShareSheet: AnyObject {
    func share(_ file: URL) async
}

/// The system's browser, in a session that ends at the address given to us.
@MainActor public protocol Browser: AnyObject {
    /// Opens `address` and waits for the browser to come back.
    func visit(_ address: URL) async throws(BrowserError) -> URL
}

public enum BrowserError: Error, Equatable {
    /// The person closed it. No fault.
    case closed
    case unavailable
}

/// The system's printing.
@MainActor public protocol Printer: AnyObject {
    /// - Returns: whether it was printed, or kept as PDF.
    func print(title: String, lines: [String]) async -> Bool
}

/// What time it is, and waiting. (Swift's own `Clock` cannot tell a date.)
public protocol Timekeeper: Sendable {
    func now() -> Date
    func pause(seconds: UInt32) async throws
}

/// The clock of the device.
public struct DeviceClock: Timekeeper {
    public init() {}
    public func now() -> Date { Date() }
    public func pause(seconds: UInt32) async throws { try await Task.sleep(for: .seconds(Int(seconds))) }
}

/// Everything of the platform in one hand.
@MainActor public struct Platform {
    public var deviceLock: any DeviceLock
    public var witness: any Witness
    public var cover: any ScreenCover
    public var picker: any DocumentPicker
    public var shareSheet: any ShareSheet
    public var browser: any Browser
    public var printer: any Printer
    public var clock: any Timekeeper
    public var background: Background
    /// The relay operator's profile (TOML), where one came with the app or was taken in.
    public var profile: @Sendable () -> String?
    /// The folder of the notebook.
    public var home: URL
    /// Where files wait that go out; emptied at every lock.
    public var outbox: URL
    public var lamp: any Lamp
    public var posture: any Posture
    public var press: any PagePress
    public var cardKey: any CardKey
    /// The folder of sealed emergency cards: beside the notebook and never in it.
    public var cards: URL

    public init(
        deviceLock: any DeviceLock, witness: any Witness, cover: any ScreenCover, picker: any DocumentPicker,
        shareSheet: any ShareSheet, browser: any Browser, printer: any Printer, clock: any Timekeeper,
        background: Background, profile: @escaping @Sendable () -> String?, home: URL, outbox: URL, lamp: any Lamp,
        posture: any Posture, press: any PagePress, cardKey: any CardKey, cards: URL
    ) {
        self.deviceLock = deviceLock
        self.witness = witness
        self.cover = cover
        self.picker = picker
        self.shareSheet = shareSheet
        self.browser = browser
        self.printer = printer
        self.clock = clock
        self.background = background
        self.profile = profile
        self.home = home
        self.outbox = outbox
        self.lamp = lamp
        self.posture = posture
        self.press = press
        self.cardKey = cardKey
        self.cards = cards
    }
}
