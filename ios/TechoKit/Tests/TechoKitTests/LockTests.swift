// Opening and locking: keys that no longer work, leaving the screen, and what must never happen (a new, empty notebook in
// place of one that does not open).
import Foundation
import Testing

@testable import TechoKit

/// A notebook that was just begun, with one person in it.
@MainActor func begun(
    _ phone: Phone, passphrase: String = "春はあけぼの", usesDeviceLock: Bool = false
) async throws -> TechoModel {
    let app = await phone.app()
    guard case .firstStart(let start) = app.place else { throw Unplayable.said("not the first start") }
    await start.choose(.file)
    start.person = PersonForm(name: "手帳 花子", kana: "テチョウ ハナコ", born: "1972-04-15", gender: .female)
    (start.passphrase, start.repeated, start.usesDeviceLock) = (passphrase, passphrase, usesDeviceLock)
    await start.makeNotebook()
    if let problem = start.effort.problem { throw Unplayable.said(problem.what) }
    await start.finish()
    return app
}

@MainActor func lockScreen(_ app: TechoModel) throws -> Unlock {
    guard case .locked(let unlock) = app.place else { throw Unplayable.said("not locked") }
    return unlock
}

@Suite(.serialized) @MainActor struct LockTests {
    @Test func theFirstStartHasThreeStepsAndSaysWhatIsMissing() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let app = await phone.app()
        guard case .firstStart(let start) = app.place else { throw Unplayable.said("not the first start") }
        #expect(start.progressText == "3つのうち1つ目")
        await start.choose(.file)
        #expect(start.step == .lock && start.canUseDeviceLock && start.usesDeviceLock)
        #expect(start.missing == Words(.japanese)(.nameMissing))
        start.person = PersonForm(name: "手帳 花子", born: "1972-04-15", gender: .female)
        #expect(start.missing == nil, "the device's lock is enough")
        start.passphrase = "春"
        #expect(start.missing == Words(.japanese)(.passphrasesDiffer))
        start.repeated = "春"
        await start.makeNotebook()
        #expect(start.effort.problem == nil)
        #expect(start.step == .record && start.importing != nil && !start.hasFirstRecord)
        #expect(start.passphrase.isEmpty, "a passphrase stays nowhere")
        await start.finish()
        let notebook = try #require(app.notebook)
        // The kit is offered now, after the first record, and not in its way.
        #expect(notebook.needsRecoveryKit)
        await RecoveryKitModel(notebook).postpone()
        #expect(!notebook.needsRecoveryKit)
    }

    @Test func aBirthdayThatDoesNotExistIsCorrectedWithoutASecondNotebook() async throws {
        let phone = try Phone()
        let app = await phone.app()
        guard case .firstStart(let start) = app.place else { throw Unplayable.said("not the first start") }
        await start.choose(.file)
        start.person = PersonForm(name: "手帳 花子", born: "1972-02-30", gender: .female)
        (start.passphrase, start.repeated) = ("春", "春")
        await start.makeNotebook()
        #expect(start.effort.problem != nil && start.step == .lock)
        start.person.born = "1972-02-29"
        (start.passphrase, start.repeated) = ("春", "春")
        await start.makeNotebook()
        #expect(start.effort.problem == nil && start.step == .record)
    }

    @Test func theDeviceOpensAndWhenItIsResetThePassphraseDoes() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let app = try await begun(phone, usesDeviceLock: true)
        await app.lock()
        var unlock = try lockScreen(app)
        #expect(unlock.ways == [.device, .passphrase])
        await unlock.withDevice()
        #expect(app.notebook != nil && unlock.effort.problem == nil)

        await app.lock()
        await phone.lock.reset()
        unlock = try lockScreen(app)
        await unlock.withDevice()
        #expect(unlock.effort.problem?.kind == "device_lock_changed")
        #expect(unlock.ways == [.passphrase] && unlock.deviceLockIsGone)
        #expect(app.notebook == nil)
        unlock.passphrase = "春はあけぼの"
        await unlock.withPassphrase()
        let people = PeopleModel(try #require(app.notebook))
        await people.load()
        // The same notebook, not a new one.
        #expect(people.people.map(\.name) == ["手帳 花子"])
    }

    @Test func aSecretOfAnotherNotebookIsAsGoodAsGone() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let app = try await begun(phone, usesDeviceLock: true)
        await app.lock()
        try await phone.lock.seal(Data(repeating: 1, count: 32))
        let unlock = try lockScreen(app)
        await unlock.withDevice()
        #expect(unlock.effort.problem?.kind == "device_lock_changed" && unlock.ways == [.passphrase])
    }

    @Test func turningBackFromTheDevicesPromptIsNoFault() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let app = try await begun(phone, usesDeviceLock: true)
        await app.lock()
        await phone.lock.answer(with: .cancelled)
        let unlock = try lockScreen(app)
        await unlock.withDevice()
        #expect(unlock.effort.problem == nil && unlock.ways == [.device, .passphrase] && app.notebook == nil)
    }

    @Test func aNotebookThatIsGoneIsNeverMadeAnew() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        await app.lock()
        for file in try FileManager.default.contentsOfDirectory(at: phone.home, includingPropertiesForKeys: nil)
        where file.lastPathComponent != "CURRENT" {
            try FileManager.default.removeItem(at: file)
        }
        let again = await phone.app()
        let unlock = try lockScreen(again)
        unlock.passphrase = "春はあけぼの"
        await unlock.withPassphrase()
        #expect(unlock.effort.problem != nil && again.notebook == nil)
    }

    @Test func leavingTheScreenCoversAndLocks() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        await app.left(isInBackground: false)
        #expect(phone.screen.isCovered && app.notebook != nil)
        await app.cameBack()
        #expect(!phone.screen.isCovered)
        await app.left(isInBackground: true)
        #expect(phone.screen.isCovered && app.notebook == nil)
        await app.cameBack()
        #expect(app.notebook == nil)
    }

    @Test func aNotebookThatNobodyTouchesLocks() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let settings = SettingsModel(try #require(app.notebook))
        await settings.lockAfter(minutes: 5)
        #expect(settings.settings.lockAfterMinutes == 5)
        app.touched()
        phone.clock.pass(minutes: 4.9)
        await app.lockIfIdle()
        #expect(app.notebook != nil)
        phone.clock.pass(minutes: 0.2)
        await app.lockIfIdle()
        #expect(app.notebook == nil)
    }

    @Test func aClockThatWasSetBackLocksToo() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        phone.clock.pass(minutes: -60)
        await app.lockIfIdle()
        #expect(app.notebook == nil)
    }

    @Test func aLibraryOfAnotherVersionIsASentenceAndNotACrash() async throws {
        let phone = try Phone()
        let app = TechoModel(platform: phone.platform, language: .japanese)
        await app.start(library: "0.0.0")
        guard case .unusable(let problem) = app.place else { throw Unplayable.said("used all the same") }
        #expect(problem.what == Words(.japanese)(.libraryForeign) && !problem.todo.isEmpty)
    }

    @Test func theSampleFamilyIsGoneWhenItIsLocked() async throws {
        let phone = try Phone()
        let app = await phone.app()
        guard case .firstStart(let start) = app.place else { throw Unplayable.said("not the first start") }
        await start.choose(.sample)
        #expect(start.effort.problem == nil)
        let notebook = try #require(app.notebook)
        #expect(notebook.isSample && !notebook.needsRecoveryKit)
        let timeline = TimelineModel(notebook)
        await timeline.load()
        while timeline.hasMore { await timeline.loadMore() }
        #expect(Set(timeline.rows.map(\.id)).count == timeline.rows.count)
        #expect(!timeline.rows.isEmpty)
        let sample = phone.folder.appendingPathComponent("sample")
        #expect(FileManager.default.fileExists(atPath: sample.path))
        await app.lock()
        guard case .firstStart = app.place else { throw Unplayable.said("not back at the first start") }
        #expect(!FileManager.default.fileExists(atPath: sample.path))
    }
}
