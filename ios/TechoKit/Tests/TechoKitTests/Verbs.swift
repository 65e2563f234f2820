// The verbs of the scenario files, each as the taps of a person: only what a screen offers is used.
import Foundation

@testable import TechoKit

extension Player {
    func play(_ step: Step) async throws -> Seen {
        var verbs: [String: Verb] = [
            "start": (["passphrase"], start), "unlock": (["passphrase"], unlock), "lock": ([], lock),
            "recover": (["new_passphrase"], recover), "make_kit": ([], makeKit), "people": ([], people),
            "add_person": (["name", "kana", "born", "sex"], addPerson), "look": (["file"], look),
            "import": (
                ["file", "person", "anyway", "digits_checked", "confirm_table", "document_title", "on"], takeIn
            ),
            "timeline": (["person", "kind"], timeline), "open_record": (["title", "nth"], openRecord),
            "history": (["person", "asked"], history), "search": (["words", "person"], search),
            "export": (["format", "person", "passphrase"], export), "backup": (["passphrase"], backUp),
            "restore": (["passphrase"], restoreLast), "erase": (["title", "document_of", "person"], erase),
            "ledger": ([], ledger), "consents": ([], consents), "withdraw": (["erase"], withdraw),
            "settings": ([], settings), "set": (["setting", "on"], set),
            "fetch": (["person", "items", "acts_as", "actor", "grant", "citizen"], fetch),
            "damage": (["how"], damage), "accept_loss": (["passphrase"], acceptLoss), "verify": ([], verify),
        ]
        verbs.merge(penVerbs) { own, _ in own }
        verbs.merge(familyVerbs) { own, _ in own }
        guard let verb = verbs[step.verb] else { throw Unplayable.said("no such verb: \(step.verb)") }
        let unknown = step.unknown(knowing: verb.known)
        guard unknown.isEmpty else { throw Unplayable.said("\(step.verb) does not know \(unknown)") }
        return try await verb.act(step)
    }

    // MARK: Opening and locking

    private func start(_ step: Step) async throws -> Seen {
        guard case .firstStart(let first) = app.place else { throw Unplayable.said("not the first start") }
        passphrase = try step.needed("passphrase")
        await first.choose(.file)
        (first.passphrase, first.repeated, first.addsPersonLater) = (passphrase, passphrase, true)
        guard first.missing == nil else { throw Unplayable.said("the first start misses: \(first.missing ?? "")") }
        await first.makeNotebook()
        return afterOpening(first.effort)
    }

    private func unlock(_ step: Step) async throws -> Seen {
        let unlock = try unlocking()
        unlock.passphrase = try step.needed("passphrase")
        await unlock.withPassphrase()
        if unlock.effort.problem == nil { passphrase = try step.needed("passphrase") }
        return afterOpening(unlock.effort)
    }

    private func lock(_ step: Step) async throws -> Seen {
        await app.lock()
        guard case .locked = app.place else { throw Unplayable.said("it did not lock") }
        return Seen()
    }

    private func recover(_ step: Step) async throws -> Seen {
        let unlock = try unlocking()
        guard let kitCode else { throw Unplayable.said("no kit was made") }
        unlock.code = kitCode
        await unlock.withRecovery()
        guard unlock.mustChoosePassphrase else { return seen(unlock.effort, []) }
        passphrase = try step.needed("new_passphrase")
        unlock.newPassphrase = passphrase
        await unlock.choosePassphrase()
        return afterOpening(unlock.effort)
    }

    private func makeKit(_ step: Step) async throws -> Seen {
        let kit = RecoveryKitModel(try opened())
        await kit.make()
        kitCode = kit.code
        return seen(kit.effort, [kit.title, kit.code].compactMap { $0 } + kit.lines)
    }

    private func damage(_ step: Step) async throws -> Seen {
        guard case .locked = app.place else { throw Unplayable.said("only a locked notebook is hurt") }
        switch try step.needed("how") {
        case "page":
            var bytes = try Data(contentsOf: records())
            bytes[40] ^= 1
            try bytes.write(to: records())
        case "lost_wal":
            guard let recordsBefore else { throw Unplayable.said("no earlier state") }
            try recordsBefore.write(to: records())
            // Mostly there is none: it is emptied into the records' file as soon as the anchor is durable.
            try? FileManager.default.removeItem(at: file("vault-wal"))
        case "empty": try Data().write(to: records())
        case "anchor": try FileManager.default.removeItem(at: file("anchor"))
        case let other: throw Unplayable.said("no such damage: \(other)")
        }
        return Seen()
    }

    private func acceptLoss(_ step: Step) async throws -> Seen {
        let unlock = try unlocking()
        if !unlock.isDamaged {
            unlock.passphrase = try step.needed("passphrase")
            await unlock.withPassphrase()
        }
        await unlock.acceptLoss()
        return afterOpening(unlock.effort)
    }

    // MARK: People and reading

    private func people(_ step: Step) async throws -> Seen {
        let model = PeopleModel(try opened())
        await model.load()
        return seen(
            model.effort, model.people.flatMap { [$0.name, $0.kana, $0.aboutText, $0.recordsText].compactMap { $0 } })
    }

    private func addPerson(_ step: Step) async throws -> Seen {
        let notebook = try opened()
        let model = PeopleModel(notebook)
        let gender: PersonForm.Gender = try step.needed("sex") == "male" ? .male : .female
        model.form = PersonForm(
            name: try step.needed("name"), kana: step.text("kana") ?? "", born: try step.needed("born"), gender: gender)
        await model.add()
        // The family is looked at as a whole again.
        notebook.personID = nil
        return seen(model.effort, model.people.map(\.name))
    }

    private func timeline(_ step: Step) async throws -> Seen {
        let notebook = try opened()
        notebook.personID = try await person(step.text("person"))
        defer { notebook.personID = nil }
        let model = TimelineModel(notebook)
        if let kind = step.text("kind") {
            guard model.kinds.contains(where: { $0.id == kind }) else { throw Unplayable.said("no kind \(kind)") }
            model.kindID = kind
        }
        await model.load()
        while model.hasMore, model.effort.problem == nil { await model.loadMore() }
        listed = model.rows.map { ($0.title, $0.document, nil, $0.id) }
        return seen(
            model.effort,
            model.rows.flatMap {
                [$0.dateText, $0.kindName, $0.title, $0.personName, $0.source, $0.recordsText].compactMap { $0 }
            })
    }

    private func search(_ step: Step) async throws -> Seen {
        let notebook = try opened()
        notebook.personID = try await person(step.text("person"))
        defer { notebook.personID = nil }
        let model = SearchModel(notebook)
        model.text = try step.needed("words")
        await model.search()
        list(model.found)
        return seen(model.effort, model.found.flatMap(\.lines))
    }

    private func openRecord(_ step: Step) async throws -> Seen {
        let notebook = try opened()
        let title = try step.needed("title")
        let fitting = listed.filter { $0.title == title }
        let place = (step.number("nth") ?? 1) - 1
        guard fitting.indices.contains(place) else { throw Unplayable.said("not in the last list: \(title)") }
        if let record = fitting[place].record {
            let model = RecordModel(notebook, id: record)
            await model.load()
            // Hidden until touched, as everywhere.
            guard model.record == nil || model.isHidden else { throw Unplayable.said("the value was not hidden") }
            model.reveal()
            guard !model.isHidden else { throw Unplayable.said("the value stayed hidden") }
            return seen(model.effort, model.record?.lines ?? [])
        }
        let model = EventModel(notebook, id: fitting[place].event ?? "")
        await model.load()
        while model.hasMore, model.effort.problem == nil { await model.loadMore() }
        list(model.records)
        return seen(model.effort, model.records.flatMap(\.lines))
    }

    private func list(_ records: [RecordState]) {
        listed = records.map { ($0.title, $0.document, $0.record, $0.event) }
    }

    private func history(_ step: Step) async throws -> Seen {
        guard let person = try await person(try step.needed("person")) else { throw Unplayable.said("whose history?") }
        let model = HistoryModel(try opened(), personID: person)
        await model.load()
        await model.show(try step.needed("asked"))
        guard model.isHidden || model.asked == nil else { throw Unplayable.said("the chart was not hidden") }
        model.reveal()
        return seen(model.effort, model.charts.flatMap { lines(of: $0) })
    }

    private func lines(of chart: ChartState) -> [String] {
        var lines = [chart.title, chart.summary] + chart.notes
        for line in chart.lines { lines += [line.name] + line.points.map(\.spoken) }
        for row in chart.rows { lines += [row.lineName, row.dateText, row.valueText] }
        return lines
    }

    private func verify(_ step: Step) async throws -> Seen {
        let model = SettingsModel(try opened())
        await model.check()
        guard model.effort.problem != nil || model.isWhole == true else {
            throw Unplayable.said("not whole: \(model.checkLines)")
        }
        return seen(model.effort, model.checkLines)
    }

    // MARK: In and out

    private func look(_ step: Step) async throws -> Seen {
        let model = ImportModel(try opened())
        await model.look(at: Checkout.fixture(try step.needed("file")))
        defer { model.letGo() }
        if let unreadable = unreadable(model.draft) { return unreadable }
        return seen(model.effort, lines(of: model.draft))
    }

    private func takeIn(_ step: Step) async throws -> Seen {
        let model = ImportModel(try opened())
        let person = try await person(step.text("person"))
        await model.look(at: Checkout.fixture(try step.needed("file")))
        if model.effort.problem != nil { return seen(model.effort, []) }
        if step.yes("confirm_table") == true {
            guard model.draft?.canTake == false else { throw Unplayable.said("nobody had confirmed the table") }
            await model.confirmTable()
        }
        if let title = step.text("document_title") {
            model.keepsDocument = true
            (model.documentTitle, model.documentDay) = (title, step.text("on") ?? "")
        } else if let unreadable = unreadable(model.draft) {
            return unreadable
        }
        model.personID = person ?? model.personID
        (model.acceptsDifference, model.digitsChecked) = (
            step.yes("anyway") ?? false, step.yes("digits_checked") ?? false
        )
        guard model.missing == nil else { throw Unplayable.said("the draft misses: \(model.missing ?? "")") }
        await model.take()
        // After a fault the draft is still on the screen.
        if model.effort.problem != nil {
            var seen = seen(model.effort, [])
            seen.lines += lines(of: model.draft)
            return seen
        }
        var lines: [String] = []
        if let done = model.done {
            lines = [done.text] + done.lines + done.waiting
            lines += done.refused.map { "\($0.place) \($0.reason)" }
        }
        return seen(model.effort, lines)
    }

    /// A document that cannot be read is told in the draft, and there is nothing to take.
    private func unreadable(_ draft: DraftState?) -> Seen? {
        guard let draft, !draft.canTake, let problem = draft.documents.compactMap(\.problem).first else { return nil }
        return Seen(lines: lines(of: draft), problem: problem)
    }

    private func lines(of draft: DraftState?) -> [String] {
        guard let draft else { return [] }
        var lines = [draft.summary]
        for document in draft.documents {
            let texts: [String?] = [
                document.name, document.formatName, document.personText, document.differs, document.daysText,
                document.recordsText, document.question, document.problem?.what, document.problem?.todo,
            ]
            lines += texts.compactMap { $0 } + document.kinds
            lines += document.refused.map { "\($0.place) \($0.reason)" }
        }
        return lines
    }

    private func export(_ step: Step) async throws -> Seen {
        let model = ExportModel(try opened())
        let formats: [String: ExportModel.Format] = [
            "originals": .originals, "techo": .techo, "fhir": .fhir, "csv": .csv,
            "ips": .ips, "phr": .phr, "jahis": .jahis, "kenshin": .kenshin, "portal": .portal,
        ]
        guard let format = formats[try step.needed("format")] else { throw Unplayable.said("no such format") }
        (model.format, model.passphrase) = (format, step.text("passphrase") ?? "")
        model.personID = try await person(step.text("person"))
        let before = phone.picker.kept.count
        await model.export(.keep)
        if model.effort.problem == nil {
            guard phone.picker.kept.count == before + 1, let file = phone.picker.kept.last,
                let size = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int, size > 0
            else { throw Unplayable.said("nothing was written") }
        }
        return seen(model.effort, [model.doneText].compactMap { $0 })
    }

    private func backUp(_ step: Step) async throws -> Seen {
        let model = BackupModel(try opened())
        model.passphrase = try step.needed("passphrase")
        model.repeated = model.passphrase
        await model.backUp(.keep)
        backup = phone.picker.kept.last
        return seen(model.effort, [model.doneText].compactMap { $0 } + model.lines)
    }

    private func restoreLast(_ step: Step) async throws -> Seen {
        guard let backup else { throw Unplayable.said("there is no backup") }
        restores += 1
        phone.home = phone.folder.appendingPathComponent("restored-\(restores)", isDirectory: true)
        app = await phone.app(language)
        guard case .firstStart(let first) = app.place else { throw Unplayable.said("the new place is not empty") }
        let model = first.restoring()
        phone.picker.next = PickedFile(path: backup.path, name: backup.lastPathComponent)
        await model.pick()
        passphrase = try step.needed("passphrase")
        (model.passphrase, model.newPassphrase) = (passphrase, passphrase)
        await model.restoreBackup()
        let lines = [model.doneText].compactMap { $0 } + model.lines
        if model.effort.problem == nil { await model.open() }
        _ = afterOpening(model.effort)
        return seen(model.effort, lines)
    }

    private func erase(_ step: Step) async throws -> Seen {
        let target: EraseModel.Target
        if let name = step.text("person"), let id = try await person(name) {
            target = .person(id)
        } else {
            let title = try step.needed(step.text("title") == nil ? "document_of" : "title")
            guard let row = listed.first(where: { $0.title == title }) else {
                throw Unplayable.said("not in the last list: \(title)")
            }
            if step.text("title") != nil, let record = row.record {
                target = .record(record)
            } else {
                target = .document(row.document)
            }
        }
        let model = EraseModel(try opened(), target)
        await model.load()
        guard let warning = model.warning else { return seen(model.effort, []) }
        await model.erase()
        return seen(model.effort, [warning] + (model.doneText?.split(separator: "\n").map(String.init) ?? []))
    }

    // MARK: Ledger, consents, settings

    private func ledger(_ step: Step) async throws -> Seen {
        let model = LedgerModel(try opened())
        await model.load()
        while model.hasMore, model.effort.problem == nil { await model.loadMore() }
        return seen(model.effort, model.lines.flatMap { [$0.atText, $0.text] })
    }

    private func consents(_ step: Step) async throws -> Seen {
        let model = ConsentsModel(try opened())
        await model.load()
        return seen(
            model.effort,
            model.consents.flatMap { [$0.personName, $0.askedText, $0.itemsText, $0.standingText, $0.documentsText] })
    }

    private func withdraw(_ step: Step) async throws -> Seen {
        let model = ConsentsModel(try opened())
        await model.load()
        guard let last = model.consents.first else { throw Unplayable.said("there is no consent") }
        await model.askToWithdraw(last.id)
        let warning = model.warning
        await model.withdraw(erase: step.yes("erase") ?? false)
        return seen(model.effort, warning + model.doneLines)
    }

    private func settings(_ step: Step) async throws -> Seen {
        let model = SettingsModel(try opened())
        await model.load()
        let settings = model.settings
        return seen(
            model.effort, settings.switches.map(\.text) + [settings.lockAfterText] + settings.agreementLines)
    }

    private func set(_ step: Step) async throws -> Seen {
        let choices: [String: SettingsModel.Choice] = [
            "reauthenticate": .reauthenticates, "hide_values": .hidesValues, "secure_screen": .securesScreen,
            "notifications": .notifies,
        ]
        guard let choice = choices[try step.needed("setting")], let isOn = step.yes("on") else {
            throw Unplayable.said("no such setting")
        }
        let model = SettingsModel(try opened())
        await model.load()
        await model.set(choice, isOn)
        return seen(model.effort, [])
    }
}
