// A fetch on a phone: interrupted between its steps, by the person, by the system, and by links of strangers. Relay and
// Mynaportal are the stand-ins; everything of ours is real.
import Foundation
import Testing

@testable import TechoKit

@Suite(.serialized) @MainActor struct FetchTests {
    /// A fetch that waits for the browser.
    private func atTheBrowser(_ phone: Phone, _ app: TechoModel) async throws -> FetchModel {
        let model = try #require(app.startFetch())
        model.form.personID = app.notebook?.personID
        model.form.items = ["checkup"]
        await model.ask()
        guard case .asking = model.stage else {
            throw Unplayable.said("\(model.stage) \(String(describing: model.effort.problem))")
        }
        #expect(model.granted.isEmpty, "nothing is ticked for the person")
        model.granted = ["checkup"]
        await model.answer()
        #expect(model.isBrowserOut, "\(model.stage)")
        return model
    }

    private func finish(_ model: FetchModel) async {
        for _ in 0..<20 where !model.isOver && model.effort.problem == nil {
            if model.isBrowserOut { await model.browse() } else { await model.go() }
        }
    }

    @Test func withoutARelayItIsASentence() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let model = try #require(app.startFetch())
        model.form.personID = app.notebook?.personID
        model.form.items = ["checkup"]
        await model.ask()
        #expect(model.effort.problem?.kind == "no_relay")
        #expect(model.stage == .choosing)
    }

    @Test func aFetchGoesOnAfterTheAppWasKilledBetweenItsSteps() async throws {
        let town = try Town()
        let phone = try Phone()
        phone.profile = town.profile
        phone.browser.answer = { try? await town.visit($0, as: "hanako") }
        let app = try await begun(phone)
        let killed = try await atTheBrowser(phone, app)
        // Killed: nothing of the app is left but its files. (The lock lets go of them, as the system does.)
        await app.lock()
        #expect(app.fetch == nil)
        _ = killed

        let again = await phone.app()
        let unlock = try lockScreen(again)
        unlock.passphrase = "春はあけぼの"
        await unlock.withPassphrase()
        let timeline = TimelineModel(try #require(again.notebook))
        await timeline.load()
        #expect(timeline.unfinished.count == 1)
        let waiting = try #require(timeline.unfinished.first)
        let resumed = await again.resumeFetch(waiting.id)
        let model = try #require(resumed)
        await finish(model)
        guard case .done(let digest) = model.stage else {
            throw Unplayable.said("\(model.stage) \(String(describing: model.effort.problem))")
        }
        #expect(!digest.sum.isEmpty)
        await timeline.load()
        #expect(timeline.unfinished.isEmpty && !timeline.rows.isEmpty)
        #expect(phone.watch.sum.onMain == 0)
    }

    @Test func aLinkOfAStrangerChangesNothing() async throws {
        let town = try Town()
        let phone = try Phone()
        phone.profile = town.profile
        phone.browser.answer = { try? await town.visit($0, as: "hanako") }
        let app = try await begun(phone)
        // No fetch waits for it: not even a problem.
        await app.opened(try #require(URL(string: "https://stranger.example/?code=1&state=2")))
        let model = try await atTheBrowser(phone, app)
        for link in [
            "https://stranger.example/redirect?code=1&state=2", "https://www.example.jp/redirect?code=x&state=y",
            "techo:",
        ] {
            await app.opened(try #require(URL(string: link)))
            #expect(model.effort.problem?.kind == "foreign_redirect", "\(link)")
            #expect(model.isBrowserOut)
            model.effort.dismissProblem()
        }
        await finish(model)
        guard case .done = model.stage else { throw Unplayable.said("\(model.stage)") }
    }

    @Test func aBrowserThatIsClosedIsNoFaultAndCanBeOpenedAgain() async throws {
        let town = try Town()
        let phone = try Phone()
        phone.profile = town.profile
        let app = try await begun(phone)
        let model = try await atTheBrowser(phone, app)
        await model.browse()
        #expect(model.effort.problem == nil && model.isBrowserOut)
        // Leaving the screen for the other app of the login does not lock.
        await app.left(isInBackground: true)
        #expect(app.notebook != nil && phone.screen.isCovered)
        phone.browser.answer = { try? await town.visit($0, as: "hanako") }
        await finish(model)
        guard case .done = model.stage else { throw Unplayable.said("\(model.stage)") }
    }

    @Test func stoppingKeepsTheFetchAndCancellingEndsIt() async throws {
        let town = try Town()
        let phone = try Phone()
        phone.profile = town.profile
        let app = try await begun(phone)
        let model = try await atTheBrowser(phone, app)
        model.stop()
        guard case .paused = model.stage else { throw Unplayable.said("\(model.stage)") }
        await model.go()
        #expect(model.isBrowserOut, "it goes on where it was")
        await model.cancel()
        #expect(model.isOver, "\(model.stage)")
        let timeline = TimelineModel(try #require(app.notebook))
        await timeline.load()
        #expect(timeline.unfinished.isEmpty && timeline.rows.isEmpty)
    }
}
