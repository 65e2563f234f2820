// What goes out and comes in: who is asked first, what is cleaned up, and files that were picked by mistake.
import Foundation
import Testing

@testable import TechoKit

@Suite(.serialized) @MainActor struct KeepingTests {
    /// A notebook opened by the device's lock: that alone does not let anything out.
    private func openedByDevice(_ phone: Phone) async throws -> Notebook {
        let app = try await begun(phone, usesDeviceLock: true)
        await app.lock()
        await (try lockScreen(app)).withDevice()
        return try #require(app.notebook)
    }

    @Test func anExportAsksWhoItIsFirst() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let notebook = try await openedByDevice(phone)
        let before = await phone.lock.prompts
        let model = ExportModel(notebook)
        model.format = .csv
        #expect(model.warning != nil, "an open file is called one")
        await model.export(.keep)
        #expect(model.effort.problem == nil)
        #expect(await phone.lock.prompts == before + 1)
        #expect(phone.picker.kept.count == 1)
    }

    @Test func turningBackLetsNothingOut() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let notebook = try await openedByDevice(phone)
        await phone.lock.answer(with: .cancelled)
        let model = ExportModel(notebook)
        await model.export(.share)
        #expect(model.effort.problem == nil && model.doneText == nil)
        #expect(phone.picker.kept.isEmpty && phone.screen.shared.isEmpty)
    }

    @Test func whereTheDeviceCannotAnswerThePassphraseIsAsked() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let notebook = try await openedByDevice(phone)
        await phone.lock.answer(with: .unavailable)
        let model = ExportModel(notebook)
        model.format = .csv
        let export = Task { await model.export(.keep) }
        while !notebook.presence.isAsking { await Task.yield() }
        await notebook.presence.answer("ちがう合言葉")
        #expect(notebook.presence.effort.problem?.kind == "wrong_passphrase" && notebook.presence.isAsking)
        await notebook.presence.answer("春はあけぼの")
        await export.value
        #expect(phone.picker.kept.count == 1 && !notebook.presence.isAsking)
    }

    @Test func whatWasNotHandedOverIsRemoved() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let notebook = try #require(app.notebook)
        phone.picker.refuses = true
        let model = BackupModel(notebook)
        (model.passphrase, model.repeated) = ("冬はつとめて", "冬はつとめて")
        await model.backUp(.keep)
        #expect(model.effort.problem == nil && model.doneText == nil)
        let outbox = phone.platform.outbox
        let left = (try? FileManager.default.contentsOfDirectory(atPath: outbox.path)) ?? []
        #expect(left == [])
        #expect(model.passphrase.isEmpty)
    }

    @Test func aFileOfAGigabyteIsRefusedAndNotRead() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let model = ImportModel(try #require(app.notebook))
        let file = phone.folder.appendingPathComponent("film.mov")
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        let handle = try FileHandle(forWritingTo: file)
        // Sparse: it takes no room here.
        try handle.truncate(atOffset: 1 << 30)
        try handle.close()
        phone.picker.next = PickedFile(path: file.path, name: "film.mov")
        await model.pick()
        #expect(model.effort.problem?.kind == "too_large")
        #expect(model.draft == nil)
    }

    @Test func aPictureWithCodesIsReadAndOneWithoutIsASentence() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let model = ImportModel(try #require(app.notebook))
        await model.look(at: Checkout.fixture("jahis/photo.png"))
        #expect(model.effort.problem == nil && model.draft?.documents.isEmpty == false)
        await model.look(at: Checkout.fixture("jahis/photo-without-code.png"))
        let told = model.effort.problem ?? model.draft?.documents.compactMap(\.problem).first
        #expect(told?.kind == "no_qr" && model.draft?.canTake != true)
    }

    @Test func anImportThatWasCutOffLeavesNothingHalfDone() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let model = ImportModel(try #require(app.notebook))
        await model.look(at: Checkout.fixture("family/hanako-tokutei-2024.xml"))
        #expect(model.draft?.canTake == true)
        // The app is killed while the draft is on the screen.
        await app.lock()
        await model.take()
        #expect(model.effort.problem?.kind == "locked" && model.done == nil)
        let unlock = try lockScreen(app)
        unlock.passphrase = "春はあけぼの"
        await unlock.withPassphrase()
        let timeline = TimelineModel(try #require(app.notebook))
        await timeline.load()
        #expect(timeline.isEmpty)
    }

    @Test func aFileIsGivenBackWhateverBecomesOfIt() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let model = ImportModel(try #require(app.notebook))
        await confirmation(expectedCount: 2) { released in
            for name in ["no-such-file.xml", "hello.txt"] {
                let file = phone.folder.appendingPathComponent(name)
                if name == "hello.txt" { try? Data("hello".utf8).write(to: file) }
                phone.picker.next = PickedFile(path: file.path, name: name) { released() }
                await model.pick()
                model.letGo()
            }
        }
    }

    @Test func anImportBringsRecordsAndGrowsTheEdition() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let notebook = try #require(app.notebook)
        let edition = notebook.edition
        let model = ImportModel(notebook)
        phone.picker.next = Checkout.fixture("family/hanako-tokutei-2024.xml")
        await model.pick()
        #expect(model.effort.problem == nil)
        let draft = try #require(model.draft)
        #expect(draft.canTake && draft.documents.count == 1)
        #expect(model.missing == nil, "whose it is was seen from the document")
        await model.take()
        #expect(model.effort.problem == nil && model.done != nil && model.draft == nil)
        #expect(notebook.edition == edition + 1)

        let timeline = TimelineModel(notebook)
        await timeline.load()
        let row = try #require(timeline.rows.first)
        let event = EventModel(notebook, id: row.id)
        await event.load()
        let record = try #require(event.records.first { $0.valueText != nil })
        let value = try #require(record.valueText)
        #expect(notebook.veil.hides(record.id))
        #expect(!record.spoken(isHidden: true).contains(value), "a hidden value is not read aloud")
        #expect(record.spoken(isHidden: false).contains(value))
        notebook.veil.lift(record.id)
        #expect(!notebook.veil.hides(record.id))
        notebook.veil.draw()
        #expect(notebook.veil.hides(record.id))

        let shown = RecordModel(notebook, id: record.id)
        await shown.load()
        await shown.shareOriginal()
        let original = try Data(
            contentsOf: URL(fileURLWithPath: Checkout.fixture("family/hanako-tokutei-2024.xml").path))
        #expect(phone.screen.shared == [original], "byte for byte")
        #expect(phone.watch.sum.onMain == 0 && phone.watch.sum.quick > 5)
    }

    @Test func turningAProtectionOffIsWrittenDown() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let notebook = try #require(app.notebook)
        let model = SettingsModel(notebook)
        await model.load()
        #expect(model.settings.hidesValues && phone.screen.forbidsCapture)
        await model.set(.hidesValues, false)
        #expect(!model.settings.hidesValues && !notebook.veil.hides("x"))
        await model.set(.securesScreen, false)
        #expect(!phone.screen.forbidsCapture)
    }

    @Test func theKitIsPrintedAndThenGone() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let model = RecoveryKitModel(try #require(app.notebook))
        await model.make()
        let code = try #require(model.code)
        await model.print()
        #expect(phone.screen.printed.contains(code))
        model.putAway()
        #expect(model.code == nil && model.lines.isEmpty)
        await app.lock()
        let unlock = try lockScreen(app)
        #expect(unlock.ways.contains(.recovery))
    }

    @Test func theTextsSayWhichVersionWasAgreedTo() async throws {
        let phone = try Phone()
        let app = try await begun(phone)
        let notebook = try #require(app.notebook)
        for text in LegalModel.Text.allCases {
            let model = LegalModel(text, words: notebook.words, notebook: notebook)
            #expect(!model.title.isEmpty && !model.paragraphs.isEmpty && !model.version.isEmpty)
            #expect(!model.needsAgreement)
            #expect(text == .contact || model.agreement?.version == model.version)
        }
    }
}
