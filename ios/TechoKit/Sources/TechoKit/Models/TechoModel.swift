// The whole app in one place: first start, locked, or open. It decides nothing about records; it knows where the notebook
// is, when to lock it, and what an address that comes in from outside is for.
import Foundation
import Observation
import TechoCore

@MainActor @Observable public final class TechoModel {
    /// Where the person is.
    public enum Place {
        case starting
        /// The library inside the app is not the one this app was made for.
        case unusable(Problem)
        case firstStart(FirstStart)
        case locked(Unlock)
        case open(Notebook)
    }

    /// The version of the library that these view models were written for.
    public nonisolated static let libraryVersion = "0.1.0"

    public private(set) var place: Place = .starting
    public let words: Words
    /// The fetch that is running, so that an address from outside finds it.
    public private(set) var fetch: FetchModel?
    /// What somebody else is being shown; while it is there, nothing else of the notebook is on the screen.
    public private(set) var showing: ShowingModel?

    @ObservationIgnored let platform: Platform
    @ObservationIgnored private var lastTouch: Date
    @ObservationIgnored private var pendingLink: URL?

    public init(platform: Platform, language: Language) {
        self.platform = platform
        words = Words(language)
        lastTouch = platform.clock.now()
    }

    /// Looks whether there is a notebook. A missing one is never made by this.
    public func start() async {
        await start(library: version())
    }

    func start(library found: String) async {
        guard found == Self.libraryVersion else {
            place = .unusable(Problem(kind: "library", what: words(.libraryForeign), todo: words(.installAgain)))
            return
        }
        // Whatever waited to go out when the app was killed.
        try? FileManager.default.removeItem(at: platform.outbox)
        let home = platform.home.path
        if vaultExists(dir: home) {
            await showLock()
        } else {
            place = .firstStart(FirstStart(platform: platform, words: words) { [weak self] in await self?.open($0) })
        }
    }

    private func showLock() async {
        let unlock = Unlock(platform: platform, words: words) { [weak self] in await self?.open($0) }
        await unlock.prepare()
        place = .locked(unlock)
    }

    func open(_ notebook: Notebook) async {
        await notebook.arrive()
        lastTouch = platform.clock.now()
        place = .open(notebook)
        platform.cover.show(false)
    }

    public var notebook: Notebook? {
        if case .open(let notebook) = place { notebook } else { nil }
    }

    // MARK: Locking

    public func lock() async {
        guard let notebook else { return }
        await showing?.end()
        showing = nil
        fetch?.stop()
        fetch = nil
        let wasSample = notebook.isSample
        await notebook.lock()
        if wasSample { try? FileManager.default.removeItem(at: sampleHome(platform)) }
        // The sample is gone with its key; there may be no notebook yet.
        if wasSample, !vaultExists(dir: platform.home.path) { await start() } else { await showLock() }
    }

    /// The app left the screen, to the switcher or altogether.
    public func left(isInBackground: Bool) async {
        platform.cover.show(true)
        guard isInBackground else { return }
        // While the browser is out for a fetch the person comes back soon; the time still counts. What is shown to somebody else
        // is over in any case.
        guard showing != nil || fetch?.isBrowserOut != true else { return }
        await lock()
    }

    /// The app is on the screen again.
    public func cameBack() async {
        await lockIfIdle()
        platform.cover.show(false)
    }

    /// The person touched the screen.
    public func touched() { lastTouch = platform.clock.now() }

    /// Locks after the time the person chose. The app asks this now and then.
    public func lockIfIdle() async {
        guard let notebook else { return }
        // Somebody who reads touches nothing; a showing has an end of its own.
        guard showing == nil else { return await endShowingInTime() }
        let idle = platform.clock.now().timeIntervalSince(lastTouch)
        // A clock that was set back is no reason to stay open.
        if idle < 0 || idle >= Double(notebook.settings.lockAfterMinutes) * 60 { await lock() }
    }

    // MARK: Showing

    /// Puts a showing in the place of everything else.
    /// - Returns: whether it could; a notebook that was locked meanwhile shows nothing.
    func show(_ fresh: ShowingModel) async -> Bool {
        guard let notebook, !notebook.isLocked, showing == nil else {
            await fresh.end()
            return false
        }
        showing = fresh
        fresh.appear { [weak self] in
            Task { await self?.endShowing() }
        }
        return true
    }

    /// Ends the showing and locks the notebook: whoever holds the phone now sees no more.
    public func endShowing() async {
        guard let showing else { return }
        guard notebook?.isSample == true else { return await lock() }
        // Invented records need no lock, and locking would throw them away.
        await showing.end()
        self.showing = nil
    }

    /// Ends the showing when its minutes are over. The app asks this every second.
    public func endShowingInTime() async {
        guard let showing, showing.tick() else { return }
        await endShowing()
    }

    // MARK: Fetching

    /// The screen for a new fetch, or for the one that is running.
    public func startFetch() -> FetchModel? {
        guard let notebook else { return nil }
        if let fetch, !fetch.isOver { return fetch }
        let fresh = FetchModel(notebook)
        fetch = fresh
        return fresh
    }

    /// Goes on with a fetch that was interrupted, for example because the app was killed.
    @discardableResult
    public func resumeFetch(_ id: String) async -> FetchModel? {
        guard let model = startFetch() else { return nil }
        await model.resume(id)
        if let link = pendingLink {
            pendingLink = nil
            await model.cameBack(link)
        }
        return model
    }

    /// An address from outside. Only a fetch that waits for one may have it; the core says whether it is its own, and a
    /// stranger's changes nothing.
    public func opened(_ address: URL) async {
        if let fetch, fetch.isBrowserOut {
            await fetch.cameBack(address)
        } else if notebook == nil {
            // Kept in memory until the notebook is unlocked and the interrupted fetch goes on.
            pendingLink = address
        }
    }
}

/// The throw-away notebook of the sample family is beside the real one and never in its place.
func sampleHome(_ platform: Platform) -> URL {
    platform.home.deletingLastPathComponent().appendingPathComponent("sample", isDirectory: true)
}
