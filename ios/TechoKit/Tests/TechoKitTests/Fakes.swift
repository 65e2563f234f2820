// A phone of the tests' own: the adapters with nothing behind them but memory and a folder. The library is the real one.
import Foundation
import Synchronization

@testable import TechoKit

/// Keeps its secret in memory, and can lose it as a real one does.
actor PocketLock: DeviceLock {
    private var secret: Data?
    private var fault: DeviceLockError?
    private(set) var prompts = 0
    private let isThere: Bool

    init(isThere: Bool = false) { self.isThere = isThere }

    func isAvailable() -> Bool { isThere }
    func holdsSecret() -> Bool { secret != nil }
    func seal(_ secret: Data) throws(DeviceLockError) { self.secret = secret }
    func unseal(reason: String) throws(DeviceLockError) -> Data {
        prompts += 1
        if let fault { throw fault }
        guard let secret else { throw .changed }
        return secret
    }
    func forget() { secret = nil }

    /// From now on it answers with this.
    func answer(with fault: DeviceLockError?) { self.fault = fault }
    /// As when faces or fingers were changed.
    func reset() { fault = .changed }
}

actor PocketWitness: Witness {
    private var position: Data?
    func remembered() -> Data? { position }
    func remember(_ position: Data) { self.position = position }
    func forget() { position = nil }
}

/// Time that moves when it is told to, and never waits.
final class PocketClock: Timekeeper {
    private let offset = Mutex(0.0)
    func now() -> Date { Date(timeIntervalSinceNow: offset.withLock { $0 }) }
    func pause(seconds: UInt32) async throws { try Task.checkCancellation() }
    func pass(minutes: Double) { offset.withLock { $0 += minutes * 60 } }

    /// To the noon of a day, as in `2026-05-03`, until `comeHome`.
    func travel(to day: String) throws {
        let noon = try Date("\(day)T12:00:00Z", strategy: .iso8601)
        offset.withLock { $0 = noon.timeIntervalSinceNow }
    }
    func comeHome() { offset.withLock { $0 = 0 } }
}

@MainActor final class PocketScreen: ScreenCover, ShareSheet, Printer {
    private(set) var isCovered = false
    private(set) var forbidsCapture = false
    private(set) var shared: [Data] = []
    private(set) var printed: [String] = []

    func show(_ covered: Bool) { isCovered = covered }
    func forbidCapture(_ forbidden: Bool) { forbidsCapture = forbidden }
    func share(_ file: URL) async { shared.append((try? Data(contentsOf: file)) ?? Data()) }
    func print(title: String, lines: [String]) async -> Bool {
        printed = [title] + lines
        return true
    }
}

/// Gives the file it was told to, and keeps what goes out.
@MainActor final class PocketPicker: DocumentPicker {
    var next: PickedFile?
    let folder: URL
    private(set) var kept: [URL] = []
    var refuses = false

    init(folder: URL) { self.folder = folder }

    func pick() async -> PickedFile? { next }
    func place(_ file: URL) async -> Bool {
        guard !refuses else { return false }
        let place = folder.appendingPathComponent("\(kept.count)-\(file.lastPathComponent)")
        guard (try? FileManager.default.copyItem(at: file, to: place)) != nil else { return false }
        kept.append(place)
        return true
    }
}

@MainActor final class PocketBrowser: Browser {
    /// What the browser comes back with; `nil` is a person who closes it.
    var answer: @MainActor (URL) async -> URL? = { _ in nil }
    private(set) var visited: [URL] = []

    func visit(_ address: URL) async throws(BrowserError) -> URL {
        visited.append(address)
        guard let back = await answer(address) else { throw .closed }
        return back
    }
}

/// Light and posture: what was asked of the phone, and a hand that turns it.
@MainActor final class PocketStand: Lamp, Posture, PagePress {
    private(set) var isBright = false
    private(set) var raised = 0
    private(set) var printed: [String] = []
    /// What the press makes of a drawing; `nil` is a phone that cannot.
    var pixels: Data?
    private var turned: (@MainActor () -> Void)?

    func raise() { (isBright, raised) = (true, raised + 1) }
    func giveBack() { isBright = false }
    func watch(_ turned: @escaping @MainActor () -> Void) { self.turned = turned }
    func stop() { turned = nil }
    var isWatched: Bool { turned != nil }

    /// The phone is laid on its face.
    func layFaceDown() { turned?() }

    func print(page: String) async -> Bool {
        printed.append(page)
        return true
    }
    func pixels(of drawing: String) async -> Data? { pixels }
}

actor PocketCardKey: CardKey {
    private(set) var kept: Data?
    private let keeps: Bool
    init(keeps: Bool = true) { self.keeps = keeps }
    func secret() -> Data? { kept }
    func keep(_ secret: Data) -> Bool {
        if keeps { kept = secret }
        return keeps
    }
    func forget() { kept = nil }
}

/// Every call into the library, and whether one was on the main thread.
final class Watch: Sendable {
    private let calls = Mutex((quick: 0, long: 0, onMain: 0))
    private let look = Mutex<(@Sendable (Pace) -> Void)?>(nil)

    /// Calls `look` before each call into the library, on its thread.
    func before(_ look: (@Sendable (Pace) -> Void)?) { self.look.withLock { $0 = look } }

    func take(_ pace: Pace, _ isOnMain: Bool) {
        look.withLock { $0 }?(pace)
        calls.withLock { calls in
            if pace == .quick { calls.quick += 1 } else { calls.long += 1 }
            if isOnMain { calls.onMain += 1 }
        }
    }

    var sum: (quick: Int, long: Int, onMain: Int) { calls.withLock { $0 } }
}

/// The whole phone, with a folder that is gone when the test is over.
@MainActor final class Phone {
    let folder: URL
    let lock: PocketLock
    let witness = PocketWitness()
    let clock = PocketClock()
    let screen = PocketScreen()
    let picker: PocketPicker
    let browser = PocketBrowser()
    let watch = Watch()
    let stand = PocketStand()
    var cardKey = PocketCardKey()
    var profile: String?
    var home: URL

    init(hasDeviceLock: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "techo-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        lock = PocketLock(isThere: hasDeviceLock)
        picker = PocketPicker(folder: folder)
        home = folder.appendingPathComponent("vault", isDirectory: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var platform: Platform {
        let profile = profile
        let watch = watch
        return Platform(
            deviceLock: lock, witness: witness, cover: screen, picker: picker, shareSheet: screen, browser: browser,
            printer: screen, clock: clock, background: Background { watch.take($0, $1) }, profile: { profile },
            home: home, outbox: folder.appendingPathComponent("outbox", isDirectory: true), lamp: stand, posture: stand,
            press: stand, cardKey: cardKey, cards: cards)
    }

    /// Where sealed emergency cards lie.
    var cards: URL { folder.appendingPathComponent("cards", isDirectory: true) }

    /// A started app on this phone.
    func app(_ language: Language = .japanese) async -> TechoModel {
        let model = TechoModel(platform: platform, language: language)
        await model.start()
        return model
    }
}

/// Where the checkout is: what is shared with the other shells lies there.
enum Checkout {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func fixture(_ name: String) -> PickedFile {
        let file = root.appendingPathComponent("tests/fixtures").appendingPathComponent(name)
        return PickedFile(path: file.path, name: file.lastPathComponent)
    }

    /// Every Swift file below `folder`, by its name.
    static func sources(_ folder: String) throws -> [(name: String, text: String)] {
        let start = root.appendingPathComponent(folder)
        let files =
            FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return try files.filter { $0.pathExtension == "swift" }.map {
            ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
        }
    }
}
