package jp.techo.notebook.presentation

import jp.techo.core.ActsAs
import jp.techo.core.ChartView
import jp.techo.core.ExportFormat
import jp.techo.core.FetchStep
import jp.techo.core.RecordView
import jp.techo.core.Setting
import jp.techo.core.Sex
import jp.techo.core.TimelineRow
import jp.techo.notebook.presentation.platform.DeviceLockState
import jp.techo.notebook.presentation.screens.BackupPresenter
import jp.techo.notebook.presentation.screens.CheckPresenter
import jp.techo.notebook.presentation.screens.ConsentsPresenter
import jp.techo.notebook.presentation.screens.ErasePresenter
import jp.techo.notebook.presentation.screens.EventPresenter
import jp.techo.notebook.presentation.screens.ExportPresenter
import jp.techo.notebook.presentation.screens.FetchPresenter
import jp.techo.notebook.presentation.screens.Fetching
import jp.techo.notebook.presentation.screens.FirstStartPresenter
import jp.techo.notebook.presentation.screens.FirstWay
import jp.techo.notebook.presentation.screens.HistoryPresenter
import jp.techo.notebook.presentation.screens.ImportPresenter
import jp.techo.notebook.presentation.screens.Importing
import jp.techo.notebook.presentation.screens.KitPresenter
import jp.techo.notebook.presentation.screens.LedgerPresenter
import jp.techo.notebook.presentation.screens.NewPersonPresenter
import jp.techo.notebook.presentation.screens.PeoplePresenter
import jp.techo.notebook.presentation.screens.PersonForm
import jp.techo.notebook.presentation.screens.RecordPresenter
import jp.techo.notebook.presentation.screens.RestorePresenter
import jp.techo.notebook.presentation.screens.SearchPresenter
import jp.techo.notebook.presentation.screens.SettingsPresenter
import jp.techo.notebook.presentation.screens.TimelinePresenter
import jp.techo.notebook.presentation.screens.UnlockPresenter
import jp.techo.notebook.presentation.screens.WithdrawPresenter
import kotlinx.coroutines.flow.first
import java.io.File

/** What a person sees after a step, and the trouble it ended with. */
internal class Seen(
    val lines: List<String>,
    val trouble: String? = null,
)

/** Plays a story with the presenters. */
internal class Stage(
    private var world: World,
    private val town: Town?,
) {
    private var passphrase = ""
    private var code = ""
    private var rows = emptyList<TimelineRow>()
    private var records = emptyList<RecordView>()
    private var backup: File? = null
    private val before = ArrayDeque<ByteArray>()

    /** Where the story is, for whoever waits in vain. */
    var place = "before the first step"
        private set

    suspend fun play(story: Story) {
        story.steps.forEachIndexed { at, step ->
            place = "step ${at + 1}, ${step.verb}"
            val seen = act(step)
            check(step.unknown().isEmpty()) { "$place: this runner does not know ${step.unknown()}" }
            check(seen.trouble == step.fails) { "$place: ended with ${seen.trouble} and not with ${step.fails}; ${seen.lines}" }
            step.sees.forEach { text -> check(seen.lines.any { text in it }) { "$place: 「$text」 is not seen in ${seen.lines}" } }
            step.seesNot.forEach { text -> check(seen.lines.none { text in it }) { "$place: 「$text」 is seen in ${seen.lines}" } }
        }
    }

    private suspend fun act(step: Step): Seen {
        if (world.desk.open.value == null && step.verb !in OUTSIDE) return locked(step)
        return when (step.verb) {
            "start" -> start(step.needed("passphrase"))
            "unlock" -> unlock(step.needed("passphrase"))
            "lock" -> lock()
            "recover" -> recover(step.needed("new_passphrase"))
            "make_kit" -> kit()
            "people" -> people()
            "add_person" -> addPerson(step)
            "look" -> look(step)
            "import" -> import(step)
            "timeline" -> timeline(step.text("person"), step.text("kind"))
            "open_record" -> open(step.needed("title"), step.number("nth") ?: 1)
            "history" -> history(step)
            "search" -> search(step)
            "export" -> export(step)
            "backup" -> backup(step.needed("passphrase"))
            "restore" -> restore(step.needed("passphrase"))
            "erase" -> erase(step)
            "ledger" -> at<LedgerPresenter>(Screen.Ledger).seen { ledger -> ledger.lines.flatMap { listOf(it.atText, it.text) } }
            "consents" ->
                at<ConsentsPresenter>(Screen.Consents).seen { consents ->
                    consents.lines.flatMap { listOf(it.personName, it.askedText, it.itemsText, it.standingText) }
                }
            "withdraw" -> withdraw(step.isOn("erase"))
            "settings" -> settings()
            "set" -> set(step)
            "fetch" -> fetch(step)
            "damage" -> damage(step.needed("how"))
            "accept_loss" -> acceptLoss(step.needed("passphrase"))
            "verify" -> verify()
            else -> throw IllegalStateException("this runner does not know ${step.verb}")
        }
    }

    private suspend inline fun <reified P : Presenter<*>> at(screen: Screen): P {
        world.desk.inside.reset(screen)
        return world.at()
    }

    /** Rests, gives the passphrase where the screen asks for it, and says what stands there. */
    private suspend fun <S : Any> Presenter<S>.seen(lines: (S) -> List<String>): Seen {
        rest()
        val shown = state.value
        val trouble = shown.trouble
        return Seen(lines(shown.content) + trouble?.lines().orEmpty(), trouble?.id)
    }

    private suspend fun Presenter<*>.rest() {
        world.settle()
        while (state.value.asksPassphrase) {
            passphrase(this@Stage.passphrase)
            world.settle()
        }
    }

    private fun TroubleView.lines() = listOf(what, todo).map { (it as? Said.Core)?.text ?: id }

    private suspend fun locked(step: Step): Seen {
        // A locked notebook answers everything by its closed cover; the arguments are known all the same.
        ARGUMENTS.forEach { step.text(it) }
        val closed = checkNotNull(world.at<UnlockPresenter>().state.value.content.closed)
        return Seen(closed.lines(), closed.id)
    }

    private suspend fun start(text: String): Seen {
        world.fake.lock.state = DeviceLockState.NO_SCREEN_LOCK
        world.begin()
        val first = world.at<FirstStartPresenter>()
        first.choose(FirstWay.FILE)
        first.passphrase(text, text)
        first.beginEmpty()
        world.settle()
        passphrase = text
        return timeline(null, null)
    }

    private suspend fun unlock(text: String): Seen {
        world.at<UnlockPresenter>().byPassphrase(text)
        return opened(text)
    }

    private suspend fun opened(text: String): Seen {
        world.settle()
        if (world.desk.open.value == null) {
            val state = world.at<UnlockPresenter>().state.value
            val trouble = checkNotNull(state.trouble ?: state.content.damage) { "neither open nor a trouble" }
            return Seen(trouble.lines(), trouble.id)
        }
        passphrase = text
        return timeline(null, null)
    }

    private suspend fun lock(): Seen {
        world.desk.lock()
        world.settle()
        // The closing itself runs behind; an opening waits for it, and so does whoever hurts the files.
        world.desk.closed()
        before += file("vault").readBytes()
        return Seen(emptyList())
    }

    private suspend fun recover(text: String): Seen {
        world.at<UnlockPresenter>().byKit(code, text)
        return opened(text)
    }

    private suspend fun kit(): Seen {
        val kit = at<KitPresenter>(Screen.Kit)
        kit.make()
        return kit.seen { state ->
            state.kit?.let {
                code = it.code
                listOf(it.title) + it.lines
            }.orEmpty()
        }
    }

    private suspend fun people() =
        at<PeoplePresenter>(Screen.People).let {
            world.desk.inside.reset()
            world.at<PeoplePresenter>()
        }
            .seen { state -> state.people.flatMap { listOf(it.name, it.bornText, it.sexText) } }

    private suspend fun person(name: String?) =
        name?.let { wanted ->
            checkNotNull(world.desk.vault { it.people() }.find { it.name == wanted }) { "nobody is called so" }.id
        }

    private suspend fun addPerson(step: Step): Seen {
        val form = at<NewPersonPresenter>(Screen.NewPerson)
        val sex = if (step.needed("sex") == "female") Sex.FEMALE else Sex.MALE
        form.fill(PersonForm(step.needed("name"), step.text("kana").orEmpty(), step.needed("born"), sex))
        form.add()
        form.rest()
        val trouble = form.state.value.trouble
        return Seen(trouble?.lines().orEmpty(), trouble?.id)
    }

    private suspend fun picked(step: Step): ImportPresenter {
        val import = at<ImportPresenter>(Screen.Import())
        world.fake.picks.pick(World.fixture(step.needed("file")))
        import.pickFile()
        import.rest()
        return import
    }

    private fun Importing.lines() =
        when (this) {
            Importing.Picking -> emptyList()
            is Importing.Draft ->
                view.documents.flatMap { document ->
                    listOfNotNull(
                        document.name,
                        document.formatName,
                        document.personText,
                        document.differs,
                        document.source,
                        document.daysText,
                    ) +
                        document.kinds + document.lines + listOfNotNull(document.question, document.trouble?.what, document.trouble?.todo)
                } + listOfNotNull(view.summary, view.trouble?.what, view.trouble?.todo)
            is Importing.Done -> listOf(done.text) + done.lines + done.refused.flatMap { listOf(it.place, it.reason) } + done.waiting
            is Importing.ArchiveIn -> listOf(done.text)
        }

    private suspend fun look(step: Step): Seen {
        val import = picked(step)
        val seen = import.seen { it.stage.lines() }
        val draft = (import.state.value.content.stage as? Importing.Draft)?.view
        return Seen(seen.lines, seen.trouble ?: draft?.takeUnless { it.canTake }?.trouble?.kind)
    }

    private suspend fun import(step: Step): Seen {
        val import = picked(step)
        import.person(checkNotNull(person(step.needed("person"))))
        import.anyway(step.isOn("anyway"))
        import.digitsChecked(step.isOn("digits_checked"))
        val draft = (import.state.value.content.stage as? Importing.Draft)?.view
        if (draft != null) import.file()
        val seen = import.seen { it.stage.lines() }
        return Seen(
            seen.lines,
            seen.trouble ?: draft?.takeUnless { it.canTake }?.trouble?.kind?.takeIf { import.state.value.content.stage is Importing.Draft },
        )
    }

    private suspend fun timeline(
        person: String?,
        kind: String?,
    ): Seen {
        val timeline = at<TimelinePresenter>(Screen.Timeline(person(person)))
        if (kind != null) timeline.kind(kind)
        return timeline.seen { state ->
            rows = state.rows
            records = emptyList()
            state.rows.flatMap { listOfNotNull(it.dateText, it.kindName, it.title, it.source, it.personName) }
        }
    }

    private fun RecordView.lines() =
        listOfNotNull(dateText, kindName, title, value, unit, source, place, personName, standingText) +
            details.flatMap { listOf(it.label, it.text) }

    private suspend fun open(
        title: String,
        nth: Int,
    ): Seen {
        val row = rows.filter { it.title == title }.getOrNull(nth - 1)
        if (row != null && records.isEmpty()) {
            return at<EventPresenter>(Screen.Event(row.id)).seen { state ->
                val view = checkNotNull(state.view)
                records = view.records
                listOf(view.row.title, view.row.dateText, view.row.kindName) + view.records.flatMap { it.lines() }
            }
        }
        val record = checkNotNull(records.filter { it.title == title }.getOrNull(nth - 1)) { "「$title」 is not in the list" }
        return at<RecordPresenter>(Screen.Record(checkNotNull(record.id))).seen { state -> checkNotNull(state.view).lines() }
    }

    private fun ChartView.all() =
        listOf(title, summary) +
            lines.flatMap { line -> listOf(line.name) + line.points.flatMap { listOf(it.dateText, it.value, it.text) } } +
            notes +
            listOfNotNull(band?.text) + rows.flatMap { listOf(it.dateText, it.value, it.line) }

    private suspend fun history(step: Step): Seen {
        val history = at<HistoryPresenter>(Screen.History(checkNotNull(person(step.needed("person")))))
        history.ask(step.needed("asked"))
        return history.seen { state -> state.charts.flatMap { it.all() } }
    }

    private suspend fun search(step: Step): Seen {
        val search = at<SearchPresenter>(Screen.Search(person(step.text("person"))))
        search.type(step.needed("words"))
        search.search()
        return search.seen { state ->
            records = state.found
            rows = emptyList()
            state.found.flatMap { it.lines() }
        }
    }

    private suspend fun export(step: Step): Seen {
        val export = at<ExportPresenter>(Screen.Export)
        export.format(ExportFormat.valueOf(step.needed("format").uppercase()))
        export.person(person(step.text("person")))
        export.save(step.text("passphrase"))
        return export.seen { listOfNotNull(it.done) }
    }

    private suspend fun backup(text: String): Seen {
        val making = at<BackupPresenter>(Screen.Backup)
        making.save(text)
        making.rest()
        backup = world.fake.picks.saved.last()
        return making.seen { state -> state.done?.let { done -> listOf(done.text) + done.people.map { it.name } }.orEmpty() }
    }

    private suspend fun restore(text: String): Seen {
        val backup = checkNotNull(backup) { "there is no backup" }
        world = world.newPhone()
        world.fake.lock.state = DeviceLockState.NO_SCREEN_LOCK
        world.begin()
        before.clear()
        world.at<FirstStartPresenter>().restore()
        val restore = world.at<RestorePresenter>()
        world.fake.picks.pick(backup)
        restore.pick()
        restore.rest()
        restore.restore(text, text)
        val seen = restore.seen { state -> state.done?.let { done -> listOf(done.text) + done.people.map { it.name } }.orEmpty() }
        if (seen.trouble != null) return seen
        restore.finish()
        return unlock(text).let { Seen(seen.lines + it.lines, it.trouble) }
    }

    private suspend fun erase(step: Step): Seen {
        val person = step.text("person")
        val title = step.text("title")
        val of = step.text("document_of")
        val screen =
            when {
                person != null -> Screen.Erase(ErasedKind.PERSON, checkNotNull(person(person)))
                title != null -> Screen.Erase(ErasedKind.RECORD, checkNotNull(records.first { it.title == title }.id))
                else ->
                    Screen.Erase(
                        ErasedKind.DOCUMENT,
                        (
                            rows.find { it.title == of }?.document
                                ?: records.first { it.title == of }.document
                        ),
                    )
            }
        val erase = at<ErasePresenter>(screen)
        erase.sure(true)
        erase.erase()
        return erase.seen { listOfNotNull(it.text, it.done?.text) }
    }

    private suspend fun withdraw(erase: Boolean): Seen {
        val consents = at<ConsentsPresenter>(Screen.Consents)
        val withdraw = at<WithdrawPresenter>(Screen.Withdraw(consents.state.value.content.lines.first().id))
        withdraw.erases(erase)
        withdraw.withdraw()
        return withdraw.seen { it.lines + it.done.orEmpty() }
    }

    private suspend fun settings() =
        at<SettingsPresenter>(Screen.Settings).seen { state -> checkNotNull(state.settings).switches.map { "${it.name} ${it.isOn}" } }

    private suspend fun set(step: Step): Seen {
        val settings = at<SettingsPresenter>(Screen.Settings)
        settings.set(Setting.valueOf(step.needed("setting").uppercase()), step.isOn("on"))
        return settings.seen { emptyList() }
    }

    private suspend fun fetch(step: Step): Seen {
        val town = checkNotNull(town) { "the scenario needs a town" }
        world.place.keepProfile(town.profile)
        val fetch = at<FetchPresenter>(Screen.Fetch())
        fetch.person(checkNotNull(person(step.needed("person"))))
        val items = checkNotNull(step.list("items"))
        items.forEach { fetch.item(it, true) }
        val acts = mapOf(null to ActsAs.ONESELF, "self" to ActsAs.ONESELF, "parent" to ActsAs.PARENT, "proxy" to ActsAs.PROXY)
        fetch.actsAs(acts.getValue(step.text("acts_as")), person(step.text("actor")))
        val citizen = step.needed("citizen")
        fetch.ask()
        fetch.rest()
        val asking = fetch.state.value.content.stage as? Fetching.Asking ?: return fetch.seen { emptyList() }
        val lines = asking.view.lines.toMutableList()
        (step.list("grant") ?: items).forEach { fetch.grant(it, true) }
        (fetch.state.value.content.stage as Fetching.Asking).surplus?.let(lines::add)
        fetch.answer()
        fetch.rest()
        fetch.state.value.content.answered?.let(lines::add)
        var visited = ""
        while (true) {
            val before = fetch.state.value
            val stage = before.content.stage
            if (stage is Fetching.Declined) return Seen(lines + stage.text)
            before.trouble?.let { return Seen(lines + it.lines(), it.id) }
            val state = (stage as? Fetching.Running)?.state
            when (val now = state?.step) {
                is FetchStep.Browse ->
                    if (now.url != visited) {
                        visited = now.url
                        lines += listOfNotNull(state.roundText, state.milestoneText, now.text)
                        fetch.browse()
                        world.fake.arrivals.send(town.visit(world.fake.opened.last(), citizen))
                    }
                is FetchStep.Confirm -> fetch.decide(true)
                is FetchStep.Done -> {
                    val digest = now.digest
                    return Seen(lines + digest.sum + digest.changed + digest.cut + digest.refused + listOfNotNull(digest.missing))
                }
                is FetchStep.Ended -> return Seen(lines + listOf(now.what, now.todo), now.kind)
                else -> Unit
            }
            fetch.awaitChange(before)
        }
    }

    /** Waits for the next state; the exchanges themselves run on other threads. */
    private suspend fun FetchPresenter.awaitChange(from: Any) {
        state.first { it !== from }
    }

    private fun file(name: String): File {
        val root = File(world.place.vault)
        return File(root, File(root, "CURRENT").readLines().last { it.isNotBlank() }.trim()).resolve(name)
    }

    private fun damage(how: String): Seen {
        check(world.desk.open.value == null) { "only a locked notebook is hurt" }
        val vault = file("vault")
        when (how) {
            "page" -> vault.writeBytes(vault.readBytes().also { it[PLACE] = (it[PLACE].toInt() xor 1).toByte() })
            "lost_wal" -> {
                vault.writeBytes(before[before.size - 2])
                file("vault-wal").delete()
            }
            "empty" -> vault.writeBytes(ByteArray(0))
            "anchor" -> check(file("anchor").delete())
            else -> throw IllegalStateException("no such damage: $how")
        }
        return Seen(emptyList())
    }

    private suspend fun acceptLoss(text: String): Seen {
        val unlock = world.at<UnlockPresenter>()
        if (unlock.state.value.content.damage == null) {
            unlock.byPassphrase(text)
            world.settle()
        }
        unlock.askLoss(true)
        unlock.acceptLoss()
        return opened(text)
    }

    private suspend fun verify(): Seen {
        val check = at<CheckPresenter>(Screen.Check)
        check.verify()
        val seen = check.seen { state -> state.result?.let { result -> result.problems + result.people.map { it.name } }.orEmpty() }
        return Seen(seen.lines, seen.trouble ?: "damaged".takeIf { check.state.value.content.result?.ok == false })
    }

    private companion object {
        val OUTSIDE = setOf("start", "unlock", "recover", "restore", "damage", "accept_loss")
        val ARGUMENTS = listOf("person", "kind", "words", "file", "title", "asked", "format", "passphrase", "setting")
        const val PLACE = 40
    }
}
