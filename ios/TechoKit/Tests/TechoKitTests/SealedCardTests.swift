// The emergency card that can be read without unlocking: only where it was allowed, never with more than the notebook still says,
// and gone with the choice.
import Foundation
import Synchronization
import Testing

@testable import TechoKit

/// What was counted on other threads.
private final class Counts: Sendable {
    let all = Mutex<[Int]>([])
}

@Suite(.serialized) @MainActor struct SealedCardTests {
    /// A card of own words and of the medicines on record.
    private func written(_ notebook: Notebook) async throws -> CardModel {
        let model = CardModel(notebook, personID: try await firstPerson(notebook))
        await model.load()
        #expect(model.access == .off && model.sheet == nil)
        try fill(model, "blood_group", "AB型 Rh−")
        let place = try #require(model.fields.firstIndex { $0.id == "medicines" })
        model.fields[place].isFromRecords = true
        await model.write()
        #expect(model.effort.problem == nil && model.isWritten && model.access == .afterUnlock)
        return model
    }

    private func fill(_ model: CardModel, _ field: String, _ text: String) throws {
        let place = try #require(model.fields.firstIndex { $0.id == field })
        model.fields[place].text = text
    }

    private func addMedicine(_ notebook: Notebook, _ name: String) async throws -> String {
        let model = WriteModel(notebook, .add(person: try await firstPerson(notebook)))
        await model.choose(kind: "medication")
        let today = Formatting.day(notebook.platform.clock.now())
        model.values = ["on": today, "name": name, "dose": "1", "dose_unit": "錠", "days": "28"]
        await model.write()
        return try #require(model.sheet.done?.record)
    }

    private func files(_ phone: Phone) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: phone.cards.path)) ?? []
    }

    /// What whoever holds the locked phone reads.
    private func readLocked(_ app: TechoModel) async throws -> [String] {
        let cards = try lockScreen(app).cards
        guard cards.isThere else { return [] }
        await cards.open()
        if let problem = cards.effort.problem { throw Unplayable.said(problem.what) }
        return cards.sheets.flatMap(\.rows).flatMap(\.lines)
    }

    @Test func aCardIsReadWithoutUnlockingOnlyWhereThatWasAllowed() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let model = try await written(try #require(app.notebook))
        #expect(files(phone).isEmpty && model.sheet?.rows.isEmpty == false)
        await app.lock()
        #expect(try await readLocked(app).isEmpty)

        let again = CardModel(try await reopened(app), personID: model.personID)
        await again.load()
        await again.allow(.withoutUnlocking)
        #expect(again.effort.problem == nil && again.access == .withoutUnlocking && files(phone) == [model.personID])
        let sealed = try Data(contentsOf: phone.cards.appendingPathComponent(model.personID))
        #expect(sealed.range(of: Data("AB型".utf8)) == nil, "the file is sealed")
        await app.lock()
        #expect(try await readLocked(app).contains("AB型 Rh−"))
        #expect(app.notebook == nil, "reading the card opens nothing")
    }

    @Test(arguments: [CardModel.Access.off, .afterUnlock])
    func switchingItOffErasesTheFileAndTheKey(_ access: CardModel.Access) async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let model = try await written(try #require(app.notebook))
        await model.allow(.withoutUnlocking)
        #expect(await phone.cardKey.kept != nil)
        await model.allow(access)
        #expect(model.access == access && files(phone).isEmpty)
        #expect(await phone.cardKey.kept == nil)
        #expect((model.sheet == nil) == (access == .off))
    }

    @Test func whatIsWrittenIsOnTheSealedCardAtOnce() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let notebook = try #require(app.notebook)
        let model = try await written(notebook)
        await model.allow(.withoutUnlocking)
        let record = try await addMedicine(notebook, "アムロジピン錠5mg")
        await app.lock()
        #expect(try await readLocked(app).contains { $0.contains("アムロジピン") })

        let opened = try await reopened(app)
        let decide = DecideModel(opened, .remove, .record(record))
        await decide.load()
        await decide.decide()
        #expect(decide.sheet.done != nil)
        await app.lock()
        #expect(!(try await readLocked(app).contains { $0.contains("アムロジピン") }))
    }

    @Test func noSealedCardOutlivesWhatWasErased() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let notebook = try #require(app.notebook)
        let model = try await written(notebook)
        await model.allow(.withoutUnlocking)
        let record = try await addMedicine(notebook, "アムロジピン錠5mg")
        let erase = EraseModel(notebook, .record(record))
        await erase.load()
        await erase.erase()
        #expect(erase.doneText != nil && files(phone) == [model.personID], "sealed anew")
        await app.lock()
        let lines = try await readLocked(app)
        #expect(lines.contains("AB型 Rh−") && !lines.contains { $0.contains("アムロジピン") })

        let person = EraseModel(try await reopened(app), .person(model.personID))
        await person.load()
        await person.erase()
        #expect(person.doneText != nil && files(phone).isEmpty)
        #expect(await phone.cardKey.kept == nil)
    }

    @Test func whileRecordsAreErasedNoSealedCardLiesThere() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let notebook = try #require(app.notebook)
        let model = try await written(notebook)
        await model.allow(.withoutUnlocking)
        let erase = EraseModel(notebook, .record(try await addMedicine(notebook, "アムロジピン錠5mg")))
        await erase.load()
        let (folder, seen) = (phone.cards.path, Counts())
        phone.watch.before { pace in
            guard pace == .long else { return }
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            seen.all.withLock { $0.append(files.count) }
        }
        await erase.erase()
        phone.watch.before(nil)
        #expect(seen.all.withLock { $0 } == [0], "an app that is killed in it leaves no card")
        #expect(erase.doneText != nil && files(phone) == [model.personID])
    }

    @Test func anErasureThatFailsLeavesTheCardAsItWas() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let notebook = try #require(app.notebook)
        let model = try await written(notebook)
        await model.allow(.withoutUnlocking)
        let record = try await addMedicine(notebook, "アムロジピン錠5mg")
        let two = [EraseModel(notebook, .record(record)), EraseModel(notebook, .record(record))]
        for one in two { await one.load() }
        await two[0].erase()
        await two[1].erase()
        #expect(two[1].effort.problem != nil && files(phone) == [model.personID])
    }

    @Test func whoTurnsBackAtARenewalHasNoOldCardLyingThere() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let app = try await begun(phone, usesDeviceLock: true)
        let model = try await written(try #require(app.notebook))
        await model.allow(.withoutUnlocking)
        await app.lock()
        await (try lockScreen(app)).withDevice()
        let notebook = try #require(app.notebook)
        #expect(notebook.sealedCards.notice == nil && files(phone) == [model.personID], "nothing had changed")
        // Opened by the device alone: a new card asks who it is.
        await phone.lock.answer(with: .cancelled)
        _ = try await addMedicine(notebook, "アムロジピン錠5mg")
        #expect(files(phone).isEmpty && notebook.sealedCards.notice == Words(.japanese)(.cardWithdrawn))
        let again = CardModel(notebook, personID: model.personID)
        await again.load()
        #expect(again.access == .afterUnlock)
        await again.allow(.withoutUnlocking)
        #expect(again.access == .afterUnlock && files(phone).isEmpty, "and the switch asks as well")
        await phone.lock.answer(with: nil)
        let before = await phone.lock.prompts
        await again.allow(.withoutUnlocking)
        #expect(again.access == .withoutUnlocking && files(phone).count == 1)
        #expect(await phone.lock.prompts == before + 1)
    }

    @Test func aCardThatIsBehindAtTheOpeningIsToldOfAndNotAskedFor() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let app = try await begun(phone, usesDeviceLock: true)
        let model = try await written(try #require(app.notebook))
        await model.allow(.withoutUnlocking)
        await app.lock()
        // As after a crash between an erasure and the new card.
        try FileManager.default.removeItem(at: phone.cards.appendingPathComponent(model.personID))
        await (try lockScreen(app)).withDevice()
        let notebook = try #require(app.notebook)
        let prompts = await phone.lock.prompts
        #expect(notebook.sealedCards.notice == Words(.japanese)(.cardIsBehind) && files(phone).isEmpty)
        await notebook.sealedCards.renewNow()
        #expect(notebook.sealedCards.notice == nil && files(phone) == [model.personID])
        #expect(await phone.lock.prompts == prompts + 1)
    }

    @Test func withoutAPlaceForItsKeyThereIsNoSuchCard() async throws {
        let phone = try Phone()
        phone.cardKey = PocketCardKey(keeps: false)
        let app = try await begun(phone)
        let model = try await written(try #require(app.notebook))
        await model.allow(.withoutUnlocking)
        #expect(model.effort.problem?.kind == "card_key" && model.access == .afterUnlock && files(phone).isEmpty)
    }

    @Test func cardsOfANotebookThatIsGoneAreSweptAway() async throws {
        let phone = try Phone()
        try FileManager.default.createDirectory(at: phone.cards, withIntermediateDirectories: true)
        try Data("old".utf8).write(to: phone.cards.appendingPathComponent("somebody"))
        let app = try await begun(phone)
        #expect(app.notebook != nil && files(phone).isEmpty)
    }

    @Test func theSampleFamilyHasNoCardOutsideOfItsNotebook() async throws {
        let phone = try Phone()
        let app = await phone.app()
        guard case .firstStart(let start) = app.place else { throw Unplayable.said("not the first start") }
        await start.choose(.sample)
        let notebook = try #require(app.notebook)
        let model = CardModel(notebook, personID: try await firstPerson(notebook))
        await model.load()
        #expect(!model.canBeReadLocked)
        try fill(model, "blood_group", "A型")
        await model.write()
        await model.allow(.withoutUnlocking)
        #expect(model.access == .afterUnlock && files(phone).isEmpty)
    }

    @Test func theCardLeavesAsAPictureAndAsAPage() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let model = try await written(try #require(app.notebook))
        await model.hand(picture: true, .share)
        let drawing = try #require(phone.screen.shared.last)
        #expect(String(decoding: drawing, as: UTF8.self).contains("<svg"))
        phone.stand.pixels = Data([0x89, 0x50, 0x4E, 0x47])
        await model.hand(picture: true, .share)
        #expect(phone.screen.shared.last == phone.stand.pixels, "pixels where the phone can make them")
        await model.printPage()
        #expect(phone.stand.printed.count == 1 && phone.stand.printed.first?.contains("AB型 Rh−") == true)
        let left = (try? FileManager.default.contentsOfDirectory(atPath: phone.platform.outbox.path)) ?? []
        #expect(left == [])
    }
}
