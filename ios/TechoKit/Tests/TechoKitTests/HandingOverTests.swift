// Records that go to another notebook: a slice holds what was chosen and nothing else, and nothing is erased here before the file
// was kept and somebody said yes.
import Foundation
import Testing

@testable import TechoKit

@Suite(.serialized) @MainActor struct HandingOverTests {
    /// A notebook with a child, a weight and a dose of theirs.
    private func family(_ phone: Phone) async throws -> (app: TechoModel, notebook: Notebook, child: String) {
        let app = try await begun(phone)
        let notebook = try #require(app.notebook)
        let people = PeopleModel(notebook)
        people.form = PersonForm(name: "手帳 太郎", born: "2019-06-20", gender: .male)
        await people.add()
        let child = try #require(people.people.first { $0.name == "手帳 太郎" }).id
        let entries = [
            "measurement": ["on": "2020-03-01", "what": "weight", "value": "9.0", "unit": "kg"],
            "vaccination": ["on": "2020-07-01", "vaccine": "mr"],
        ]
        for (kind, values) in entries {
            let model = WriteModel(notebook, .add(person: child))
            await model.choose(kind: kind)
            model.values = values
            await model.write()
            #expect(model.sheet.done != nil)
        }
        return (app, notebook, child)
    }

    private func seal() -> SealForm {
        var seal = SealForm()
        (seal.from, seal.passphrase, seal.repeated) = ("手帳 花子", "夏は夜", "夏は夜")
        return seal
    }

    private func kinds(_ notebook: Notebook) async -> Set<String> {
        let timeline = TimelineModel(notebook)
        await timeline.load()
        return Set(timeline.rows.map(\.kindName))
    }

    @Test func aSliceOfGrowthBringsGrowthAndNothingElse() async throws {
        let phone = try Phone()
        let (_, notebook, child) = try await family(phone)
        notebook.personID = child
        let all = await kinds(notebook)
        let model = SliceModel(notebook, personID: child)
        #expect(model.missing != nil, "who gives it is not said")
        (model.seal, model.isGrowthOnly) = (seal(), true)
        #expect(model.missing == nil)
        await model.share(.keep)
        #expect(model.effort.problem == nil && !model.doneLines.isEmpty && model.seal.passphrase.isEmpty)
        let file = try #require(phone.picker.kept.first)
        #expect(try Data(contentsOf: file).range(of: Data("太郎".utf8)) == nil, "the file is sealed")

        let other = try Phone()
        let there = try #require((try await begun(other)).notebook)
        let taking = ImportModel(there)
        await taking.look(at: PickedFile(path: file.path, name: file.lastPathComponent))
        taking.passphrase = "夏は夜"
        await taking.take()
        #expect(taking.effort.problem == nil && taking.done != nil)
        let people = PeopleModel(there)
        await people.load()
        there.personID = try #require(people.people.first { $0.name == "手帳 太郎" }).id
        let came = await kinds(there)
        #expect(!came.isEmpty && came.isStrictSubset(of: all), "the dose stayed at home")
    }

    @Test func turningBackAtThePickerErasesNothing() async throws {
        let phone = try Phone()
        let (_, notebook, child) = try await family(phone)
        phone.picker.refuses = true
        let model = HandOverModel(notebook, personID: child)
        await model.load()
        #expect(model.ageText != nil, "a child is not of age")
        model.seal = seal()
        #expect(model.missing == notebook.words(.handOverTooYoung))
        model.isSure = true
        await model.handOverFile()
        #expect(model.effort.problem == nil && model.stage == .asking)
        await model.endAccess()
        let people = PeopleModel(notebook)
        await people.load()
        #expect(people.people.contains { $0.id == child })
    }

    @Test(arguments: [false, true])
    func theRecordsGoOnlyAfterAYes(_ ends: Bool) async throws {
        let phone = try Phone()
        let (_, notebook, child) = try await family(phone)
        let model = HandOverModel(notebook, personID: child)
        await model.load()
        (model.seal, model.isSure) = (seal(), true)
        await model.handOverFile()
        #expect(model.effort.problem == nil && model.stage == .deciding && phone.picker.kept.count == 1)
        let people = PeopleModel(notebook)
        await people.load()
        #expect(people.people.contains { $0.id == child } && !model.endText.isEmpty, "nothing is erased before the yes")
        if ends { await model.endAccess() } else { await model.keepAccess() }
        #expect(model.effort.problem == nil && model.stage == .over)
        await people.load()
        #expect(people.people.contains { $0.id == child } == !ends)
        let left = (try? FileManager.default.contentsOfDirectory(atPath: phone.platform.outbox.path)) ?? []
        #expect(left == [])

        // The child's own notebook, out of that file alone.
        let other = try Phone()
        let app = await other.app()
        guard case .firstStart(let first) = app.place else { throw Unplayable.said("not the first start") }
        let restoring = first.restoring()
        let file = try #require(phone.picker.kept.first)
        other.picker.next = PickedFile(path: file.path, name: file.lastPathComponent)
        await restoring.pick()
        (restoring.passphrase, restoring.newPassphrase) = ("夏は夜", "秋は夕暮れ")
        await restoring.restoreBackup()
        #expect(restoring.effort.problem == nil)
        await restoring.open()
        let own = PeopleModel(try #require(app.notebook))
        await own.load()
        #expect(own.people.map(\.name) == ["手帳 太郎"])
    }
}
