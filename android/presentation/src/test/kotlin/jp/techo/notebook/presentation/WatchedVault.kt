package jp.techo.notebook.presentation

import jp.techo.core.ArchiveDone
import jp.techo.core.CardState
import jp.techo.core.CardWord
import jp.techo.core.ChartView
import jp.techo.core.ClinicChoice
import jp.techo.core.CodesForm
import jp.techo.core.ConsentLine
import jp.techo.core.ConsentQuestion
import jp.techo.core.Erased
import jp.techo.core.Erasure
import jp.techo.core.EventView
import jp.techo.core.ExportDone
import jp.techo.core.ExportFormat
import jp.techo.core.FetchWish
import jp.techo.core.FieldValue
import jp.techo.core.ImportDraft
import jp.techo.core.Key
import jp.techo.core.Language
import jp.techo.core.LedgerPage
import jp.techo.core.LegalKind
import jp.techo.core.Mark
import jp.techo.core.NewPerson
import jp.techo.core.Original
import jp.techo.core.PersonView
import jp.techo.core.Position
import jp.techo.core.QuantityLine
import jp.techo.core.RecordView
import jp.techo.core.RecoveryKit
import jp.techo.core.SearchPage
import jp.techo.core.Setting
import jp.techo.core.Settings
import jp.techo.core.SliceWish
import jp.techo.core.SlotKind
import jp.techo.core.SyncSession
import jp.techo.core.TimelinePage
import jp.techo.core.TimelineQuery
import jp.techo.core.UnfinishedFetch
import jp.techo.core.VaultInterface
import jp.techo.core.Verification
import jp.techo.core.Writer

/**
 * An open notebook of the real library, watched: everything the bindings mark *quick* or *long* is counted and refused where
 * the screen is drawn. A test compares the list with the bindings' own marks, so that a new function is not forgotten here.
 */
internal class WatchedVault(
    private val inner: VaultInterface,
    private val watch: Watched,
) : VaultInterface by inner {
    private fun <T> seen(
        name: String,
        call: () -> T,
    ): T = watch.seen(name, call)

    override fun history(
        person: String,
        asked: String,
    ) = seen("history") { inner.history(person, asked) }

    override fun growth(
        person: String,
        reference: String?,
        corrected: Boolean,
    ) = seen("growth") { inner.growth(person, reference, corrected) }

    override fun explain(
        id: String,
        skip: UInt,
    ) = seen("explain") { inner.explain(id, skip) }

    override fun forgets(
        person: String?,
        today: String,
        skip: UInt,
    ) = seen("forgets") { inner.forgets(person, today, skip) }

    override fun board(today: String) = seen("board") { inner.board(today) }

    override fun addEntry(
        person: String,
        kind: String,
        values: List<FieldValue>,
        writer: Writer,
    ) = seen("addEntry") { inner.addEntry(person, kind, values, writer) }

    override fun correct(
        record: String,
        values: List<FieldValue>,
        writer: Writer,
    ) = seen("correct") { inner.correct(record, values, writer) }

    override fun remove(
        id: String,
        writer: Writer,
    ) = seen("remove") { inner.remove(id, writer) }

    override fun undo(
        person: String,
        entry: String?,
        writer: Writer,
    ) = seen("undo") { inner.undo(person, entry, writer) }

    override fun changes(
        of: String,
        after: String?,
    ) = seen("changes") { inner.changes(of, after) }

    override fun formOf(record: String) = seen("formOf") { inner.formOf(record) }

    override fun mark(
        id: String,
        mark: Mark,
        on: Boolean,
        writer: Writer,
    ) = seen("mark") { inner.mark(id, mark, on, writer) }

    override fun attach(
        id: String,
        document: String,
        writer: Writer,
    ) = seen("attach") { inner.attach(id, document, writer) }

    override fun medicines(
        person: String,
        on: String,
        withHidden: Boolean,
    ) = seen("medicines") { inner.medicines(person, on, withHidden) }

    override fun links(event: String) = seen("links") { inner.links(event) }

    override fun link(
        one: String,
        other: String,
        reason: String?,
    ) = seen("link") { inner.link(one, other, reason) }

    override fun unlink(
        event: String,
        other: String?,
        reason: String?,
    ) = seen("unlink") { inner.unlink(event, other, reason) }

    override fun days(
        person: String,
        quantity: String,
        from: String?,
        until: String?,
        after: String?,
    ) = seen("days") { inner.days(person, quantity, from, until, after) }

    override fun day(
        id: String,
        skip: UInt,
    ) = seen("day") { inner.day(id, skip) }

    override fun vaccinationPlan(
        person: String,
        on: String,
        skip: UInt,
    ) = seen("vaccinationPlan") { inner.vaccinationPlan(person, on, skip) }

    override fun due(
        person: String,
        on: String,
        skip: UInt,
    ) = seen("due") { inner.due(person, on, skip) }

    override fun quantities(person: String) = seen("quantities") { inner.quantities(person) }

    override fun consents() = seen("consents") { inner.consents() }

    override fun withdraw(
        id: String,
        erase: Boolean,
        profile: String?,
    ) = seen("withdraw") { inner.withdraw(id, erase, profile) }

    override fun withdrawalText(id: String) = seen("withdrawalText") { inner.withdrawalText(id) }

    override fun backup(
        out: String,
        passphrase: String,
    ) = seen("backup") { inner.backup(out, passphrase) }

    override fun erase(what: Erasure) = seen("erase") { inner.erase(what) }

    override fun erasureText(what: Erasure) = seen("erasureText") { inner.erasureText(what) }

    override fun export(
        format: ExportFormat,
        person: String?,
        passphrase: String?,
        out: String,
    ) = seen("export") { inner.export(format, person, passphrase, out) }

    override fun importArchive(
        path: String,
        passphrase: String?,
    ) = seen("importArchive") { inner.importArchive(path, passphrase) }

    override fun resumeFetch(
        profile: String,
        id: String,
    ) = WatchedSession(seen("resumeFetch") { inner.resumeFetch(profile, id) }, watch)

    override fun unfinished() = seen("unfinished") { inner.unfinished() }

    override fun askConsent(
        profile: String,
        wish: FetchWish,
    ) = WatchedQuestion(seen("askConsent") { inner.askConsent(profile, wish) }, watch)

    override fun look(
        path: String,
        name: String?,
    ) = WatchedDraft(seen("look") { inner.look(path, name) }, watch)

    override fun confirmPresence(key: Key) = seen("confirmPresence") { inner.confirmPresence(key) }

    override fun makeRecoveryKit() = seen("makeRecoveryKit") { inner.makeRecoveryKit() }

    override fun needsPresence() = seen("needsPresence") { inner.needsPresence() }

    override fun removeSlot(kind: SlotKind) = seen("removeSlot") { inner.removeSlot(kind) }

    override fun setDeviceSecret(secret: ByteArray) = seen("setDeviceSecret") { inner.setDeviceSecret(secret) }

    override fun setPassphrase(text: String) = seen("setPassphrase") { inner.setPassphrase(text) }

    override fun slots() = seen("slots") { inner.slots() }

    override fun ledger(
        before: ULong?,
        limit: UInt,
    ) = seen("ledger") { inner.ledger(before, limit) }

    override fun addPerson(person: NewPerson) = seen("addPerson") { inner.addPerson(person) }

    override fun people() = seen("people") { inner.people() }

    override fun event(id: String) = seen("event") { inner.event(id) }

    override fun eventRecords(
        id: String,
        after: String,
    ) = seen("eventRecords") { inner.eventRecords(id, after) }

    override fun original(document: String) = seen("original") { inner.original(document) }

    override fun record(id: String) = seen("record") { inner.record(id) }

    override fun search(
        words: String,
        person: String?,
        after: String?,
        limit: UInt,
    ) = seen("search") { inner.search(words, person, after, limit) }

    override fun timeline(query: TimelineQuery) = seen("timeline") { inner.timeline(query) }

    override fun agree(
        kind: LegalKind,
        version: String,
    ) = seen("agree") { inner.agree(kind, version) }

    override fun needsRecoveryKit() = seen("needsRecoveryKit") { inner.needsRecoveryKit() }

    override fun postponeRecoveryKit() = seen("postponeRecoveryKit") { inner.postponeRecoveryKit() }

    override fun setLockAfter(minutes: UInt) = seen("setLockAfter") { inner.setLockAfter(minutes) }

    override fun setSetting(
        setting: Setting,
        on: Boolean,
    ) = seen("setSetting") { inner.setSetting(setting, on) }

    override fun settings() = seen("settings") { inner.settings() }

    override fun card(
        person: String,
        today: String,
        language: Language,
    ) = seen("card") { inner.card(person, today, language) }

    override fun cardFile(
        person: String,
        today: String,
        language: Language,
        picture: Boolean,
    ) = seen("cardFile") { inner.cardFile(person, today, language, picture) }

    override fun cardState(person: String) = seen("cardState") { inner.cardState(person) }

    override fun cardWords(person: String) = seen("cardWords") { inner.cardWords(person) }

    override fun sealCard(
        person: String,
        today: String,
        language: Language,
        secret: ByteArray,
    ) = seen("sealCard") { inner.sealCard(person, today, language, secret) }

    override fun setCardState(
        person: String,
        state: CardState,
    ) = seen("setCardState") { inner.setCardState(person, state) }

    override fun writeCard(
        person: String,
        words: List<CardWord>,
        writer: Writer,
    ) = seen("writeCard") { inner.writeCard(person, words, writer) }

    override fun beginShowing(choice: ClinicChoice) = seen("beginShowing") { inner.beginShowing(choice) }

    override fun clinic(choice: ClinicChoice) = seen("clinic") { inner.clinic(choice) }

    override fun endShowing(
        person: String,
        begun: String,
    ) = seen("endShowing") { inner.endShowing(person, begun) }

    override fun clinicCodes(choice: ClinicChoice) = seen("clinicCodes") { inner.clinicCodes(choice) }

    override fun codes(
        person: String,
        form: CodesForm,
        from: String?,
        until: String?,
        sensitive: Boolean,
    ) = seen("codes") { inner.codes(person, form, from, until, sensitive) }

    override fun report(
        choice: ClinicChoice,
        out: String,
    ) = seen("report") { inner.report(choice, out) }

    override fun shareSlice(
        wish: SliceWish,
        passphrase: String,
        out: String,
    ) = seen("shareSlice") { inner.shareSlice(wish, passphrase, out) }

    override fun importSlice(
        path: String,
        passphrase: String?,
        person: String,
    ) = seen("importSlice") { inner.importSlice(path, passphrase, person) }

    override fun handOverText(
        person: String,
        today: String,
        age: UInt,
    ) = seen("handOverText") { inner.handOverText(person, today, age) }

    override fun handOver(
        person: String,
        from: String,
        today: String,
        keeps: Boolean,
        passphrase: String,
        out: String,
    ) = seen("handOver") { inner.handOver(person, from, today, keeps, passphrase, out) }

    override fun endAccess(
        person: String,
        archive: String,
        passphrase: String,
    ) = seen("endAccess") { inner.endAccess(person, archive, passphrase) }

    override fun keepAccess(person: String) = seen("keepAccess") { inner.keepAccess(person) }

    override fun lock() = seen("lock") { inner.lock() }

    override fun position() = seen("position") { inner.position() }

    override fun verify() = seen("verify") { inner.verify() }
}
